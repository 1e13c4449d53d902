/** The map of the editor in the page, joined to what is worked on. */
import { batch, untracked, useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { EditMap } from "../map/edit";
import { geoman } from "../map/geoman";
import { Zoom } from "../panels/Zoom";
import { words } from "../state/store";
import { say } from "../upload/said";
import { askNear, mergeable, neighbours, unseen, view } from "./near";
import {
  brought,
  corners,
  draft,
  drawer,
  drawn,
  edited,
  faults,
  pieces,
  sketch,
  text,
  toggleOther,
  tool,
  warnings,
} from "./state";

export function Sheet(): JSX.Element {
  const t = text.value;
  const hosts = {
    map: useRef<HTMLDivElement>(null),
    neat: useRef<HTMLDivElement>(null),
    scale: useRef<HTMLDivElement>(null),
  };
  const map = useSignal<EditMap | null>(null);
  const missing = useSignal(false);
  const wanted = useSignal(0);
  useEffect(() => {
    let gone = false;
    let made: EditMap | null = null;
    missing.value = false;
    geoman().then(
      (library) => {
        if (gone) return;
        made = new EditMap(
          library,
          { map: hosts.map.current!, neat: hosts.neat.current!, scale: hosts.scale.current! },
          {
            onDrawn: drawn,
            onEdited: edited,
            onSketch: (positions, set = 0) =>
              batch(() => {
                sketch.value = positions;
                corners.value = set;
              }),
            onPick: toggleOther,
            onView: (bounds) => {
              view.value = bounds;
            },
          },
        );
        view.value = made.bounds;
        map.value = made;
        drawer.value = made;
        // The sheet first takes its size, and then the view of the shape.
        requestAnimationFrame(() => requestAnimationFrame(whole));
      },
      () => {
        missing.value = true;
      },
    );
    return () => {
      gone = true;
      map.value = null;
      drawer.value = null;
      made?.destroy();
    };
  }, [wanted.value]);
  const whole = (): void => {
    const { geometry } = draft.value;
    if (geometry) map.value?.fit(geometry);
  };
  useSignalEffect(() => {
    const { geometry, cut } = draft.value;
    map.value?.show({
      geometry,
      cut: typeof cut === "string" ? null : cut,
      pieces: pieces.value.flatMap((one) => (one.geometry ? [one.geometry] : [])),
      tool: tool.value,
    });
  });
  useSignalEffect(() => {
    if (brought.value) untracked(whole);
  });
  useSignalEffect(() => {
    const merging = tool.value === "merge";
    const picks = new Set(merging ? mergeable.value.map((one) => one.id) : []);
    map.value?.surround(neighbours.value, picks, new Set(draft.value.others));
  });
  useSignalEffect(() => {
    const found = [...faults.value, ...warnings.value];
    map.value?.mark(
      found.flatMap((one) =>
        one.lon != null && one.lat != null ? [{ lon: one.lon, lat: one.lat, said: say(one) }] : [],
      ),
    );
  });
  return (
    <section class="sheet editing" aria-label={t.map}>
      <div class="neat" ref={hosts.neat} />
      <div class="canvas">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the map */}
        <div class="map" id="map" ref={hosts.map} tabIndex={0} aria-label={t.map} role="application" />
        <Zoom onZoom={(steps) => map.value?.zoomBy(steps)} whole={t.whole} onWhole={whole} />
        {unseen.value && (
          <p class="on-map missing-tiles" role="alert">
            {unseen.value === "many" ? t.manyNear : t.noNear}
            {unseen.value === "failed" && (
              <button type="button" class="button small" onClick={askNear}>
                {t.again}
              </button>
            )}
          </p>
        )}
        {missing.value && (
          <p class="on-map missing-tiles" role="alert">
            {t.notLoaded}
            <button
              type="button"
              class="button small"
              onClick={() => {
                wanted.value++;
              }}
            >
              {t.again}
            </button>
          </p>
        )}
      </div>
      <div class="foot">
        <div class="scale" data-obstacle ref={hosts.scale} role="img" aria-label={words.value.sheet.scale} />
      </div>
    </section>
  );
}
