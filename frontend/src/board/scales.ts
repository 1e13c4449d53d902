/** The sums behind the charts: scales, ticks, stacks. Pure. */
import type { PhaseSeries } from "../data/progress";
import type { PhaseId } from "../data/types";
import { type Day, firstOfYear, lastDayOf, yearOf } from "../dates";

export type Scale = (value: number) => number;

/** From one stretch to another; what has no length lies in the middle. */
export function linear([a, b]: readonly [number, number], [c, d]: readonly [number, number]): Scale {
  return a === b ? () => (c + d) / 2 : (value) => c + ((value - a) / (b - a)) * (d - c);
}

/** Round numbers from 0 up to the first that is no less than `max`, about `most` of them. */
export function niceTicks(max: number, most: number, whole: boolean): number[] {
  if (!(max > 0)) return [0, 1];
  const rough = max / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const found = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough * (1 - 1e-9)) ?? 10 * power;
  const step = whole ? Math.max(1, found) : found;
  const last = Math.ceil(max / step - 1e-9);
  return Array.from({ length: last + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

/** Firsts of years from one day to another, at most `most`: every one, every second, fifth or tenth. */
export function yearTicks(from: Day, to: Day, most: number): { year: number; day: Day }[] {
  const years: number[] = [];
  for (let year = yearOf(from); firstOfYear(year) <= to; year++)
    if (firstOfYear(year) >= from) years.push(year);
  const every = [1, 2, 5, 10, 20, 50].find((n) => years.length / n <= Math.max(1, most)) ?? 100;
  return years.filter((year) => year % every === 0).map((year) => ({ year, day: firstOfYear(year) }));
}

/** The last day of a period as the service names it: `2025-01`, `2025-Q1`. */
export function lastOfPeriod(period: string): Day {
  const quarter = /^(\d{4})-Q([1-4])$/.exec(period);
  if (!quarter) return lastDayOf(period);
  return lastDayOf(`${quarter[1]}-${String(Number(quarter[2]) * 3).padStart(2, "0")}`);
}

export const MEASURES = ["projects", "area_ha", "length_km"] as const;
export type Measure = (typeof MEASURES)[number];

/** From the bottom of a stack to its top: what is done lies lowest, what nobody stated on top. */
export const STACK_ORDER: readonly PhaseId[] = [
  "in_service",
  "completing",
  "building",
  "preparing",
  "planned",
  "proposed",
  "closed",
  "cancelled",
  "unknown",
];

/** One phase in one period. `from`: what lies below it. `promised`: how much of it no fact tells. */
export interface Slice {
  phase: PhaseId;
  from: number;
  fact: number;
  promised: number;
}
export interface Column {
  period: string;
  total: number;
  slices: Slice[];
}

const exact = (value: number): number => Math.round(value * 1000) / 1000;

/** A stack for each period, over all the kinds of the series. */
export function columnsOf(
  periods: readonly string[],
  series: readonly PhaseSeries[],
  measure: Measure,
  withUnstated: boolean,
): Column[] {
  const phases = STACK_ORDER.filter((phase) => withUnstated || phase !== "unknown");
  return periods.map((period, at) => {
    let from = 0;
    const slices: Slice[] = [];
    for (const phase of phases) {
      const mine = series.filter((one) => one.phase === phase);
      const all = exact(mine.reduce((sum, one) => sum + (one[measure][at] ?? 0), 0));
      const promised = exact(mine.reduce((sum, one) => sum + (one[`promised_${measure}`][at] ?? 0), 0));
      if (all > 0) slices.push({ phase, from, fact: exact(all - promised), promised });
      from = exact(from + all);
    }
    return { period, total: from, slices };
  });
}

/** The phases that occur in any column, from the bottom up. */
export const phasesIn = (columns: readonly Column[]): PhaseId[] =>
  STACK_ORDER.filter((phase) =>
    columns.some((column) => column.slices.some((slice) => slice.phase === phase)),
  );

/** The days that charts of dates span: whole years round all of them, and round today. */
export function yearsRound(days: readonly Day[], today: Day): [Day, Day] {
  const all = [...days, today].filter(Number.isFinite);
  return [firstOfYear(yearOf(Math.min(...all))), firstOfYear(yearOf(Math.max(...all)) + 1)];
}
