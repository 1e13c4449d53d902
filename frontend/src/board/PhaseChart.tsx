/** Phases over time: a stack for each month or quarter. Phases differ in pattern; what is promised is hollow. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Progress } from "../data/progress";
import type { PhaseId } from "../data/types";
import { dayOf, yearOf } from "../dates";
import { catalogue, lang, setDay } from "../state/store";
import { dateIn, nameIn } from "../text/words";
import { measure, progressWords, unstated } from "./asked";
import { ChartFrame, type Point, Points, type Table, useWidth } from "./chart-parts";
import { type Column, columnsOf, lastOfPeriod, linear, niceTicks, phasesIn, type Slice } from "./scales";
import { part } from "./table";

const HEIGHT = 280;
const TOP = 18;
const FOOT = 26;
const LEFT = 40;
const RIGHT = 6;
const LABEL_PX = 46;

const nameOfPhase = (id: PhaseId): string => {
  const found = catalogue.value!.phases.find((one) => one.id === id);
  return found ? nameIn(lang.value, found) : id;
};
/** What is solid needs no pattern. */
const SOLID: Partial<Record<PhaseId, string>> = { in_service: "var(--ink)", unknown: "var(--sunk)" };
const fillOf = (phase: PhaseId): string => SOLID[phase] ?? `url(#phase-${phase})`;
const numberIn = (value: number): string => new Intl.NumberFormat(lang.value).format(value);

/** A pattern for each phase, as the map hatches areas, in the ink of the page. */
function Patterns(): JSX.Element {
  const hatch = (id: PhaseId, side: number, turned: boolean, ...inside: JSX.Element[]): JSX.Element => (
    <pattern
      id={`phase-${id}`}
      width={side}
      height={side}
      patternUnits="userSpaceOnUse"
      patternTransform={turned ? "rotate(45)" : undefined}
    >
      <rect class="stack-paper" width={side} height={side} />
      {inside}
    </pattern>
  );
  const bar = (width: number, side: number): JSX.Element => (
    <rect class="stack-ink" width={width} height={side} />
  );
  return (
    <defs>
      {hatch("completing", 5, true, bar(2.4, 5), <rect class="stack-ink" width={5} height={2.4} />)}
      {hatch("building", 6, true, bar(2.6, 6))}
      {hatch("preparing", 9, true, bar(1.2, 9))}
      {hatch("planned", 9, false, <rect class="stack-ink" y={4} width={5.5} height={1.4} />)}
      {hatch("proposed", 7, false, <circle class="stack-ink" cx={3.5} cy={3.5} r={1.1} />)}
      {hatch("closed", 6, false, <rect class="stack-ink" y={2.5} width={6} height={1} />)}
      {hatch("cancelled", 8, true, <path class="stack-line" d="M2 4h4M4 2v4" />)}
    </defs>
  );
}

function Key(props: { phases: readonly PhaseId[]; promised: boolean }): JSX.Element {
  const { phases, promised } = props;
  return (
    <ul class="chart-key">
      {[...phases].reverse().map((phase) => (
        <li key={phase}>
          <svg width="26" height="14" viewBox="0 0 26 14" aria-hidden="true">
            <rect class="stack" x="0.5" y="0.5" width="25" height="13" fill={fillOf(phase)} />
          </svg>
          {nameOfPhase(phase)}
        </li>
      ))}
      {promised && (
        <li>
          <svg width="26" height="14" viewBox="0 0 26 14" aria-hidden="true">
            <rect class="stack-hollow" x="1" y="1" width="24" height="12" />
          </svg>
          {progressWords.value.phases.promise}
        </li>
      )}
    </ul>
  );
}

const box = (x: number, top: number, width: number, height: number): string =>
  `M${x.toFixed(1)} ${top.toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}h${(-width).toFixed(1)}z`;

/**
 * One phase over all columns: what facts tell, which after `ahead` is pale, and above it what is only promised.
 * One path each, however many columns there are: a pattern that is filled hundreds of times is heavy on paper.
 */
function Band(props: {
  phase: PhaseId;
  columns: readonly Column[];
  ahead: number;
  x(at: number): number;
  width: number;
  y(value: number): number;
}): JSX.Element {
  const { phase, columns, ahead, x, width, y } = props;
  const drawn = { known: "", ahead: "", promised: "", hollow: "" };
  for (const [at, { slices }] of columns.entries()) {
    const slice = slices.find((one) => one.phase === phase);
    if (!slice) continue;
    const [low, middle] = [y(slice.from), y(slice.from + slice.fact)];
    const high = y(slice.from + slice.fact + slice.promised);
    if (slice.fact) drawn[at < ahead ? "known" : "ahead"] += box(x(at), middle, width, low - middle);
    if (!slice.promised) continue;
    drawn.promised += box(x(at), high, width, middle - high);
    const inside = [Math.max(0.5, width - 1.5), Math.max(0.5, middle - high - 1.5)] as const;
    drawn.hollow += box(x(at) + 0.75, high + 0.75, ...inside);
  }
  const fill = fillOf(phase);
  return (
    <>
      {drawn.known && <path class="stack" d={drawn.known} fill={fill} />}
      {drawn.ahead && <path class="stack ahead" d={drawn.ahead} fill={fill} />}
      {drawn.promised && (
        <>
          <path class="stack-paper" d={drawn.promised} />
          <path class="stack-faint" d={drawn.promised} fill={fill} />
          <path class="stack-hollow" d={drawn.hollow} />
        </>
      )}
    </>
  );
}

/** What a column holds, in words. */
function wordsOf(column: Column): string {
  const t = progressWords.value;
  const unit = t.units[measure.value];
  const said = column.slices.map(({ phase, fact, promised }) => {
    const all = Math.round((fact + promised) * 1000) / 1000;
    const words = `${nameOfPhase(phase)} ${numberIn(all)} ${unit}`;
    return promised ? `${words} (${t.phases.promised(numberIn(promised))})` : words;
  });
  return `${dateIn(lang.value, column.period)}: ${said.join(lang.value === "zh" ? "，" : ", ")}`;
}

function Drawing(props: { columns: readonly Column[]; known: string }): JSX.Element {
  const { columns, known } = props;
  const t = progressWords.value.phases;
  const [host, width] = useWidth(900);
  const [shown, setShown] = useState<number | null>(null);
  const ticks = niceTicks(Math.max(...columns.map((one) => one.total)), 5, measure.value === "projects");
  const y = linear([0, ticks[ticks.length - 1]], [HEIGHT - FOOT, TOP]);
  const x = linear([0, columns.length], [LEFT, width - RIGHT]);
  const step = x(1) - x(0);
  const gap = step > 8 ? Math.min(4, step / 5) : 0;
  const ahead = columns.findIndex((column) => lastOfPeriod(column.period) > dayOf(known));
  // The first column of each year has its number, where there is room.
  const years = columns
    .map((column, at) => ({ at, year: yearOf(lastOfPeriod(column.period)) }))
    .filter(({ at, year }) => !at || year !== yearOf(lastOfPeriod(columns[at - 1].period)));
  const every = Math.max(1, Math.ceil((years.length * LABEL_PX) / (width - LEFT)));
  const points: Point[] = columns.map((column, at) => ({
    key: column.period,
    label: wordsOf(column),
    left: x(at),
    top: TOP,
    width: step,
    height: HEIGHT - FOOT - TOP,
    onPress: () => {
      setDay(lastOfPeriod(column.period));
      part.value = "table";
    },
  }));
  const told = shown ?? (ahead > 0 ? ahead - 1 : columns.length - 1);
  return (
    <>
      <p class="readout">{wordsOf(columns[Math.max(0, told)])}</p>
      <div class="drawing" ref={host}>
        <svg viewBox={`0 0 ${width} ${HEIGHT}`} width="100%" aria-hidden="true">
          {ticks.map((tick) => (
            <g key={tick}>
              <line class="grid-line" x1={LEFT} x2={width - RIGHT} y1={y(tick)} y2={y(tick)} />
              <text class="tick right" x={LEFT - 5} y={y(tick) + 4}>
                {numberIn(tick)}
              </text>
            </g>
          ))}
          {phasesIn(columns).map((phase) => (
            <Band
              key={phase}
              phase={phase}
              columns={columns}
              ahead={ahead < 0 ? columns.length : ahead}
              x={(at) => x(at) + gap / 2}
              width={step - gap}
              y={y}
            />
          ))}
          {shown !== null && (
            <rect
              class="stack-shown"
              x={x(shown)}
              y={y(columns[shown].total)}
              width={step}
              height={y(0) - y(columns[shown].total)}
            />
          )}
          {years
            .filter((_, i) => i % every === 0)
            .map(({ at, year }) => (
              <g key={year}>
                <line class="axis" x1={x(at)} x2={x(at)} y1={HEIGHT - FOOT} y2={HEIGHT - FOOT + 5} />
                <text class="tick" x={x(at) + 2} y={HEIGHT - 8}>
                  {year}
                </text>
              </g>
            ))}
          <line class="axis" x1={LEFT} x2={width - RIGHT} y1={y(0)} y2={y(0)} />
          {ahead >= 0 && (
            <g>
              <line class="now" x1={x(ahead)} x2={x(ahead)} y1={4} y2={HEIGHT - FOOT} />
              <text
                class={x(ahead) > width / 2 ? "tick right" : "tick"}
                x={x(ahead) + (x(ahead) > width / 2 ? -5 : 5)}
                y={12}
              >
                {t.known}
              </text>
            </g>
          )}
        </svg>
        <Points points={points} size={[width, HEIGHT]} label={t.title} start={told} onShow={setShown} />
      </div>
      <p class="lede hint">{t.hint}</p>
    </>
  );
}

/** The numbers of each period, phase by phase; of a phase that is promised anywhere, how much of it is. */
function tableOf(columns: readonly Column[], phases: readonly PhaseId[]): Table {
  const t = progressWords.value;
  const fields = phases.flatMap((phase) => {
    const sliceOf = (column: Column): Slice | undefined => column.slices.find((one) => one.phase === phase);
    const all = {
      name: nameOfPhase(phase),
      of: (column: Column) => {
        const slice = sliceOf(column);
        return slice ? Math.round((slice.fact + slice.promised) * 1000) / 1000 : 0;
      },
    };
    const isPromised = columns.some((column) => sliceOf(column)?.promised);
    const promised = {
      name: t.phases.promisedColumn(nameOfPhase(phase)),
      of: (column: Column) => sliceOf(column)?.promised ?? 0,
    };
    return isPromised ? [all, promised] : [all];
  });
  return {
    head: [t.period, ...fields.map((one) => one.name)],
    rows: columns.map((column) => [
      dateIn(lang.value, column.period),
      ...fields.map((one) => one.of(column)),
    ]),
  };
}

export function PhaseChart(props: { progress: Progress }): JSX.Element {
  const { periods, series, left_out: leftOut, known } = props.progress;
  const t = progressWords.value;
  const columns = columnsOf(periods, series, measure.value, unstated.value);
  const phases = phasesIn(columns);
  const zh = lang.value === "zh";
  const isCounted = measure.value === "projects";
  const out: { words: string; n: number | null }[] = leftOut
    // What has no measured shape is counted all the same.
    .filter((_, i) => !isCounted || i === 0)
    .map((one) => ({ words: zh ? one.zh : one.en, n: one.n }));
  if (!isCounted) out.push({ words: t.phases.linesOnly, n: null });
  if (!unstated.value) out.push({ words: t.phases.noUnstated, n: null });
  return (
    <ChartFrame
      id="phases"
      title={t.phases.title}
      says={t.phases.says(t.phases.amounts[measure.value])}
      leftOut={out}
      table={tableOf(columns, phases)}
    >
      <svg class="patterns" width="0" height="0" aria-hidden="true">
        <Patterns />
      </svg>
      {phases.length ? (
        <>
          <Key
            phases={phases}
            promised={columns.some((column) => column.slices.some((slice) => slice.promised > 0))}
          />
          <Drawing columns={columns} known={known} />
        </>
      ) : (
        <p>{t.phases.none}</p>
      )}
    </ChartFrame>
  );
}
