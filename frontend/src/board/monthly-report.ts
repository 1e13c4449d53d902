/** What a monthly page rests on: what became known in the month, and how things stood at its end. */
import {
  type Attention,
  type AttentionEntry,
  type Cited,
  type Comparison,
  loadAttention,
  loadComparison,
} from "../data/planning";
import { loadProgress, type PhaseSeries } from "../data/progress";
import { fetchSources, type SourceCounted } from "../data/sources";
import { type Day, dayOf, isoOf, lastDayOf } from "../dates";
import { type Month, numbered, stepMonth } from "./month";

export interface Report {
  month: Month;
  comparison: Comparison;
  phases: PhaseSeries[];
  phasesBefore: PhaseSeries[];
  leftOut: { zh: string; en: string; n: number }[];
  attention: Attention;
  /** The last day of the next month; what falls due until then, and what does after it. */
  nextEnd: Day;
  dueNext: AttentionEntry[];
  dueSoon: AttentionEntry[];
  heard: SourceCounted[];
  earlier: SourceCounted[];
  numbers: Map<string, number>;
}

const WRITTEN = ["phases", "new_projects", "new_promises", "moved_promises", "done", "figures"] as const;

const onDay = (day: Day): URLSearchParams =>
  new URLSearchParams({ from: isoOf(day), to: isoOf(day), known: isoOf(day), step: "month" });

/** Raises Problem as getJson does. `stale`: months without news, as typed. */
export async function loadReport(month: Month, stale: string): Promise<Report> {
  const [last, before] = [isoOf(month.last), isoOf(month.before)];
  const asked = new URLSearchParams({ from: before, to: last, by: "known", day: last });
  const [comparison, now, then, attention, sources] = await Promise.all([
    loadComparison(asked),
    loadProgress(onDay(month.last)),
    loadProgress(onDay(month.before)),
    loadAttention(last, stale),
    fetchSources(last),
  ]);
  const nextEnd = lastDayOf(stepMonth(month.text, 1));
  const isNext = (entry: AttentionEntry): boolean =>
    entry.due?.latest !== null && entry.due !== null && dayOf(entry.due.latest) <= nextEnd;
  const due = attention.due.entries;
  const told: (Cited | null)[] = [...WRITTEN.flatMap((name) => comparison[name].entries), ...due].map(
    (entry) => entry.said,
  );
  const cited = new Set(told.flatMap((said) => (said ? [said.source] : [])));
  return {
    month,
    comparison,
    phases: now.series,
    phasesBefore: then.series,
    leftOut: now.left_out,
    attention,
    nextEnd,
    dueNext: due.filter(isNext),
    dueSoon: due.filter((entry) => !isNext(entry)),
    ...numbered(sources.sources, cited, month.before),
  };
}
