/** The middle of the page: the sheet, its neat line, the controls on it and the notes in its margin. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { softOutline } from "../map/shapes";
import { MapSheet } from "../map/sheet";
import { pair } from "../state/changes";
import { isLocated, offMap, passing, precisionCounts } from "../state/day";
import {
  clearFilters,
  drawer,
  fetchGround,
  ground,
  inView,
  isFiltered,
  kindById,
  kindsOn,
  known,
  projects,
  setKnown,
  words,
} from "../state/store";
import { tiledView } from "../state/tiled";
import { sheetCredits } from "./credits";
import { Failure } from "./Failure";
import { FilteredBy } from "./FilteredBy";
import { Icon } from "./signs";
import { CompareNote, endComparison } from "./TimeTools";
import { Zoom } from "./Zoom";

/** What a crisp edge means: surveyed, too, where anything surveyed is on the map. */
function crisp(): string {
  const t = words.value.sheet;
  const isSurveyed = precisionCounts.value.has("surveyed") || tiledView.value.precisions.has("surveyed");
  return isSurveyed ? t.crispOrSurveyed : t.crisp;
}

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
        <svg width="24" height="24" viewBox="-12 -12 24 24" aria-hidden="true">
          <path
            d={softOutline("legend", 10)}
            fill="var(--ink-3)"
            fill-opacity=".24"
            stroke="var(--ink)"
            stroke-width="1.2"
          />
          <path
            d={softOutline("legend again", 10.4)}
            fill="none"
            stroke="var(--ink)"
            stroke-opacity=".6"
            stroke-width=".8"
          />
          <circle r="5" fill="var(--ink)" />
        </svg>
        {t.soft}
      </span>
      <span>
        <svg width="26" height="16" viewBox="0 0 26 16" aria-hidden="true">
          <path d="M2 8h22" stroke="var(--ink)" stroke-width="3" />
        </svg>
        {crisp()}
      </span>
      <span>
        <small>{t.tagApproximate}</small>
        {t.approximate}
      </span>
    </div>
  );
}

/** On a phone the left column is a drawer; these open it at the right place. */
function PhoneButtons(): JSX.Element {
  const t = words.value.sheetPhone;
  const off = offMap.value.reduce((sum, entry) => sum + entry.projects.length, 0);
  const seen = inView.value.filter((id) => passing.value.has(id)).length;
  const filtered = isFiltered.value;
  const button = (name: "layers" | "projects" | "off", label: string, count: number): JSX.Element => (
    <button
      type="button"
      class={name === "layers" && filtered ? "filtered" : undefined}
      data-obstacle
      data-opens={name}
      onClick={() => {
        drawer.value = name;
      }}
    >
      {label} <b class="number">{count}</b>
      {name === "layers" && filtered && <em>{words.value.filters.on}</em>}
    </button>
  );
  const wayBack = (label: string, go: () => void): JSX.Element => (
    <button type="button" data-obstacle onClick={go}>
      <Icon name="close" size={12} /> {label}
    </button>
  );
  return (
    <div class="phone-buttons" data-covers>
      {button("layers", t.layers, kindsOn.value?.size ?? kindById.value.size)}
      {button("projects", t.projects, seen)}
      {button("off", t.off, off)}
      {filtered && wayBack(words.value.filters.clear, clearFilters)}
      {pair.value && wayBack(words.value.time.compare.end, endComparison)}
      {known.value !== null && wayBack(words.value.time.knownOff, () => setKnown(null))}
    </div>
  );
}

/** Nothing is left on the map: say what was asked for, and the way back. */
function EmptyNote(): JSX.Element | null {
  const left = projects.value.some((project) => isLocated(project) && passing.value.has(project.id));
  if (left || !isFiltered.value) return null;
  const t = words.value.filters;
  return (
    <div class="on-map empty-note" role="status" data-obstacle>
      <b>{t.empty}</b>
      <FilteredBy />
      <button type="button" class="button" onClick={clearFilters}>
        {t.clear}
      </button>
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
  const [first, ...others] = sheetCredits.value;
  const line = sheetCredits.value.join(" · ");
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
        <Zoom
          onZoom={(steps) => sheet.current?.zoomBy(steps)}
          whole={t.home}
          onWhole={() => sheet.current?.home()}
        />
        <PhoneButtons />
        <details class="credit-on-map" data-obstacle>
          <summary>
            <b>{words.value.credits}</b> · {first}
          </summary>
          <p>
            {t.soft} · {crisp()} · {t.tagApproximate}: {t.approximate} · {others.join(" · ")}
          </p>
        </details>
        <CompareNote />
        <EmptyNote />
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
        <div class="scale" data-obstacle ref={hosts.scale} role="img" aria-label={t.scale} />
        <Legend />
        <p title={line}>{line}</p>
      </div>
    </section>
  );
}
