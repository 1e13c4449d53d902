/** The years with what is dated in them, the handle of the chosen day, and the range that is looked at. */
import { computed } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { addMonths, type Day, firstOfYear, isoOf, yearOf } from "../dates";
import type { Range } from "../state/address";
import { type Column, histogramOf } from "../state/histogram";
import {
  day,
  kindById,
  kindIsOn,
  playing,
  range,
  setDay,
  setRange,
  span,
  timeline,
  today,
  words,
} from "../state/store";

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

/**
 * The range on the bars, with an end to drag on either side.
 *
 * Only for the pointer: the keyboard has the two date fields of the tool.
 */
function Brush(props: { range: Range; dayAt(event: PointerEvent): Day }): JSX.Element {
  const { from, to } = span.value;
  const held = useRef<Day | null>(null);
  const share = (value: Day): number => ((value - from) / (to + 1 - from)) * 100;
  const end = (at: Day, other: Day, side: "first" | "last"): JSX.Element => (
    <i
      class={`brush-end ${side}`}
      style={{ left: `${share(side === "last" ? at + 1 : at)}%` }}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.stopPropagation();
        held.current = other;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        event.stopPropagation();
        if (held.current !== null && event.currentTarget.hasPointerCapture(event.pointerId))
          setRange({ from: held.current, to: props.dayAt(event) });
      }}
    />
  );
  const { range } = props;
  const [left, right] = [share(range.from), share(range.to + 1)];
  return (
    <div class="brush" aria-hidden="true">
      <b style={{ left: `${left}%`, width: `${right - left}%` }} />
      {end(range.from, range.to, "first")}
      {end(range.to, range.from, "last")}
    </div>
  );
}

export function Graph(): JSX.Element {
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
  const dayAt = (event: PointerEvent): Day => {
    const box = host.current!.getBoundingClientRect();
    const share = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    return Math.round(from + share * (to - from));
  };
  return (
    <div
      class="graph"
      ref={host}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        playing.value = false;
        host.current!.setPointerCapture(event.pointerId);
        setDay(dayAt(event));
      }}
      onPointerMove={(event) => {
        if (host.current!.hasPointerCapture(event.pointerId)) setDay(dayAt(event));
      }}
    >
      {size.width > 0 && <Chart {...size} />}
      {range.value && <Brush range={range.value} dayAt={dayAt} />}
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
