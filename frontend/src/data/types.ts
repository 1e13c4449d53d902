/** What the service answers, as types. Property names are those of the interface. */
import type { Geometry } from "./geometry";

export type PhaseId =
  | "unknown"
  | "proposed"
  | "planned"
  | "preparing"
  | "building"
  | "completing"
  | "in_service"
  | "closed"
  | "cancelled";
export type Basis = "fact" | "promise" | "none";
export type LightId = "green" | "amber" | "red" | "silent" | "grey";
export type PrecisionId = "surveyed" | "digitised" | "approximate" | "schematic" | "unlocated";
export type TierId = "official" | "press" | "web";
export type GroupId = "land" | "transit" | "road" | "industry" | "public" | "context";
/** How a kind is drawn where its geometry leaves a choice. */
export type Form = "line" | "rail" | "road" | "area" | "place" | "station";

/** Anything that carries its name in both languages. */
export interface Named {
  name_zh: string;
  name_en: string;
}

export interface PhaseInfo extends Named {
  code: number;
  id: PhaseId;
  explain_zh: string;
  explain_en: string;
}
export interface Explained<Id extends string> extends Named {
  id: Id;
  explain_zh: string;
  explain_en: string;
}
export interface Hue {
  light: string;
  dark: string;
}
export interface HueOfValue extends Hue {
  on_light: string;
  on_dark: string;
}
export interface KindStyle extends Hue {
  order: number;
  glyph: string;
  form: Form;
  width?: number;
  /** The attribute whose value may override the hue, for example a line number. */
  by?: string | null;
  values?: Record<string, HueOfValue>;
}
export interface KindInfo extends Named {
  id: string;
  group: GroupId;
  tracked: boolean;
  geometry: string[];
  milestones: (Named & { code: string; phase: PhaseId })[];
  fields: (Named & { code: string; unit: string; unit_en?: string; values: (Named & { value: string })[] })[];
  style: KindStyle;
  /** Where the page takes its projects from: all of them at once, or vector tiles. */
  served: "features" | "tiles";
  /** How many there are, and how many of those are drawn. */
  projects: number;
  placed: number;
}
export interface AreaInfo extends Named {
  id: string;
  within_zh: string;
  within_en: string;
  tz: string;
  /** West, south, east, north in degrees. */
  bbox_lonlat: [number, number, number, number];
  days: { from: string; to: string };
}
/** An optional background. `tiles` are templates with {z}, {x} and {y}, bottom to top. */
export interface BasemapInfo extends Named {
  id: string;
  tiles: string[];
  max_zoom: number;
  credit_zh: string;
  credit_en: string;
}
export interface Catalogue {
  revision: number;
  today: string;
  languages: string[];
  area: AreaInfo;
  phases: PhaseInfo[];
  commitments: (Explained<string> & { code: number })[];
  precisions: Explained<PrecisionId>[];
  lights: Explained<LightId>[];
  tiers: Explained<TierId>[];
  groups: (Named & { id: GroupId })[];
  kinds: KindInfo[];
  credits: { zh: string; en: string; licence: string }[];
  basemaps: BasemapInfo[];
  site: { footer_zh: string; footer_en: string; map_approval: string; report_address: string };
}

export type GroundRole =
  | "outline"
  | "district"
  | "neighbour"
  | "water"
  | "river"
  | "green"
  | "peak"
  | "road"
  | "railway"
  | "metro_station"
  | "rail_station"
  | "interchange"
  | "place";
export interface GroundProperties extends Named {
  role: GroundRole;
  /** Of roads: avenue, road, street, highway. */
  class?: string | null;
  min_zoom?: number | null;
  precision: PrecisionId;
  source: string;
}
export interface Feature<P> {
  type: "Feature";
  id: string;
  geometry: Geometry | null;
  properties: P;
}
export interface Ground {
  features: Feature<GroundProperties>[];
}

export interface NextPromise {
  milestone: string;
  date: string | null;
  due_latest: string | null;
  commitment: string;
  moves: number;
  slip_days: number;
}
export interface ProjectProperties extends Named {
  id: string;
  kind: string;
  aliases: string[];
  /** First letters in pinyin of the Chinese name and of each alias, in that order. */
  initials?: string[];
  phase: PhaseId | null;
  basis: Basis;
  maybe: PhaseId | null;
  light: LightId;
  light_milestone: string | null;
  light_days: number | null;
  /** Green because it was kept; otherwise it is not yet due. */
  light_kept?: boolean;
  /** The claim that proves a delay. */
  light_evidence?: number | null;
  precision: PrecisionId;
  partial: boolean;
  drawn: boolean;
  parent: string | null;
  parts: Partial<Record<PhaseId, number>> | null;
  phases: string;
  last_heard: string | null;
  community: string | null;
  attrs: Record<string, string | number | boolean | null>;
  note_zh: string | null;
  note_en: string | null;
  area_ha: number | null;
  length_km: number | null;
  next: NextPromise | null;
}
export type Project = Feature<ProjectProperties>;
export interface Projects {
  revision: number;
  day: string;
  known: string;
  today: string;
  numberMatched: number;
  numberReturned: number;
  links: { rel: string; href: string }[];
  features: Project[];
}

export interface SourceInfo {
  id: string;
  publisher_zh: string;
  publisher_en: string;
  title: string;
  title_en?: string;
  tier: TierId;
  published: string | null;
  retrieved_on: string;
  address: string | null;
  licence: string | null;
  licence_zh?: string | null;
}
export interface Claim {
  n: number;
  property: string;
  label_zh: string;
  label_en: string;
  value: string | number | null;
  /** Of a list of stops: by the English names of those that have one. */
  value_en?: string | null;
  unit: string | null;
  unit_en?: string | null;
  date: string | null;
  earliest: string | null;
  latest: string | null;
  approx: boolean;
  commitment: string;
  said_on: string | null;
  said_earliest: string | null;
  said_latest: string;
  locator: string | null;
  locator_zh?: string | null;
  locator_en?: string | null;
  quote: string | null;
  /** Our summary in either language. */
  quote_zh?: string | null;
  quote_en?: string | null;
  /** True: the source's own words. False: our summary of them. */
  verbatim: boolean;
  note: string | null;
  note_zh?: string | null;
  note_en?: string | null;
  rev: number;
  withdrawn: { rev: number; reason: string } | null;
  standing: "holds" | "agrees" | "conflicts" | "superseded" | "words";
  source: SourceInfo;
}
export interface MilestoneActual {
  date: string | null;
  earliest: string | null;
  latest: string | null;
  claim: number;
}
export interface PromiseSaid {
  claim: number;
  said_on: string | null;
  date: string | null;
  earliest: string | null;
  latest: string | null;
  commitment: string;
}
export interface MilestonePlanned {
  date: string | null;
  earliest: string | null;
  latest: string | null;
  commitment: string | null;
  moves: number;
  slip_days: number;
  disputed: boolean;
  claim: number | null;
  history: PromiseSaid[];
  undated: number[];
}
export interface Measure extends Named {
  code: string;
  value: string | number | null;
  value_en?: string | null;
  unit: string | null;
  unit_en?: string | null;
  date: string | null;
  claim: number;
}
export interface Milestone extends Named {
  code: string;
  phase: PhaseId;
  actual: MilestoneActual | null;
  planned: MilestonePlanned | null;
  /** Without a unit of its own it has that of the claim. */
  measure: {
    value: string | number | null;
    unit?: string | null;
    unit_en?: string | null;
    date: string | null;
    claim: number;
  } | null;
}
export interface Relative extends Named {
  id: string;
  kind: string;
  phase: PhaseId | null;
  basis: Basis;
}
export interface Former extends Named {
  id: string;
  kind: string;
}
export interface PlaceInfo {
  id: string;
  source: string | null;
  source_zh?: string | null;
  licence: string | null;
  licence_zh?: string | null;
  datum: string | null;
  datum_zh?: string | null;
  note: string | null;
  note_zh?: string | null;
}
export interface Published {
  revision: number;
  changeset: number;
  kind: string;
  title_zh: string;
  title_en: string;
  published_at: string;
  ops: string[];
}
export interface ProjectDetail extends ProjectProperties {
  light_reason_zh: string;
  light_reason_en: string;
  milestones: Milestone[];
  claims: Claim[];
  conflicts: { winner: number; loser: number }[];
  measures: Measure[];
  attrs_en?: Record<string, string>;
  parents: Relative[];
  children: Relative[];
  /** What stands beside it since a split: what was split off it, and what it was split off. */
  successors: Relative[];
  predecessors: Relative[];
  /** What it came from that is no more on the chart, the last first. */
  formerly: Former[];
  differs_from_parts: boolean;
  place: PlaceInfo[];
  history: Published[];
}

export interface TimelineDate {
  id: string;
  kind: string;
  milestone: string;
  date: string;
  earliest: string | null;
  latest: string | null;
  promised: boolean;
  commitment: string;
  phase: PhaseId;
}
export interface Timeline {
  revision: number;
  from: string;
  to: string;
  dates: TimelineDate[];
  left_out: { zh: string; en: string; n: number }[];
}
