/** What answers of the service mean to a reader: counts, differences, places, questions. Pure. */
import type {
  Change,
  ChangeShapes,
  Changeset,
  Content,
  Counts,
  Decision,
  Op,
  Upload,
  Verdict,
} from "../data/changesets";
import type { Fault, Problem } from "../data/fetch";
import {
  type Geometry,
  linesOf,
  middleOf,
  type Position,
  pointsOf,
  polygonsOf,
  roughMetres,
} from "../data/geometry";
import { hectaresOf, isWithin } from "../data/measure";
import type { Catalogue, KindInfo } from "../data/types";
import type { UploadText } from "../text/upload";
import { dateIn, type Lang, nameIn } from "../text/words";

/** How many changes there are of an act, or decided so; of both when both are given. */
export function countOf(counts: Counts, op: Op | null, decision: Decision | null = null): number {
  return counts.changes
    .filter((one) => (op === null || one.op === op) && (decision === null || one.decision === decision))
    .reduce((sum, one) => sum + one.count, 0);
}

/** How many projects there are of a verdict and a decision; of any where null. */
export function projectsOf(
  counts: Counts,
  verdict: Verdict | null,
  ...decisions: readonly Decision[]
): number {
  return counts.projects
    .filter((one) => verdict === null || one.verdict === verdict)
    .filter((one) => !decisions.length || decisions.includes(one.decision))
    .reduce((sum, one) => sum + one.count, 0);
}

/** What comparing a file came to, or publishing it: how many projects, in the same words wherever it is told. */
export function comparedIn(
  { state, counts }: Pick<Changeset, "state" | "counts">,
  same: number | null,
  text: UploadText,
): string {
  const isPublic = state === "published";
  const decisions: readonly Decision[] = isPublic ? ["accept"] : ["accept", "reject", "conflict"];
  const of = (verdict: Verdict): number => projectsOf(counts, verdict, ...decisions);
  const left = isPublic ? projectsOf(counts, null, "reject", "conflict") : 0;
  return text.report.counts(of("added"), of("changed"), of("removed"), same, left);
}

const OPS: readonly Op[] = ["add", "change", "remove", "claim", "withdraw", "relate", "unrelate", "heard"];
/** The first three are always told, also when there are none. */
const ALWAYS = 3;

export const opsOf = (counts: Counts): Op[] => OPS.filter((op, i) => i < ALWAYS || countOf(counts, op) > 0);

/** Whether all of a file was public already, so that nothing waits for review. */
export const isNothing = ({ kind, state, counts }: Pick<Changeset, "kind" | "state" | "counts">): boolean =>
  kind === "upload" && state === "discarded" && counts.changes.length === 0;

/** How a changeset came to be: by a file, on the map, by recording claims by hand, as an undo, or with the chart. */
export const wayOf = ({
  kind,
  recorded,
}: Pick<Changeset, "kind" | "recorded">): Changeset["kind"] | "record" =>
  kind === "edit" && recorded ? "record" : kind;

/** Whether nothing says in which system the places of a file are, so that one was assumed. */
export const isAssumed = ({ report, answers }: Pick<Upload, "report" | "answers">): boolean =>
  report?.crs === "EPSG:4326" && report.crs_known_by === "default" && !answers.source_crs;

// --- differences ------------------------------------------------------------------------------
export interface Difference {
  name: string;
  before: string;
  after: string;
}
export interface Vocabulary {
  lang: Lang;
  /** By id, what other projects in a change are called. */
  named?: Change["named"];
  catalogue: Catalogue;
  text: UploadText;
}

/** What is kept beside the attributes of a kind and is not public: other columns, and what needs clearing. */
const APART = ["_kept", "_withheld"];
const BESIDE = "kept.";
/** Until which day each project was heard of, by its id. */
const DAYS = "days.";
/** Fields that hold ids of projects. */
const IDS = new Set(["from", "to", "successors"]);
/** What a reader of a difference has no use for: it says where a row came from, as the head of the page does. */
const QUIET = new Set(
  "place dataset target counts_in verbatim note quote_zh quote_en locator source said_on restates".split(" "),
);

/** What differs between the two sides of a change, field by field, in words; the shape is told apart. */
export function differencesOf(
  change: Pick<Change, "before" | "after" | "kind"> & Partial<Pick<Change, "named">>,
  { lang, catalogue, text }: Vocabulary,
): Difference[] {
  const vocabulary = { lang, catalogue, text, named: change.named ?? {} };
  const before = flat(change.before);
  const after = flat(change.after);
  const kind = kindOf(change, vocabulary.catalogue);
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => !QUIET.has(key))
    .map((key) => ({
      name: fieldName(key, kind, vocabulary),
      before: valueIn(key, before.get(key), kind, vocabulary),
      after: valueIn(key, after.get(key), kind, vocabulary),
    }))
    .filter((one) => one.before !== one.after);
}

/** One level of names: attributes as `attrs.code`, what is kept beside them as `kept.name`. */
function flat(content: Content | null): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [key, value] of Object.entries(content ?? {})) {
    if (key === "days" && value && typeof value === "object")
      for (const [id, day] of Object.entries(value)) found.set(`${DAYS}${id}`, day);
    else if (key !== "attrs" || !value || typeof value !== "object") found.set(key, value);
    else
      for (const [code, inner] of Object.entries(value))
        if (!APART.includes(code) || !inner || typeof inner !== "object") found.set(`attrs.${code}`, inner);
        else for (const [name, kept] of Object.entries(inner)) found.set(`${BESIDE}${name}`, kept);
  }
  return found;
}

export const kindOf = (change: Pick<Change, "kind">, { kinds }: Catalogue): KindInfo | null =>
  kinds.find((kind) => kind.id === change.kind) ?? null;

/** What a project is called, and its id, for there may be two of a name. */
function projectIn(id: string, { lang, named }: Pick<Vocabulary, "lang" | "named">): string {
  const found = named?.[id];
  return found ? `${nameIn(lang, found)} · ${id}` : id;
}

function fieldName(
  key: string,
  kind: KindInfo | null,
  { lang, text, named }: Pick<Vocabulary, "lang" | "text" | "named">,
): string {
  if (key.startsWith(BESIDE)) {
    const inner = key.slice(BESIDE.length);
    return text.changes.kept(fieldName(inner.replace(/^attr:/, "attrs."), kind, { lang, text }));
  }
  if (key.startsWith(DAYS)) return projectIn(key.slice(DAYS.length), { lang, named });
  const code = key.replace(/^attrs\./, "");
  const field = kind?.fields.find((one) => one.code === code);
  if (field) return nameIn(lang, field);
  return text.changes.fields[key] ?? key;
}

function valueIn(key: string, value: unknown, kind: KindInfo | null, vocabulary: Vocabulary): string {
  const { lang, catalogue, text } = vocabulary;
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "boolean") return value ? text.changes.yes : text.changes.no;
  if (Array.isArray(value))
    return value.map((one) => valueIn(key, one, kind, vocabulary)).join(lang === "zh" ? "、" : ", ");
  if (typeof value === "object") return JSON.stringify(value);
  const said = String(value);
  if (IDS.has(key)) return projectIn(said, vocabulary);
  const named = <T extends { id: string; name_zh: string; name_en: string }>(of: readonly T[]): string => {
    const found = of.find((one) => one.id === said);
    return found ? nameIn(lang, found) : said;
  };
  if (key === "value") return named(catalogue.phases);
  if (key === "property") return propertyIn(said, vocabulary);
  if (key === "precision") return named(catalogue.precisions);
  if (key === "kind") return named(catalogue.kinds);
  if (key === "commitment") return named(catalogue.commitments);
  if (key === "type") return text.changes.relations[said] ?? said;
  if (key === "date" || key === "on_date" || key.startsWith(DAYS)) return dateIn(lang, said);
  const field = kind?.fields.find((one) => `attrs.${one.code}` === key);
  const word = field?.values.find((one) => one.value === said);
  if (word) return nameIn(lang, word);
  const unit = field && (lang === "zh" ? field.unit : (field.unit_en ?? field.unit));
  return unit ? `${said} ${unit}` : said;
}

/** What a claim is about: a milestone by its name, or a word of ours. */
function propertyIn(property: string, { lang, catalogue, text }: Vocabulary): string {
  const code = property.replace(/^(milestone|measure):/, "");
  const named = catalogue.kinds
    .flatMap((kind) => [...kind.milestones, ...kind.fields])
    .find((one) => one.code === code);
  return named ? nameIn(lang, named) : (text.changes.fields[property] ?? text.changes.fields[code] ?? code);
}

/** So much of a claim's words stands in one line. */
const SHOWN = 80;

/** What a claim says: of what, which value, of which day. statusColumn: of the file that it came with. */
export function claimIn(
  after: Content,
  { lang, catalogue, text }: Vocabulary,
  statusColumn: string | null = null,
): string {
  const property = String(after.property ?? "");
  const value = String(after.value ?? "");
  const phase = catalogue.phases.find((one) => one.id === value);
  const known = phase ? nameIn(lang, phase) : [value, String(after.unit ?? "")].filter(Boolean).join(" ");
  // The cell as the file has it stands behind the name of its column.
  const quote = String(after.quote ?? "");
  const cell = statusColumn !== null && quote.startsWith(`${statusColumn}：`);
  const word = phase && cell ? quote.slice(statusColumn.length + 1).slice(0, SHOWN) : "";
  const said = word && word !== known ? became(word, known) : known;
  // Of what is only words these say more than that they were said.
  if (property === "mention" && after.note)
    return text.changes.claim(String(after.note), String(after.quote ?? "").slice(0, SHOWN), "");
  const name = propertyIn(property, { lang, catalogue, text });
  return text.changes.claim(name, said, after.date ? dateIn(lang, String(after.date)) : "");
}

/** How far and whither (degrees clockwise from north) the middle of a shape moved, and by how many points each
 *  side is drawn; null without both sides. hectares: of both sides, when they are areas of another size. isCut:
 *  it moved only in that a part of it is gone. */
export function movement({ geometry_before: a, geometry_after: b }: ChangeShapes): {
  metres: number;
  bearing: number;
  points: [number, number];
  hectares: [string, string] | null;
  isCut: boolean;
} | null {
  if (!a || !b) return null;
  const [from, to] = [middleOf(a), middleOf(b)];
  const [before, after] = [polygonsOf(a), polygonsOf(b)];
  const hectares: [string, string] = [hectaresOf(before).toFixed(2), hectaresOf(after).toFixed(2)];
  const isResized = before.length > 0 && after.length > 0 && hectares[0] !== hectares[1];
  return {
    metres: roughMetres(from, to),
    bearing: bearingOf(from, to),
    points: [pointsIn(a), pointsIn(b)],
    hectares: isResized ? hectares : null,
    isCut: isResized && hectaresOf(after) < hectaresOf(before) && isWithin(after, before),
  };
}

/** On a local plane, as `roughMetres`. */
function bearingOf([lonA, latA]: Position, [lonB, latB]: Position): number {
  const east = (lonB - lonA) * Math.cos((((latA + latB) / 2) * Math.PI) / 180);
  return (Math.round((Math.atan2(east, latB - latA) * 180) / Math.PI) + 360) % 360;
}

const pointsIn = (geometry: Geometry): number =>
  pointsOf(geometry).length + linesOf(geometry).flat().length + polygonsOf(geometry).flat(2).length;

export const metresIn = (metres: number): string =>
  metres >= 1000
    ? `${(metres / 1000).toFixed(1)} km`
    : `${metres < 10 ? metres.toFixed(1) : Math.round(metres)} m`;

// --- places -----------------------------------------------------------------------------------
/** Faults of the text itself, before it has rows. */
const OF_TEXT = new Set(["csv-quote", "landpoints-structure"]);

/** Where in the file a fault is: its row, of a table as a spreadsheet counts them; the line of text where there are
 *  no rows yet, or the file is a text (isText). */
export function placeOf(fault: Fault, isText: boolean, text: UploadText): string {
  const parts: string[] = [];
  const asLine = isText || typeof fault.column === "number" || OF_TEXT.has(fault.code);
  if (typeof fault.line === "number") parts.push((asLine ? text.place.line : text.place.row)(fault.line));
  else if (typeof fault.row === "number") parts.push(text.place.row(fault.row + 1));
  if (fault.field) parts.push(text.place.field(fieldIn(fault.field, text)));
  return parts.join(" · ") || text.place.whole;
}

/** A column of the file as it is called there; a field of ours in words. */
const fieldIn = (field: string, text: UploadText): string =>
  text.changes.fields[field] ?? text.targets[field] ?? field;

/** Longitude and latitude of a fault, in degrees; null when it has no place. */
export function placeIn({ lon, lat }: Fault): { lon: number; lat: number } | null {
  return typeof lon === "number" && typeof lat === "number" ? { lon, lat } : null;
}

// --- questions --------------------------------------------------------------------------------
/** One answer that would help, as the field of the form that says it. */
export interface Offer {
  field: "crs" | "axis" | "layer" | "dataset" | "leave";
  value: string;
  axis?: string;
  name: string;
  lands: number | null;
  of: number | null;
}

/** The answers that a refusal offers, in the order of the service. */
export function offersOf(problem: Problem, { lang, text }: Vocabulary): Offer[] {
  const offers = problem.said.offers ?? {};
  const none = { lands: null, of: null };
  const crs = (
    (offers.crs ?? []) as {
      crs: string;
      axis?: string;
      lands?: number;
      of?: number;
      name_zh?: string;
      name_en?: string;
    }[]
  ).map(
    (one): Offer => ({
      field: "crs",
      value: one.crs,
      axis: one.axis,
      name: named(one.crs, nameIn(lang, { name_zh: one.name_zh ?? "", name_en: one.name_en ?? "" }), text),
      lands: one.lands ?? null,
      of: one.of ?? null,
    }),
  );
  const axis = ((offers.axis ?? []) as string[]).map(
    (value): Offer => ({ field: "axis", value, name: text.refused.offer.axis[value] ?? value, ...none }),
  );
  const layer = ((offers.layer ?? []) as string[]).map(
    (value): Offer => ({ field: "layer", value, name: text.refused.offer.layer(value), ...none }),
  );
  const dataset = ((offers.dataset ?? []) as string[]).map(
    (value): Offer => ({ field: "dataset", value, name: text.refused.offer.dataset(value), ...none }),
  );
  const leave = ((offers.leave ?? []) as string[]).map(
    (value): Offer => ({ field: "leave", value, name: text.refused.offer.leave(value), ...none }),
  );
  return [...crs, ...axis, ...layer, ...dataset, ...leave];
}

const named = (code: string, name: string, text: UploadText): string =>
  name ? text.refused.offer.crs(name, code) : code;

const BYTES = 1000;

/** A size as people say it: 52.4 MB. */
export function sizeIn(bytes: number): string {
  if (bytes < BYTES) return `${bytes} B`;
  if (bytes < BYTES ** 2) return `${(bytes / BYTES).toFixed(bytes < 10 * BYTES ? 1 : 0)} kB`;
  return `${(bytes / BYTES ** 2).toFixed(1)} MB`;
}

/** A name for a dataset from that of a file: without its ending and what the service would not take. */
export function datasetOf(name: string): string {
  return name
    .normalize("NFKC")
    .replace(/\.[^.]*$/, "")
    .replace(/[^\p{L}\p{N}_\-. ()]+/gu, "-")
    .slice(0, 80)
    .trim();
}

/** A word of a file and what it was taken for. */
export const became = (word: string, meaning: string): string => `${word} → ${meaning}`;
