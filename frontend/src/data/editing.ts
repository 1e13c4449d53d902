/** What the service takes and answers when somebody edits on the map. Property names are those of the interface. */
import { exchange } from "./fetch";
import type { Geometry } from "./geometry";
import type { PrecisionId } from "./types";

export interface Told {
  pointer: string;
  code: string;
  detail_zh: string;
  detail_en: string;
  lon: number | null;
  lat: number | null;
}
/** A project as the acts would leave it. */
export interface After {
  id: string;
  is_new: boolean;
  removed: boolean;
  name_zh: string;
  name_en: string;
  precision: PrecisionId;
  geometry: Geometry | null;
  area_ha: number | null;
  length_km: number | null;
}
export interface Checked {
  revision: number;
  errors: Told[];
  warnings: Told[];
  projects: After[];
}
export interface Edit {
  base_revision: number;
  source: string;
  acts: readonly object[];
}

export const checkEdit = async (edit: Edit): Promise<Checked> =>
  (await exchange<Checked>("POST", "/api/edits/check", edit)).body;

/** Answers the number of the staged changeset. */
export const stageEdit = async (edit: Edit & { reason: string }, key: string): Promise<number> =>
  (await exchange<{ changeset: number }>("POST", "/api/edits", edit, { "Idempotency-Key": key })).body
    .changeset;
