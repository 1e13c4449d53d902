/** What a planner asks: what needs attention, and what changed between two days. As types, and how it is asked. */
import { getJson } from "./fetch";
import type { Basis, LightId, Named, PhaseId } from "./types";

export interface ProjectRef extends Named {
  id: string;
  kind: string;
  phase: PhaseId;
  basis: Basis;
  parent: string | null;
}
export interface IndicatorRef extends Named {
  code: string;
  period: string;
}
export interface Told {
  date: string;
  earliest: string | null;
  latest: string | null;
  words_zh: string;
  words_en: string;
  claim: number | null;
}
export interface Cited {
  claim: number;
  source: string;
  publisher_zh: string;
  publisher_en: string;
  tier: string;
  said_on: string;
  quote_zh: string;
  quote_en: string;
  verbatim: boolean;
  told_zh: string;
  told_en: string;
}
export interface AttentionEntry {
  project: ProjectRef | null;
  indicator: IndicatorRef | null;
  reason_zh: string;
  reason_en: string;
  milestone: (Named & { code: string }) | null;
  due: Told | null;
  first: Told | null;
  moves: number;
  slip_days: number;
  slip_exact: boolean | null;
  light: LightId | null;
  late_days: number | null;
  said: Cited | null;
  beside: Cited | null;
}
export interface Listed<Entry> {
  count: number;
  at_least: boolean;
  more: boolean;
  words_zh: string;
  words_en: string;
  entries: Entry[];
}
export const LISTS = ["late", "silent", "due", "moved", "disagree", "stale"] as const;
export type ListName = (typeof LISTS)[number];
export type Attention = Record<ListName, Listed<AttentionEntry>> & {
  today: string;
  at: string;
  stale_months: number;
};

export interface ChangeEntry {
  project: ProjectRef | null;
  indicator: IndicatorRef | null;
  group: string | null;
  before: { phase: PhaseId; basis: Basis } | null;
  after: { phase: PhaseId; basis: Basis } | null;
  when: Told | null;
  words_zh: string;
  words_en: string;
  said: Cited | null;
}
export const CHANGES = [
  "phases",
  "new_projects",
  "new_promises",
  "moved_promises",
  "done",
  "figures",
] as const;
export type ChangeName = (typeof CHANGES)[number];
/** Of what was said beside changes: only where a document, or what was known, is asked about. */
export const BESIDE = ["repeated", "other"] as const;
export type BesideName = (typeof BESIDE)[number];
export type Comparison = Record<ChangeName, Listed<ChangeEntry>> &
  Record<BesideName, Listed<ChangeEntry> | null> & {
    revision: number;
    words_zh: string;
    words_en: string;
  };

/** Raise Problem as getJson does. `known`: an ISO day, null for today. `months`: without news, as typed. */
export const loadAttention = (known: string | null, months: string): Promise<Attention> =>
  getJson(`/api/attention?${new URLSearchParams({ ...(known ? { known } : {}), stale_months: months })}`);
export const loadComparison = (query: URLSearchParams, signal?: AbortSignal): Promise<Comparison> =>
  getJson(`/api/compare?${query}`, signal);
