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
export type Attention = Record<ListName, Listed<AttentionEntry>> & { today: string; at: string };

export interface ChangeEntry {
  project: ProjectRef | null;
  indicator: IndicatorRef | null;
  group: string | null;
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
export type Comparison = Record<ChangeName, Listed<ChangeEntry>> & {
  words_zh: string;
  words_en: string;
};

/** Raise Problem as getJson does. `known`: an ISO day, null for today. */
export const loadAttention = (known: string | null): Promise<Attention> =>
  getJson(`/api/attention${known ? `?known=${known}` : ""}`);
export const loadComparison = (query: URLSearchParams, signal?: AbortSignal): Promise<Comparison> =>
  getJson(`/api/compare?${query}`, signal);
