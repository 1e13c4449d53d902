/** What is typed into the form, what is sent of it, and which of its faults are told where. Pure. */
import type { ClaimBody, NewSource, Preview, SourceFound, Told } from "../data/recording";
import type { Claim, KindInfo, Named } from "../data/types";

/** What stands in the form. source: a document that is known; fresh: one that is not, as it is typed. */
export interface Draft extends Omit<ClaimBody, "source"> {
  source: SourceFound | null;
  fresh: NewSource | null;
  /** Why a claim is corrected. */
  reason: string;
}

export const EMPTY: Draft = {
  property: "",
  value: "",
  unit: "",
  date: "",
  commitment: "",
  said_on: "",
  source: null,
  fresh: null,
  locator: "",
  quote: "",
  verbatim: true,
  note: "",
  reason: "",
};

/** A document that nobody cited yet, from what was typed into the search: its address, or its title. */
export function newSource(typed: string): NewSource {
  const words = typed.trim();
  const isAddress = /^https?:\/\//i.test(words);
  return {
    publisher_zh: "",
    title: isAddress ? "" : words,
    tier: "",
    published: "",
    address: isAddress ? words : "",
    document_number: "",
  };
}

/** The form as it stands when a claim is to be corrected. */
export const draftOf = (claim: Claim): Draft => ({
  ...EMPTY,
  property: claim.property,
  value: String(claim.value ?? ""),
  unit: claim.unit ?? "",
  date: claim.date ?? "",
  commitment: claim.commitment,
  said_on: claim.said_on ?? "",
  source: claim.source,
  locator: claim.locator ?? "",
  quote: claim.quote ?? "",
  verbatim: claim.verbatim,
  note: claim.note ?? "",
});

/** After one fact of a document comes the next: the document stays. */
export const nextOf = (draft: Draft, cited: string | null): Draft => ({
  ...EMPTY,
  source:
    draft.source ??
    (draft.fresh && cited ? { ...draft.fresh, id: cited, publisher_en: draft.fresh.publisher_zh } : null),
});

export type Head = "milestone" | "measure" | "phase" | "activity" | "mention" | "";
export const headOf = (property: string): Head => property.split(":")[0] as Head;

/** Which fields a property has besides those that all have. */
export const hasValue = (property: string): boolean =>
  ["measure", "phase", "activity"].includes(headOf(property));

export function bodyOf(draft: Draft): ClaimBody {
  const { source, fresh, reason: _, ...rest } = draft;
  const measured = headOf(draft.property) === "measure";
  return {
    ...rest,
    value: hasValue(draft.property) ? rest.value : "",
    unit: measured ? rest.unit : "",
    source: fresh ?? source?.id ?? "",
  };
}

export const isTyped = (draft: Draft, from: Draft): boolean => JSON.stringify(draft) !== JSON.stringify(from);

export interface Choice extends Named {
  property: string;
}
/** What can be said of a project of a kind: its milestones, its figures, and how much of a milestone is done. */
export function choicesOf(kind: KindInfo): Record<"milestones" | "measures" | "shares", Choice[]> {
  const named = (head: string) => (one: Named & { code: string }) => ({
    property: `${head}:${one.code}`,
    name_zh: one.name_zh,
    name_en: one.name_en,
  });
  const figures = kind.fields.filter((field) => field.unit);
  // Two figures of one name are told apart by their units.
  const names = figures.map((field) => field.name_zh);
  const isShared = (name: string): boolean => names.indexOf(name) !== names.lastIndexOf(name);
  const figure = (field: KindInfo["fields"][number]): Choice => {
    const own = named("measure")(field);
    if (!isShared(field.name_zh)) return own;
    return { ...own, name_zh: `${own.name_zh}（${field.unit}）`, name_en: `${own.name_en} (${field.unit})` };
  };
  const measured = new Set(figures.map((field) => field.code));
  return {
    milestones: kind.milestones.map(named("milestone")),
    measures: figures.map(figure),
    shares: kind.milestones.filter((one) => !measured.has(one.code)).map(named("measure")),
  };
}

/** The unit that a figure usually has; empty where there is none. */
export const unitOf = (kind: KindInfo, property: string): string =>
  kind.fields.find((field) => `measure:${field.code}` === property)?.unit ?? "";

/** What a pointer of the service stands for in a body; undefined: nothing. */
export function at(body: unknown, pointer: string): unknown {
  return pointer
    .split("/")
    .slice(2)
    .reduce<unknown>(
      (inner, name) =>
        inner && typeof inner === "object" ? (inner as Record<string, unknown>)[name] : undefined,
      body,
    );
}

/**
 * The faults that are told: of fields that are as they were when the service looked, and, until somebody has tried
 * to publish, only of those in which something stands. An empty form is not wrong yet.
 */
export function faultsTold(
  found: readonly Told[],
  looked: ClaimBody | null,
  body: ClaimBody,
  tried: boolean,
): Told[] {
  return found.filter(({ pointer }) => {
    const now = at(body, pointer);
    if (JSON.stringify(now) !== JSON.stringify(at(looked, pointer))) return false;
    return tried || Boolean(now);
  });
}

export interface Proposal {
  commitment: string;
  /** The word of the quote that carries it. */
  word: string;
}
/** What the words of the quote propose, and by which of them. */
export function proposalOf(words: Preview["words"] | null): Proposal | null {
  const commitment = words?.commitment;
  const carrying = words?.words.find((one) => one.commitment === commitment);
  return commitment && carrying ? { commitment, word: carrying.word } : null;
}

/** What was asked to be confirmed; another set of warnings asks anew. */
export const markOf = (warnings: readonly Told[]): string =>
  warnings.map((one) => `${one.pointer} ${one.code} ${one.detail_zh}`).join("\n");

/** Whether a fault has a field of the form to be told at. */
export const isOfAField = (pointer: string): boolean => {
  const [name, inner] = pointer.split("/").slice(2);
  return inner === undefined ? name in EMPTY : name === "source" && inner in newSource("");
};

/** The id of the field that a pointer means: `/body/source/address` → `record-source-address`. */
export const fieldId = (pointer: string): string => `record-${pointer.split("/").slice(2).join("-")}`;
