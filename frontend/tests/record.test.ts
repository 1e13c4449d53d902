/** The form by which a fact is recorded: what is sent, what is told where, what words propose. */
import { expect, test } from "vitest";
import type { Told } from "../src/data/recording";
import type { Claim, KindInfo } from "../src/data/types";
import {
  at,
  bodyOf,
  choicesOf,
  type Draft,
  draftOf,
  EMPTY,
  faultsTold,
  fieldId,
  isOfAField,
  isTyped,
  markOf,
  newSource,
  nextOf,
  proposalOf,
  unitOf,
} from "../src/record/draft";

const PAPER = {
  id: "qiaobao-2025-01-16",
  publisher_zh: "深圳侨报",
  publisher_en: "Shenzhen Qiaobao",
  title: "题",
  published: "2025-01-16",
};
const DRAFT: Draft = {
  ...EMPTY,
  property: "milestone:open",
  date: "2028年",
  quote: "力争2028年建成通车",
  source: PAPER,
};
const told = (pointer: string, detail_zh = "错"): Told => ({
  pointer,
  code: "x",
  detail_zh,
  detail_en: "wrong",
});

test("a known document is sent by its id, a new one as it was typed", () => {
  expect(bodyOf(DRAFT).source).toBe("qiaobao-2025-01-16");
  const fresh = { ...newSource("通知"), publisher_zh: "街道办" };
  expect(bodyOf({ ...DRAFT, source: null, fresh }).source).toEqual(fresh);
  expect(bodyOf(EMPTY).source).toBe("");
});

test("what belongs to another property is not sent, nor is the reason with the claim", () => {
  const odd = { ...DRAFT, value: "3", unit: "km", reason: "抄错" };
  expect(bodyOf(odd)).toMatchObject({ value: "", unit: "" });
  expect(bodyOf({ ...odd, property: "measure:length_km" })).toMatchObject({ value: "3", unit: "km" });
  expect(bodyOf({ ...odd, property: "phase" })).toMatchObject({ value: "3", unit: "" });
  expect(Object.keys(bodyOf(odd))).not.toContain("reason");
});

test("an address that is typed into the search becomes the address of a new document", () => {
  expect(newSource(" https://www.lg.gov.cn/1.html ")).toMatchObject({
    address: "https://www.lg.gov.cn/1.html",
    title: "",
  });
  expect(newSource("通知")).toMatchObject({ address: "", title: "通知" });
});

test("a fault is told of what it was found in, and of what is empty only once somebody tried", () => {
  const looked = bodyOf({ ...DRAFT, date: "2025-13", locator: "" });
  const found = [told("/body/date"), told("/body/locator")];
  const pointers = (now: Draft, tried: boolean): string[] =>
    faultsTold(found, looked, bodyOf(now), tried).map((one) => one.pointer);
  expect(pointers({ ...DRAFT, date: "2025-13" }, false)).toEqual(["/body/date"]);
  expect(pointers({ ...DRAFT, date: "2025-13" }, true)).toEqual(["/body/date", "/body/locator"]);
  expect(pointers({ ...DRAFT, date: "2025-12" }, true)).toEqual(["/body/locator"]);
  expect(faultsTold(found, null, looked, false)).toEqual([]);
});

test("a fault of a new document stays at its field while others are typed", () => {
  const fresh = { ...newSource("通知"), address: "ftp://x" };
  const looked = bodyOf({ ...DRAFT, source: null, fresh });
  const now = bodyOf({ ...DRAFT, source: null, fresh: { ...fresh, publisher_zh: "街" } });
  const found = [told("/body/source/address"), told("/body/source/publisher_zh")];
  expect(faultsTold(found, looked, now, true).map((one) => one.pointer)).toEqual(["/body/source/address"]);
});

test("a pointer leads into what is sent, and to its field", () => {
  expect(at({ source: { address: "x" } }, "/body/source/address")).toBe("x");
  expect(at({ source: "qiaobao" }, "/body/source/address")).toBeUndefined();
  expect(fieldId("/body/source/address")).toBe("record-source-address");
  expect(["/body/date", "/body/source", "/body/source/tier", "/body/reason"].every(isOfAField)).toBe(true);
  expect(["/body", "/body/replaces", "/body/date/x", "/body/source/id"].some(isOfAField)).toBe(false);
});

test("the weakest word proposes, and is named", () => {
  const words = [
    { word: "预计", commitment: "expected" },
    { word: "力争", commitment: "aspired" },
  ];
  expect(proposalOf({ commitment: "aspired", words, dates: [] })).toEqual({
    commitment: "aspired",
    word: "力争",
  });
  expect(proposalOf({ commitment: null, words: [], dates: [] })).toBeNull();
  expect(proposalOf(null)).toBeNull();
});

test("other warnings ask anew", () => {
  expect(markOf([told("/body/date", "一")])).not.toBe(markOf([told("/body/date", "二")]));
  expect(markOf([told("/body/date")])).toBe(markOf([told("/body/date")]));
});

test("what can be said of a kind is what it has: milestones, figures with a unit, amounts of milestones", () => {
  const named = { name_zh: "名", name_en: "name" };
  const field = { ...named, values: [] };
  const kind = {
    milestones: [
      { ...named, code: "open", phase: "in_service" },
      { ...named, code: "site", phase: "preparing" },
    ],
    fields: [
      { ...field, code: "length_km", unit: "km" },
      { ...field, code: "site", unit: "ha" },
      { ...field, code: "lead_unit", unit: "" },
    ],
  } as unknown as KindInfo;
  const { milestones, measures, shares } = choicesOf(kind);
  const properties = (list: { property: string }[]): string[] => list.map((one) => one.property);
  expect(properties(milestones)).toEqual(["milestone:open", "milestone:site"]);
  expect(properties(measures)).toEqual(["measure:length_km", "measure:site"]);
  expect(measures.map((one) => one.name_zh)).toEqual(["名（km）", "名（ha）"]);
  expect(properties(shares)).toEqual(["measure:open"]);
  expect(unitOf(kind, "measure:length_km")).toBe("km");
  expect(unitOf(kind, "milestone:open")).toBe("");
});

test("a correction begins with the claim as it stands", () => {
  const claim = {
    ...{ n: 7, property: "measure:length_km", value: 3.2, unit: "km", date: null, commitment: "done" },
    ...{
      said_on: "2025-01-16",
      locator: null,
      quote: "全长3.2公里",
      verbatim: false,
      note: null,
      source: PAPER,
    },
  } as unknown as Claim;
  const draft = draftOf(claim);
  expect(bodyOf(draft)).toMatchObject({ value: "3.2", unit: "km", date: "", locator: "", verbatim: false });
  expect(isTyped(draft, draftOf(claim))).toBe(false);
  expect(isTyped({ ...draft, reason: "抄错" }, draftOf(claim))).toBe(true);
});

test("the next fact of a document begins with the document, also when that was new", () => {
  expect(nextOf(DRAFT, PAPER.id)).toEqual({ ...EMPTY, source: PAPER });
  const fresh = { ...newSource("通知"), publisher_zh: "街道办" };
  const next = nextOf({ ...DRAFT, source: null, fresh }, "jiedaoban-undated-1");
  expect(bodyOf(next)).toMatchObject({ source: "jiedaoban-undated-1", quote: "" });
  expect(nextOf({ ...DRAFT, source: null, fresh }, null).source).toBeNull();
});
