/** What the service takes and answers when somebody records a fact. Property names are those of the interface. */
import { exchange, getJson } from "./fetch";
import type { LightId, PhaseId, TierId } from "./types";

export interface NewSource {
  publisher_zh: string;
  title: string;
  tier: TierId | "";
  published: string;
  address: string;
  document_number: string;
}
export interface ClaimBody {
  /** `milestone:<code>`, `measure:<code>`, `phase`, `activity` or `mention`. */
  property: string;
  value: string;
  unit: string;
  date: string;
  commitment: string;
  said_on: string;
  source: string | NewSource;
  locator: string;
  quote: string;
  verbatim: boolean;
  note: string;
}
/** Something wrong or odd. pointer: which field, `/body/source/address`. */
export interface Told {
  pointer: string;
  code: string;
  detail_zh: string;
  detail_en: string;
}
export interface DateMeant {
  text: string;
  date_zh: string;
  date_en: string;
  earliest: string | null;
  latest: string | null;
}
export interface PhaseToday {
  phase: PhaseId;
  basis: "fact" | "promise" | "none";
}
export interface LightToday {
  light: LightId;
  kept: boolean;
  reason_zh: string;
  reason_en: string;
}
export interface MilestoneToday {
  actual: { date: string | null } | null;
  planned: { date: string | null; commitment: string | null; moves: number; slip_days: number } | null;
}
interface Around<T> {
  before: T;
  after: T;
}
export interface Effect {
  phase: Around<PhaseToday>;
  light: Around<LightToday>;
  /** Null unless the claim is of a milestone. */
  milestone: Around<MilestoneToday | null> | null;
  amounts: unknown[];
  standing: "holds" | "agrees" | "conflicts" | "superseded" | "words";
  conflicts: { winner: number | null; loser: number | null }[];
  settled: { winner: number; loser: number }[];
}
export interface CommittingWord {
  word: string;
  commitment: string;
}
/** A date that the quote names: `words` may stand in the field of the date. */
export interface DateInWords {
  words: string;
  date: string;
  date_zh: string;
  date_en: string;
  by_year: boolean;
}
export interface Preview {
  at_once: boolean;
  errors: Told[];
  warnings: Told[];
  date: DateMeant | null;
  said_on: DateMeant | null;
  /** Those of the quote; `commitment` is the weakest of them. */
  words: { commitment: string | null; words: CommittingWord[]; dates: DateInWords[] };
  effect: Effect | null;
}
export interface Recorded {
  changeset: number;
  state: "published" | "staged";
  revision: number | null;
  claim: number | null;
  source: string | null;
  withdrawn: number | null;
  warnings: Told[];
}
export interface SourceFound {
  id: string;
  publisher_zh: string;
  publisher_en: string;
  title: string;
  title_en?: string;
  published: string | null;
}

const claimsOf = (project: string): string => `/api/projects/${encodeURIComponent(project)}/claims`;

const acting = async (path: string, body: unknown, key: string): Promise<Recorded> =>
  (await exchange<Recorded>("POST", path, body, { "Idempotency-Key": key })).body;

/** What it would do. replaces: the claim that it would correct. */
export const previewOf = async (
  project: string,
  body: ClaimBody,
  replaces: number | null,
): Promise<Preview> =>
  (await exchange<Preview>("POST", `${claimsOf(project)}/preview`, replaces ? { ...body, replaces } : body))
    .body;

export const recording = (project: string, body: ClaimBody, key: string): Promise<Recorded> =>
  acting(claimsOf(project), body, key);

export const correcting = (claim: number, body: ClaimBody, reason: string, key: string): Promise<Recorded> =>
  acting(`/api/claims/${claim}/correct`, { ...body, reason }, key);

export const withdrawing = (claim: number, reason: string, key: string): Promise<Recorded> =>
  acting(`/api/claims/${claim}/withdraw`, { reason }, key);

/** Documents that hold all the words; without words the latest. */
export const sourcesWith = async (words: string, signal: AbortSignal): Promise<SourceFound[]> =>
  (
    await getJson<{ sources: SourceFound[] }>(
      `/api/sources/search?${new URLSearchParams({ q: words })}`,
      signal,
    )
  ).sources;
