/** The map of a review in the page: its hosts, its legend, and what it says when tiles are missing. */
import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Look, lookOf } from "../data/changesets";
import { ReviewMap } from "../map/review";
import { Zoom } from "../panels/Zoom";
import { words } from "../state/store";
import { theme } from "../state/theme";
import { ChosenCard } from "./ChosenCard";
import { placeIn } from "./reading";
import { changes, choose, drawn, filter, lookAt, number, open, part, shapes } from "./review";
import { Sign } from "./Sign";
import { say, text } from "./said";

interface Place {
  lon: number;
  lat: number;
  said: string;
}

const LEGEND: readonly Look[] = ["added", "changed", "removed", "blocked", "rejected"];

function Legend(): JSX.Element {
  const t = text.value.legend;
  return (
    <ul class="review-legend" aria-label={t.title}>
      <li>
        <svg width="26" height="10" aria-hidden="true">
          <path d="M1 5h24" stroke="var(--d-before)" stroke-width="1.6" stroke-dasharray="4 3" />
        </svg>
        {t.before}
      </li>
      {LEGEND.map((look) => (
        <li key={look}>
          <Sign look={look} /> {t[look as Exclude<Look, "said">]}
        </li>
      ))}
      <li class="public">
        <svg width="22" height="10" aria-hidden="true">
          <path d="M1 5h20" stroke="var(--ink-3)" stroke-width="3" opacity=".5" />
        </svg>
        {t.now}
      </li>
    </ul>
  );
}

/** `places`: where the faults of a file are; without them the changeset that is open is shown. */
export function ReviewSheet(props: { places?: readonly Place[] }): JSX.Element {
  const t = text.value.map;
  const { places } = props;
  const hosts = {
    map: useRef<HTMLDivElement>(null),
    neat: useRef<HTMLDivElement>(null),
    scale: useRef<HTMLDivElement>(null),
  };
  const map = useRef<ReviewMap | null>(null);
  const missing = useSignal(0);
  useEffect(() => {
    const made = new ReviewMap(
      { map: hosts.map.current!, neat: hosts.neat.current!, scale: hosts.scale.current! },
      {
        onPick: (n) => {
          void choose(n);
        },
        onView: lookAt,
        onMissing: (count) => {
          missing.value = count;
        },
      },
    );
    map.current = made;
    if (places) made.mark(places, true);
    return () => {
      map.current = null;
      made.destroy();
    };
  }, []);
  const whole = (): void => {
    const box = open.value?.counts?.bbox_lonlat;
    if (box) map.current?.fit(box);
  };
  useSignalEffect(() => {
    void theme.value;
    // The style sheet takes the theme a moment after the signal.
    requestAnimationFrame(() => map.current?.recolour());
  });
  useSignalEffect(() => {
    const [id, query] = [number.value, new URLSearchParams({ ...filter.value }).toString()];
    void drawn.value;
    if (!places && id !== null) map.current?.show(id, query);
  });
  useSignalEffect(() => {
    const at = shapes.value;
    if (places) return;
    const place =
      at && !at.geometry_before && !at.geometry_after ? at.issues.map(placeIn).find(Boolean) : null;
    if (place) map.current?.fit([place.lon, place.lat, place.lon, place.lat]);
    map.current?.look(
      at && { before: at.geometry_before, after: at.geometry_after, look: lookOf(at.op, at.decision) },
    );
  });
  // Where the faults of what is listed are: a shape that is not valid has no other sign on the map.
  useSignalEffect(() => {
    if (places) return;
    const found = changes.value.flatMap((change) =>
      change.issues.flatMap((issue) => {
        const at = placeIn(issue);
        return at ? [{ ...at, said: say(issue), n: change.n, warns: issue.severity === "warn" }] : [];
      }),
    );
    map.current?.mark(found, false);
  });
  const shown = open.value?.id;
  // A phone gives the map its size when it is turned to.
  useEffect(() => {
    // The sheet first takes its size, and then the view of the area.
    if (!places) requestAnimationFrame(() => requestAnimationFrame(whole));
  }, [shown, part.value === "map"]);
  return (
    <section class="sheet reviewing" aria-label={t.title}>
      <div class="neat" ref={hosts.neat} />
      <div class="canvas">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the map */}
        <div class="map" id="map" ref={hosts.map} tabIndex={0} aria-label={t.title} role="application" />
        {!places && <Legend />}
        <Zoom
          onZoom={(steps) => map.current?.zoomBy(steps)}
          whole={places ? undefined : t.whole}
          onWhole={whole}
        />
        {!places && <ChosenCard />}
        {missing.value > 0 && (
          <p class="on-map missing-tiles" role="alert">
            {t.missing(missing.value)}
            <button type="button" class="button small" onClick={() => map.current?.retry()}>
              {t.retry}
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
