/** The middle of the page: the sheet, its neat line, the controls on it and the notes in its margin. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { MapSheet } from "../map/sheet";
import { offMap, passing } from "../state/day";
import {
  catalogue,
  drawer,
  fetchGround,
  ground,
  inView,
  kindById,
  kindsOn,
  lang,
  words,
} from "../state/store";
import { either } from "../text/words";
import { Failure } from "./Failure";
import { Icon } from "./signs";

function Legend(): JSX.Element {
  const t = words.value.sheet;
  return (
    <div class="legend">
      <span>
        <svg width="26" height="16" viewBox="0 0 26 16" aria-hidden="true">
          <path d="M2 8h22" stroke="var(--ink-3)" stroke-width="14" opacity=".14" />
          <path d="M2 8h22" stroke="var(--ink-3)" stroke-width="8" opacity=".22" />
          <path d="M2 8h22" stroke="var(--ink)" stroke-width="1.8" />
        </svg>
        {t.soft}
      </span>
      <span>
        <svg width="26" height="16" viewBox="0 0 26 16" aria-hidden="true">
          <path d="M2 8h22" stroke="var(--ink)" stroke-width="3" />
        </svg>
        {t.crisp}
      </span>
    </div>
  );
}

/** On a phone the left column is a drawer; these open it at the right place. */
function PhoneButtons(): JSX.Element {
  const t = words.value.sheetPhone;
  const off = offMap.value.reduce((sum, entry) => sum + entry.projects.length, 0);
  const seen = inView.value.filter((id) => passing.value.has(id)).length;
  const button = (name: "layers" | "projects" | "off", label: string, count: number): JSX.Element => (
    <button
      type="button"
      data-obstacle
      data-opens={name}
      onClick={() => {
        drawer.value = name;
      }}
    >
      {label} <b class="number">{count}</b>
    </button>
  );
  return (
    <div class="phone-buttons">
      {button("layers", t.layers, kindsOn.value?.size ?? kindById.value.size)}
      {button("projects", t.projects, seen)}
      {button("off", t.off, off)}
    </div>
  );
}

export function SheetPanel(): JSX.Element {
  const t = words.value.sheet;
  const hosts = {
    map: useRef<HTMLDivElement>(null),
    neat: useRef<HTMLDivElement>(null),
    scale: useRef<HTMLDivElement>(null),
  };
  const sheet = useRef<MapSheet | null>(null);
  useEffect(() => {
    const made = new MapSheet({
      map: hosts.map.current!,
      neat: hosts.neat.current!,
      scale: hosts.scale.current!,
    });
    sheet.current = made;
    return () => made.destroy();
  }, []);
  // The two that the drawing rests on stand on the sheet; all of them at the end of the left column.
  const credits = catalogue
    .value!.credits.slice(0, 2)
    .map((credit) => either(lang.value, credit.zh, credit.en));
  return (
    <section class="sheet" aria-label={t.title}>
      <div class="neat" ref={hosts.neat} />
      <div class="canvas">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the map */}
        <div class="map" id="map" ref={hosts.map} tabIndex={0} aria-label={t.title} role="application" />
        <div class="north" data-obstacle>
          <svg width="26" height="38" viewBox="0 0 26 38" role="img" aria-label={t.north}>
            <path d="M13 10l6 20-6-4.5z" fill="var(--map-ink)" />
            <path d="M13 10L7 30l6-4.5z" fill="none" stroke="var(--map-ink)" stroke-width="1" />
            <text x="13" y="8" text-anchor="middle">
              {t.north}
            </text>
          </svg>
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: buttons that belong together, not a form */}
        <div class="zoom" data-obstacle role="group" aria-label={t.controls}>
          <button
            type="button"
            aria-label={t.zoomIn}
            title={t.zoomIn}
            onClick={() => sheet.current?.zoomBy(0.5)}
          >
            <Icon name="plus" />
          </button>
          <button
            type="button"
            aria-label={t.zoomOut}
            title={t.zoomOut}
            onClick={() => sheet.current?.zoomBy(-0.5)}
          >
            <Icon name="minus" />
          </button>
          <button type="button" aria-label={t.home} title={t.home} onClick={() => sheet.current?.home()}>
            <Icon name="home" />
          </button>
        </div>
        <PhoneButtons />
        <p class="credit-on-map" data-obstacle>
          <b>{t.soft}</b> · {credits[0]} · {t.outline}
        </p>
        {ground.value.status === "failed" && (
          <div class="on-map">
            <Failure
              title={words.value.fail.ground}
              problem={ground.value.problem}
              onRetry={() => void fetchGround()}
            />
          </div>
        )}
      </div>
      <div class="foot">
        <div class="scale" ref={hosts.scale} role="img" aria-label={t.scale} />
        <Legend />
        <p>{[credits[0], t.outline, ...credits.slice(1)].join(" · ")}</p>
      </div>
    </section>
  );
}
