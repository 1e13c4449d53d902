/** What the chart rests on, as the service tells it. */
import { getJson } from "./fetch";
import type { Named, PrecisionId, SourceInfo, TierId } from "./types";

export interface SourceCounted extends SourceInfo {
  claims: number;
  withdrawn: number;
  of_figures: number;
  projects: number;
  /** The last day on which a claim of it that holds was said. */
  last_said: string | null;
  /** Ids, and not more than the first of many. */
  speaks_of: string[];
}
export interface Listed {
  count: number;
  /** Ids, and not more than the first of many. */
  projects: string[];
}
export interface ProjectNamed extends Named {
  id: string;
  kind: string;
}
export interface Sources {
  revision: number;
  known: string;
  totals: {
    sources: number;
    sources_by_tier: Record<TierId, number>;
    claims: number;
    claims_by_tier: Record<TierId, number>;
    claims_by_commitment: Record<string, number>;
    claims_undated: number;
    claims_verbatim: number;
    claims_summarised: number;
    claims_withdrawn: number;
    projects: number;
    projects_by_precision: Record<PrecisionId, number>;
    projects_without_phase: number;
    projects_unlocated: number;
    promises_without_date: number;
  };
  sources: SourceCounted[];
  lists: Record<"schematic" | "unlocated" | "without_phase" | "promised_without_date", Listed>;
  projects: ProjectNamed[];
}

/** `known`: an ISO day up to which what was said counts; null for everything. */
export const fetchSources = (known: string | null = null): Promise<Sources> =>
  getJson(`/api/sources${known ? `?known=${known}` : ""}`);
