/** How far things came over time, and what was planned against what happened: as types, and how it is asked. */
import { getJson } from "./fetch";
import type { Listed, ProjectRef, Told } from "./planning";
import type { Named, PhaseId } from "./types";

/** One kind in one phase: a number for each period, on its last day; and how much of it is only promised. */
export interface PhaseSeries {
  kind: string;
  phase: PhaseId;
  projects: number[];
  area_ha: (number | null)[];
  length_km: (number | null)[];
  promised_projects: number[];
  promised_area_ha: (number | null)[];
  promised_length_km: (number | null)[];
}
/** A promise as it was said once. */
export interface Said {
  said_on: string;
  said_latest: string;
  commitment: string;
  due: Told;
}
interface Milestone {
  project: ProjectRef;
  milestone: Named & { code: string };
  moves: number;
  slip_days: number;
  slip_exact: boolean | null;
  actual: Told | null;
  /** By when other evidence shows its phase, where nobody says that it is done. */
  reached: Told | null;
}
export interface PlanEntry extends Milestone {
  history: Said[];
  current: Said;
  disputed: boolean;
  outcome: "open" | "reached" | "kept" | "late" | "untold" | "done";
  late_days: number | null;
  words_zh: string;
  words_en: string;
}
export interface SlipSeries extends Milestone {
  points: Said[];
}
export interface SlipGroup {
  parent: ProjectRef | null;
  kind: string | null;
  moved: number;
  series: SlipSeries[];
}
export interface Progress {
  known: string;
  from: string;
  to: string;
  step: "month" | "quarter";
  periods: string[];
  series: PhaseSeries[];
  left_out: { zh: string; en: string; n: number }[];
  plan: Listed<PlanEntry> & { undated: number };
  slips: SlipGroup[];
}

/** Raises Problem as getJson does. */
export const loadProgress = (query: URLSearchParams, signal?: AbortSignal): Promise<Progress> =>
  getJson(`/api/progress?${query}`, signal);
