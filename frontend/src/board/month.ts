/** The months of the monthly page. Pure. */
import type { PhaseSeries } from "../data/progress";
import type { PhaseId } from "../data/types";
import { addMonths, type Day, dayOf, isoOf, lastDayOf } from "../dates";

export interface Month {
  /** `2025-01`. */
  text: string;
  first: Day;
  /** Its last day; today where it is not over. */
  last: Day;
  /** The last day before it. */
  before: Day;
  over: boolean;
}
export type MonthFault = "not-a-month" | "too-early" | "ahead";

export const monthText = (day: Day): string => isoOf(day).slice(0, 7);

/** The month before the one in which a day lies: the last that is over. */
export const lastMonth = (today: Day): string => monthText(addMonths(today, -1));

/** Read a month from an address; what is none, or one of which nothing can be said, is told as a fault. */
export function readMonth(text: string, earliest: Day, today: Day): Month | MonthFault {
  const first = /^\d{4}-\d{2}$/.test(text) ? dayOf(`${text}-01`) : Number.NaN;
  if (!Number.isFinite(first)) return "not-a-month";
  const last = lastDayOf(text);
  if (last < earliest) return "too-early";
  if (first > today) return "ahead";
  return { text, first, last: Math.min(last, today), before: first - 1, over: last < today };
}

export const stepMonth = (text: string, by: number): string => monthText(addMonths(dayOf(`${text}-01`), by));

/** The phases of the kinds on a day, and how much that is more than a month before. */
export interface PhaseRow {
  kind: string;
  cells: Map<PhaseId, { n: number; change: number }>;
}

/** A row for each kind, in the order given, of which anything is counted; each series tells of one day alone. */
export function phaseRows(
  kinds: readonly string[],
  now: readonly PhaseSeries[],
  before: readonly PhaseSeries[],
): PhaseRow[] {
  const count = (series: readonly PhaseSeries[], kind: string, phase: PhaseId): number =>
    series.find((one) => one.kind === kind && one.phase === phase)?.projects[0] ?? 0;
  return kinds.flatMap((kind) => {
    const phases = new Set([...now, ...before].filter((one) => one.kind === kind).map((one) => one.phase));
    const cells = new Map(
      [...phases].map((phase) => {
        const n = count(now, kind, phase);
        return [phase, { n, change: n - count(before, kind, phase) }] as const;
      }),
    );
    return cells.size ? [{ kind, cells }] : [];
  });
}

/** Facts apart from those that happened over a year before a month and only became known in it. */
export function apart<F extends { when: { latest: string | null } | null }>(
  facts: readonly F[],
  { first }: Month,
): { recent: F[]; older: F[] } {
  const before = addMonths(first, -12);
  const isOld = ({ when }: F): boolean => Boolean(when?.latest) && dayOf(when!.latest!) < before;
  return { recent: facts.filter((one) => !isOld(one)), older: facts.filter(isOld) };
}

/** Documents that spoke after a day, and those that were cited though they had spoken before; numbered so. */
export function numbered<S extends { id: string; last_said: string | null }>(
  sources: readonly S[],
  cited: ReadonlySet<string>,
  after: Day,
): { heard: S[]; earlier: S[]; numbers: Map<string, number> } {
  const heard = sources.filter((one) => one.last_said !== null && dayOf(one.last_said) > after);
  const earlier = sources.filter((one) => cited.has(one.id) && !heard.includes(one));
  return { heard, earlier, numbers: new Map([...heard, ...earlier].map((one, i) => [one.id, i + 1])) };
}
