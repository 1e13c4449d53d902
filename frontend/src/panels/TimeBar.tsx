/** The time bar: a day to choose, what is dated around it, and playing through the years. */
import { computed, effect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { addMonths, type Day, firstOfYear, isoOf, yearOf } from "../dates";
import { spokenOf } from "../state/day";
import { type Column, histogramOf } from "../state/histogram";
import {
  day,
  fetchTimeline,
  isToday,
  kindById,
  kindIsOn,
  known,
  playing,
  setDay,
  setKnown,
  span,
  timeline,
  today,
  words,
} from "../state/store";
import { counted } from "./counted";
import { Icon } from "./signs";

const PLAY_STEP_MS = 140;
/** At the usual type size; the numbers of the years stand in it, below the knob. */
const AXIS_PX = 26;
const YEAR_BASE_PX = 5;
const MAX_UNIT_PX = 6;
/** Years whose number finds room below. */
const YEAR_LABEL_PX = 34;

const columns = computed(() => {
  if (timeline.value.status !== "ready") return histogramOf([]);
  const tracked = (kind: string): boolean => kindById.value.get(kind)?.tracked === true && kindIsOn(kind);
  return histogramOf(timeline.value.value.dates.filter((date) => tracked(date.kind)));
});

/** Step a month at a time while `playing`; stop at the end. */
function followPlaying(): () => void {
  let timer = 0;
  const stop = effect(() => {
    clearInterval(timer);
    if (!playing.value) return;
    timer = window.setInterval(() => {
      const next = addMonths(day.peek(), 1);
      if (next >= span.peek().to) playing.value = false;
      setDay(next);
    }, PLAY_STEP_MS);
  });
  return () => {
    clearInterval(timer);
    stop();
  };
}

function togglePlay(): void {
  // From today or the end there is little to see: begin at the beginning.
  if (!playing.value && (isToday.value || day.value >= span.value.to)) setDay(span.value.from);
  playing.value = !playing.value;
}

const USUAL_LINE_PX = 16;
/** How much larger than usual the reader has set the type: the graph has lines of one rem. */
const typeScale = (graph: HTMLElement): number =>
  Number.parseFloat(getComputedStyle(graph).lineHeight) / USUAL_LINE_PX || 1;

interface Scale {
  x(day: Day): number;
  width: number;
  base: number;
  unit: number;
}

function Bars(props: { column: Column; scale: Scale; year: boolean }): JSX.Element {
  const { column, scale, year } = props;
  const left = scale.x(column.from) + 1;
  const width = Math.max(2, scale.x(column.to) - scale.x(column.from) - 2);
  const facts = column.facts * scale.unit;
  const promises = column.promises * scale.unit;
  const top = scale.base - facts;
  return (
    <>
      {facts > 0 && <rect class={year ? "slab" : "quarter"} x={left} y={top} width={width} height={facts} />}
      {promises > 0 && (
        <rect
          class={year ? "slab-promise" : "quarter-promise"}
          x={left + 0.6}
          y={top - promises + 0.6}
          width={Math.max(1, width - 1.2)}
          height={Math.max(1, promises - 1.2)}
        />
      )}
      {year && column.facts > 2 && width > 14 && (
        <text class="slab-count" x={left + width / 2} y={Math.max(12, top + 12)} text-anchor="middle">
          {column.facts}
        </text>
      )}
    </>
  );
}

function Years(props: { scale: Scale; height: number; type: number }): JSX.Element {
  const { scale, height, type } = props;
  const [first, last] = [yearOf(span.value.from), yearOf(span.value.to)];
  const wide = scale.width / (last - first + 1);
  const room = YEAR_LABEL_PX * type;
  const every = wide >= room ? 1 : wide * 5 >= room ? 5 : 10;
  const years = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return (
    <>
      {years.map((year) => (
        <line
          key={year}
          class="year-line"
          x1={scale.x(firstOfYear(year))}
          x2={scale.x(firstOfYear(year))}
          y1={4}
          y2={scale.base + (year % every ? 2 : 5)}
        />
      ))}
      {years
        .filter((year) => year % every === 0)
        .map((year) => (
          <text
            key={year}
            class="year"
            // The number of a narrow year at either end would be cut: it stands inwards.
            x={Math.max(
              room / 2 - 3,
              Math.min(scale.width - room / 2 + 3, scale.x(firstOfYear(year)) + wide / 2),
            )}
            y={height - YEAR_BASE_PX * type}
            text-anchor="middle"
          >
            {year}
          </text>
        ))}
    </>
  );
}

function Chart(props: { width: number; height: number; type: number }): JSX.Element {
  const { width, height, type } = props;
  const t = words.value.time;
  const { from, to } = span.value;
  const base = Math.max(1, height - AXIS_PX * type);
  const { quarters, years } = columns.value;
  const highest = Math.max(1, ...[...quarters, ...years].map((column) => column.facts + column.promises));
  const scale: Scale = {
    width,
    base,
    unit: Math.min(MAX_UNIT_PX, (base - 16) / highest),
    x: (value) => ((Math.max(from, Math.min(to + 1, value)) - from) / (to + 1 - from)) * width,
  };
  const now = scale.x(today.value);
  return (
    <svg width={width} height={height} role="img" aria-label={t.chart}>
      <defs>
        <pattern id="ahead" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="1.2" height="7" fill="var(--ink-3)" fill-opacity=".4" />
        </pattern>
      </defs>
      <rect x={now} y={0} width={Math.max(0, width - now)} height={base} fill="url(#ahead)" opacity=".6" />
      <Years scale={scale} height={height} type={type} />
      {years.map((column) => (
        <Bars key={column.from} column={column} scale={scale} year />
      ))}
      {quarters.map((column) => (
        <Bars key={column.from} column={column} scale={scale} year={false} />
      ))}
      <line class="axis" x1={0} x2={width} y1={base} y2={base} />
      <line class="today-line" x1={now} x2={now} y1={0} y2={base + 4} />
      {width > 640 && (
        <text class="today-word" x={now + 6} y={11}>
          {t.afterToday}
        </text>
      )}
    </svg>
  );
}

const MONTHS_BY_KEY: Record<string, number> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -12,
  PageUp: 12,
};

function onSliderKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const months = MONTHS_BY_KEY[event.key];
  if (months) setDay(addMonths(day.value, months));
  else if (event.key === "Home") setDay(span.value.from);
  else if (event.key === "End") setDay(span.value.to);
  else if (event.key === "t" || event.key === "T") setDay(today.value);
  else return;
  event.preventDefault();
}

function Graph(): JSX.Element {
  const t = words.value.time;
  const host = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0, type: 1 });
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry.contentRect;
      setSize({ width: Math.floor(width), height: Math.floor(height), type: typeScale(host.current!) });
    });
    observer.observe(host.current!);
    return () => observer.disconnect();
  }, []);
  const { from, to } = span.value;
  const toPointer = (event: PointerEvent): void => {
    const box = host.current!.getBoundingClientRect();
    const share = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    setDay(Math.round(from + share * (to - from)));
  };
  return (
    <div
      class="graph"
      ref={host}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        playing.value = false;
        host.current!.setPointerCapture(event.pointerId);
        toPointer(event);
      }}
      onPointerMove={(event) => {
        if (host.current!.hasPointerCapture(event.pointerId)) toPointer(event);
      }}
    >
      {size.width > 0 && <Chart {...size} />}
      <div
        class="handle"
        id="time"
        role="slider"
        tabIndex={0}
        aria-label={t.slider}
        aria-valuemin={from}
        aria-valuemax={to}
        aria-valuenow={day.value}
        aria-valuetext={isoOf(day.value)}
        style={{ left: `${((day.value - from) / (to + 1 - from)) * 100}%` }}
        onKeyDown={onSliderKey}
      >
        <i />
      </div>
    </div>
  );
}

/** What was true then, or what was then said to be: two different pasts. */
function KnownSwitch(): JSX.Element | null {
  const t = words.value.time;
  if (known.value !== null)
    return (
      <span class="known">
        {t.known(isoOf(known.value))}
        <button type="button" class="quiet" onClick={() => setKnown(null)}>
          {t.knownOff}
        </button>
      </span>
    );
  if (day.value >= today.value) return null;
  return (
    <button type="button" class="quiet known" onClick={() => setKnown(day.value)}>
      {t.knownOn}
    </button>
  );
}

function Notes(): JSX.Element {
  const t = words.value.time;
  const { n, of } = spokenOf.value;
  return (
    <div class="time-notes">
      <span class="speaks" data-testid="speaks" title={counted()}>
        {t.speaks(n, of)}
      </span>
      <KnownSwitch />
      <span class="key">
        <i class="key-bar" />
        {t.keyDay}
      </span>
      <span class="key">
        <i class="key-slab" />
        {t.keyYear}
      </span>
      <span class="key">
        <i class="key-promise" />
        {t.keyPromise}
      </span>
      {timeline.value.status === "failed" && (
        <span class="time-failure" role="alert">
          {words.value.fail.timeline}
          <button type="button" class="quiet" onClick={() => void fetchTimeline()}>
            {words.value.fail.retry}
          </button>
        </span>
      )}
    </div>
  );
}

export function TimeBar(): JSX.Element {
  const t = words.value.time;
  useEffect(followPlaying, []);
  const note = isToday.value ? t.today : day.value > today.value ? t.ahead : t.past;
  return (
    <section class="time" aria-label={t.region}>
      <div class="time-control">
        <button type="button" class="play" aria-label={playing.value ? t.pause : t.play} onClick={togglePlay}>
          <Icon name={playing.value ? "pause" : "play"} filled={!playing.value} />
        </button>
        <div class="time-day">
          <b>{isoOf(day.value)}</b>
          <span>{note}</span>
        </div>
        <button
          type="button"
          class={`button small to-today${isToday.value ? " idle" : ""}`}
          onClick={() => setDay(today.value)}
        >
          {t.backToToday}
        </button>
      </div>
      <div class="time-main">
        <Notes />
        <Graph />
      </div>
    </section>
  );
}
