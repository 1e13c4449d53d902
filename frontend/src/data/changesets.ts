/** Uploads and changesets as the service answers them. Property names are those of the interface. */
import type { Geometry } from "./geometry";
import type { Named } from "./types";

export type Mode = "merge" | "replace";

/** The form beside a file; the last part answers questions that a file left open. */
export interface Form {
  kind: string;
  dataset: string;
  mode: Mode;
  /** `YYYY-MM-DD`, empty for today. */
  data_date: string;
  /** Who issues it; empty: the dataset stands for them. */
  publisher: string;
  /** Empty until it is chosen: how much a source counts for is not guessed. */
  tier: Tier | "";
}
/** Which kind of source a file is. */
export type Tier = "official" | "press" | "web";
/** What a form says in place of a kind: a ledger (台账), whose rows are of projects of any kind. */
export const LEDGER = "ledger";
/** What tells how sure the places of a file are, where its rows do not. */
export type PrecisionAsked = "surveyed" | "digitised" | "approximate" | "schematic";
export interface Answers {
  crs?: string;
  axis?: string;
  source_crs?: string;
  encoding?: string;
  layer?: string;
  key_field?: string;
  mapping?: Partial<Mapping>;
}

export interface Column {
  field: string;
  target: string;
  unit: string;
  how: string;
  also: string[];
  /** What a column of remarks becomes when it is made public; empty for any other. */
  remark?: string;
}
export interface Mapping {
  columns: Column[];
  precision: string;
  words: Record<string, string>;
  cleared: string[];
}
export type Severity = "block" | "warn";
export interface Issue {
  code: string;
  severity: Severity;
  detail_zh: string;
  detail_en: string;
  field: string;
  lon: number | null;
  lat: number | null;
}
/** What a file was read as, and what came of comparing it. */
export interface Report {
  rows: number;
  format: string;
  encoding: string;
  crs: string;
  crs_names: Named;
  crs_known_by: string;
  axis: string;
  /** All that an archive or a GeoPackage holds, and the one that was read; older reports have none. */
  layers?: string[];
  layer?: string;
  /** Rows that say they are of another kind than the file was sent as. */
  other_kinds?: { kind: string; rows: number }[];
  notes: Issue[];
  mapping: Mapping;
  targets: string[];
  counts: Record<"added" | "changed" | "removed" | "same" | "blocked", number>;
  heard: number;
  /** The words of the status that were recognised; older reports have none. */
  status_words?: { word: string; phase: string; rows: number }[];
  /** What its claims will cite. is_public: another file of the same day made it public, and so it stays. */
  source?: { publisher_zh: string; publisher_en: string; tier: Tier; is_public: boolean };
}
export interface Job {
  state: "waiting" | "running" | "finished" | "failed";
  stage: string;
  done: number;
  total: number;
  answer: { body?: Outcome; problem?: Record<string, unknown> } | null;
}
export interface UploadEntry extends Omit<Form, "publisher" | "tier"> {
  publisher: string | null;
  tier: Tier | null;
  /** Of a file of several, the one that was asked for. */
  layer: string | null;
  id: number;
  account: string;
  state: string;
  name: string;
  size: number;
  changeset: number | null;
  created_at: string;
}
export interface ListedUpload extends UploadEntry {
  changeset_state: string | null;
}
export interface Upload extends UploadEntry {
  /** What was said beside the form, when the file left it open. */
  answers: Omit<Answers, "mapping">;
  report: (Report & { refused?: Record<string, unknown> }) | null;
  job: Job | null;
}

export type Op = "add" | "change" | "remove" | "claim" | "withdraw" | "relate" | "unrelate" | "heard";
export type Verdict = "added" | "changed" | "removed";
export type Decision = "accept" | "reject" | "blocked" | "conflict";
export interface ChangesetEntry {
  id: number;
  undone_by?: number | null;
  mode?: Mode | null;
  kind: "seed" | "upload" | "edit" | "revert";
  state: "staged" | "published" | "discarded";
  rev: number | null;
  reverts: number | null;
  title_zh: string;
  title_en: string;
  data_date: string | null;
  published_at: string | null;
  created_by: string | null;
  created_at: string | null;
  published_by: string | null;
  reason: string | null;
  dataset: string | null;
  version: number | null;
  /** In the log, for staff: how many changes of each sort. */
  acts?: Partial<Record<Op, number>> | null;
}
/** Whose doing it is; nobody's when it came with the installation. */
export const whoseDoing = (one: ChangesetEntry): string | null =>
  one.kind === "seed" ? null : one.state === "published" ? one.published_by : one.created_by;
/** How many rows have an issue, with the words of one of them, and all the fields that it concerns. */
export interface IssueCount {
  code: string;
  severity: Severity;
  count: number;
  /** In how many of them the change is accepted. */
  accepted: number;
  detail_zh: string;
  detail_en: string;
  fields: string[];
}
export interface Counts {
  changes: { op: Op; decision: Decision; count: number }[];
  /** How many projects, each row of a file for itself. */
  projects: { verdict: Verdict; decision: Decision; count: number }[];
  issues: IssueCount[];
  /** West, south, east, north in degrees. */
  bbox_lonlat: [number, number, number, number] | null;
}
export interface Changeset extends ChangesetEntry {
  upload: number | null;
  counts: Counts;
  warnings: number;
  confirm: string;
  /** The first of it in words. */
  kept: { target: string; part: string; moved_at: number; detail_zh?: string; detail_en?: string }[];
  expires_on: string | null;
  /** Only claims recorded, withdrawn or corrected by hand: who may record may take it back. */
  recorded: boolean | null;
}
export type Content = Record<string, unknown>;
/** The source of a claim; what it does not say is empty or null. */
export interface Cited {
  id: string;
  title: string | null;
  title_en: string | null;
  publisher_zh: string | null;
  publisher_en: string | null;
  address: string | null;
}
export interface Change {
  n: number;
  row: number | null;
  op: Op;
  target: string;
  decision: Decision;
  before: Content | null;
  after: Content | null;
  issues: Issue[];
  cited: Cited | null;
  /** Numbers of those that are decided with it: the parts of one split or merger. */
  along: number[];
  name_zh: string;
  name_en: string;
  /** By id, what other projects in it are called: ends of a relation, successors, who was heard of. */
  named: Record<string, { name_zh: string; name_en: string }>;
  /** The project that it is, speaks of, or relates to another. */
  about: string;
  kind: string;
  located: boolean;
  /** It has a shape on both sides. */
  reshaped: boolean;
  lon: number | null;
  lat: number | null;
}
export interface ChangeShapes extends Change {
  geometry_before: Geometry | null;
  geometry_after: Geometry | null;
}
/** Which changes are meant; what is left out means any. bbox: west,south,east,north in degrees. */
export interface Filter {
  op?: Op;
  issue?: string;
  severity?: Severity;
  decision?: Decision;
  q?: string;
  bbox?: string;
}
export interface Outcome {
  changeset: number;
  revision?: number | null;
  kept?: number | null;
  moved?: number | null;
  settled?: number | null;
  impossible?: number | null;
}
export interface Decided {
  changed: number;
  version: number;
  warnings: number;
  confirm: string;
  counts: Counts;
}

/** How a change is drawn and marked. */
export type Look = "added" | "changed" | "removed" | "blocked" | "rejected" | "said";

export function lookOf(op: Op, decision: Decision): Look {
  if (decision === "blocked" || decision === "conflict") return "blocked";
  if (decision === "reject") return "rejected";
  return op === "add" ? "added" : op === "change" ? "changed" : op === "remove" ? "removed" : "said";
}
