/** The time bar's columns: how many dated claims fall in each quarter and each year. Pure. */
import type { TimelineDate } from "../data/types";
import { type Day, dayOf, firstOfYear, monthOf, yearOf } from "../dates";

export interface Column {
  from: Day;
  /** The first day after it. */
  to: Day;
  facts: number;
  promises: number;
}
export interface Histogram {
  /** Dates known to the day, month or quarter. */
  quarters: Column[];
  /** Dates known to the year only, or only as "by then". */
  years: Column[];
}

const LONGEST_QUARTER_DAYS = 92;

function quarterOf(day: Day): [Day, Day] {
  const first = Math.floor((monthOf(day) - 1) / 3) * 3;
  const start = (months: number): Day => Date.UTC(yearOf(day), months, 1) / 86_400_000;
  return [start(first), start(first + 3)];
}

/** A date is drawn no finer than it is known: never a year as its first of January. */
function columnOf(date: TimelineDate): { fine: boolean; span: [Day, Day] } | null {
  const latest = date.latest ? dayOf(date.latest) : Number.NaN;
  if (!Number.isFinite(latest)) return null;
  const earliest = date.earliest ? dayOf(date.earliest) : Number.NEGATIVE_INFINITY;
  if (latest - earliest < LONGEST_QUARTER_DAYS) return { fine: true, span: quarterOf(latest) };
  return { fine: false, span: [firstOfYear(yearOf(latest)), firstOfYear(yearOf(latest) + 1)] };
}

export function histogramOf(dates: TimelineDate[]): Histogram {
  const fine = new Map<Day, Column>();
  const coarse = new Map<Day, Column>();
  for (const date of dates) {
    const column = columnOf(date);
    if (!column) continue;
    const [from, to] = column.span;
    const into = column.fine ? fine : coarse;
    const entry = into.get(from) ?? { from, to, facts: 0, promises: 0 };
    if (date.promised) entry.promises += 1;
    else entry.facts += 1;
    into.set(from, entry);
  }
  return { quarters: [...fine.values()], years: [...coarse.values()] };
}
