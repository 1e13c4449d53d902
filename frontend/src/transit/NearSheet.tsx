/** The map in the page: what was asked about in its circle; pressing the ground asks about that place. */
import { signal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { NearMap } from "../map/near";
import { sheetCredits } from "../panels/credits";
import { Zoom } from "../panels/Zoom";
import { catalogue, kindsOn, words } from "../state/store";
import { asking, putPoint, question, shown } from "./ask";
import { accuracy } from "./here";
import { text } from "./said";

/** Where the map was in the window when it was pressed: what changes above it must not carry it away. */
const stays = signal<number | null>(null);

export function NearSheet(): JSX.Element {
  const t = words.value.sheet;
  const hosts = {
    map: useRef<HTMLDivElement>(null),
    neat: useRef<HTMLDivElement>(null),
    scale: useRef<HTMLDivElement>(null),
  };
  const map = useRef<NearMap | null>(null);
  useEffect(() => {
    const made = new NearMap(
      { map: hosts.map.current!, neat: hosts.neat.current!, scale: hosts.scale.current! },
      (lon, lat) => {
        stays.value = hosts.map.current!.getBoundingClientRect().top;
        accuracy.value = null;
        putPoint(lon, lat);
      },
    );
    map.current = made;
    return () => {
      map.current = null;
      made.destroy();
    };
  }, []);
  // The map shows of the groups what the answer tells of, and always the lines.
  useSignalEffect(() => {
    const groups: readonly string[] = shown.value?.group ?? question.value.groups;
    const kinds = (catalogue.value?.kinds ?? []).filter(
      (kind) => kind.group === "transit" || groups.includes(kind.group),
    );
    kindsOn.value = new Set(kinds.map((kind) => kind.id));
  });
  useSignalEffect(() => {
    const [top, busy] = [stays.value, asking.value];
    if (top === null || busy) return;
    stays.value = null;
    requestAnimationFrame(() => {
      const now = hosts.map.current?.getBoundingClientRect().top;
      if (now !== undefined) window.scrollBy(0, now - top);
    });
  });
  useSignalEffect(() => {
    const near = shown.value;
    map.current?.show(near && { ...near.centre, radius_m: near.radius_m });
  });
  useEffect(() => {
    const near = shown.peek();
    map.current?.show(near && { ...near.centre, radius_m: near.radius_m });
  }, []);
  return (
    <div class="sheet">
      <div class="neat" ref={hosts.neat} />
      <div class="canvas">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the map */}
        <div class="map" id="map" ref={hosts.map} tabIndex={0} aria-label={t.title} role="application" />
        <Zoom
          onZoom={(steps) => map.current?.zoomBy(steps)}
          whole={text.value.map.whole}
          onWhole={() => map.current?.fit()}
        />
      </div>
      <div class="foot">
        <div class="scale" data-obstacle ref={hosts.scale} role="img" aria-label={t.scale} />
        {/* The others stand at the foot of the page. */}
        <p>{sheetCredits.value[0]}</p>
      </div>
    </div>
  );
}
