/** What the service answers of lines, of places by name and of what is near, as types; and how it is asked. */
import { getJson } from "./fetch";
import type { Basis, Claim, GroupId, LightId, Named, PhaseId, PrecisionId } from "./types";

export interface Dated {
  date: string;
  date_zh: string;
  date_en: string;
}
export interface Opens extends Dated {
  milestone: string;
  due_latest: string;
  commitment: string;
  moves: number;
  slip_days: number;
  approx: boolean;
  disputed: boolean;
  first: Dated | null;
}
/** A promise of opening; `lapsed`: its day has passed and nothing was heard. */
export interface Opening extends Opens {
  lapsed: boolean;
}
/** `again`: it had been closed before; `disputed`: sources disagree about the day. */
export interface Opened extends Dated {
  milestone: string;
  again: boolean;
  disputed: boolean;
}
export interface Openings {
  opened: Opened | null;
  opens: Opening | null;
  next: Opens | null;
  /** Other steps whose promised dates moved. */
  moved: Opens[];
}
export type Attrs = Record<string, string | number | boolean | null>;

export interface NearEntry extends Named, Openings {
  id: string;
  kind: string;
  precision: PrecisionId;
  phase: PhaseId;
  basis: Basis;
  maybe: PhaseId | null;
  attrs: Attrs;
  last_heard: string | null;
  light: LightId;
  light_days: number | null;
  note_zh: string;
  note_en: string;
  parent: (Named & { id: string; kind: string; attrs: Attrs }) | null;
  distance_m: number | null;
  distance_zh: string;
  distance_en: string;
  said: Claim | null;
}
export const GROUPS = ["opens_by", "later", "no_date", "open"] as const;
export type NearGroup = (typeof GROUPS)[number];

export interface PlaceFound extends Named {
  id: string;
  kind: string;
  label_zh: string;
  label_en: string;
  precision: PrecisionId;
  lon: number;
  lat: number;
}
export interface Near {
  revision: number;
  today: string;
  by: string;
  radius_m: number;
  group: GroupId[];
  datum: "wgs84" | "gcj02";
  /** WGS84. */
  centre: { lon: number; lat: number };
  place: PlaceFound | null;
  summary_zh: string;
  summary_en: string;
  counts: Record<NearGroup, number>;
  groups: Record<NearGroup, NearEntry[]>;
  left_out: { unlocated: number; ended: number; farther: number };
}

export interface Station extends Named, Openings {
  id: string;
  kind: string;
  phase: PhaseId;
  basis: Basis;
  maybe: PhaseId | null;
  precision: PrecisionId;
  located: boolean;
}
export interface Stop extends Named {
  gap: boolean;
  station: Station | null;
  meets: string[];
}
export interface LineState extends Named, Openings {
  id: string;
  kind: string;
  attrs: Attrs;
  phase: PhaseId;
  basis: Basis;
  maybe: PhaseId | null;
  drawn: boolean;
  precision: PrecisionId;
  located: boolean;
  last_heard: string | null;
  of_parts: Partial<Record<PhaseId, number>> | null;
}
export interface Section extends LineState {
  listed: "stops" | "passes" | "placed" | "none";
  joins: boolean;
  said: Claim | null;
  /** What else was last said of it. */
  word: Claim | null;
  stations: string | null;
  named: number;
  stops: Stop[];
  below: LineState[];
}
export interface Line extends LineState {
  note_zh: string;
  note_en: string;
  parts: Section[];
}
export interface Lines {
  revision: number;
  today: string;
  lines: Line[];
}

/** Raise Problem as getJson does. `query`: as the service takes it. */
export const askNear = (query: URLSearchParams, signal?: AbortSignal): Promise<Near> =>
  getJson(`/api/near?${query}`, signal);
export const loadLines = (): Promise<Lines> => getJson("/api/transit");
export const findPlaces = async (words: string, signal?: AbortSignal): Promise<PlaceFound[]> => {
  const query = words ? `?${new URLSearchParams({ q: words })}` : "";
  return (await getJson<{ places: PlaceFound[] }>(`/api/places${query}`, signal)).places;
};
