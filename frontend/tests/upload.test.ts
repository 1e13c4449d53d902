import { expect, test } from "vitest";
import { type Change, type Counts, lookOf } from "../src/data/changesets";
import { problemOf } from "../src/data/fetch";
import type { Geometry, Position } from "../src/data/geometry";
import type { Catalogue } from "../src/data/types";
import { UPLOAD_WORDS } from "../src/text/upload";
import {
  claimIn,
  comparedIn,
  countOf,
  datasetOf,
  differencesOf,
  metresIn,
  movement,
  offersOf,
  opsOf,
  placeIn,
  placeOf,
  projectsOf,
  sizeIn,
  type Vocabulary,
} from "../src/upload/reading";

const catalogue = {
  kinds: [
    {
      id: "parcel",
      name_zh: "土地整备",
      name_en: "Land consolidation",
      milestones: [],
      fields: [{ code: "area_ha", name_zh: "面积", name_en: "area", unit: "ha", values: [] }],
    },
  ],
  phases: [{ id: "building", name_zh: "在建", name_en: "Under construction" }],
  precisions: [{ id: "digitised", name_zh: "数字化", name_en: "digitised" }],
  commitments: [],
} as unknown as Catalogue;
const zh: Vocabulary = { lang: "zh", catalogue, text: UPLOAD_WORDS.zh };
const en: Vocabulary = { lang: "en", catalogue, text: UPLOAD_WORDS.en };

test("a file's name proposes a dataset that the service takes", () => {
  expect(datasetOf("平湖 地块（2026）.final.geojson")).toBe("平湖 地块(2026).final");
  expect(datasetOf("a/b:c*.csv")).toBe("a-b-c-");
  expect([...datasetOf(`${"长".repeat(200)}.csv`)].length).toBe(80);
});

test("a change is drawn by what it does, unless it is not to be done", () => {
  expect(lookOf("add", "accept")).toBe("added");
  expect(lookOf("remove", "accept")).toBe("removed");
  expect(lookOf("add", "reject")).toBe("rejected");
  expect(lookOf("change", "conflict")).toBe("blocked");
  expect(lookOf("claim", "accept")).toBe("said");
});

test("counts are summed by act and decision; the three acts on things are always told", () => {
  const counts: Counts = {
    changes: [
      { op: "add", decision: "accept", count: 3 },
      { op: "add", decision: "reject", count: 2 },
      { op: "claim", decision: "accept", count: 4 },
    ],
    projects: [
      { verdict: "added", decision: "accept", count: 3 },
      { verdict: "added", decision: "reject", count: 2 },
      { verdict: "changed", decision: "accept", count: 1 },
      { verdict: "changed", decision: "blocked", count: 4 },
    ],
    issues: [],
    bbox_lonlat: null,
  };
  expect(countOf(counts, "add")).toBe(5);
  expect(countOf(counts, null, "accept")).toBe(7);
  expect(opsOf(counts)).toEqual(["add", "change", "remove", "claim"]);
  expect(projectsOf(counts, "added")).toBe(5);
  expect(projectsOf(counts, null, "accept", "blocked")).toBe(8);
  // In the same words wherever it is told: while it waits what was compared, afterwards what was done.
  expect(comparedIn({ state: "staged", counts }, 6, UPLOAD_WORDS.zh)).toBe(
    "新增 5 个项目，改动 1 个，删除 0 个，相同 6 个",
  );
  expect(comparedIn({ state: "published", counts }, null, UPLOAD_WORDS.en)).toBe(
    "3 projects added, 1 changed, 0 removed, 2 rejected",
  );
});

const changed = (before: object, after: object): Pick<Change, "before" | "after" | "kind"> => ({
  before: before as Change["before"],
  after: after as Change["after"],
  kind: "parcel",
});

test("differences are told field by field, in the words of the kind, and what is kept says that it is not public", () => {
  const change = changed(
    { name_zh: "甲", attrs: { area_ha: 1, _kept: { 图斑号: "G1" } }, place: ["x"] },
    { name_zh: "乙", attrs: { area_ha: 2, _kept: { 图斑号: "G2" } }, place: ["y"] },
  );
  expect(differencesOf(change, zh)).toEqual([
    { name: "中文名称", before: "甲", after: "乙" },
    { name: "面积", before: "1 ha", after: "2 ha" },
    { name: "图斑号（不公开）", before: "G1", after: "G2" },
  ]);
  expect(differencesOf(change, en)[1]).toEqual({ name: "area", before: "1 ha", after: "2 ha" });
  expect(differencesOf(changed({ drawn: true }, { drawn: true }), zh)).toEqual([]);
});

test("other projects are told by name, with the id beside it, and by the id alone when nobody knows the name", () => {
  const named = { hut: { name_zh: "小屋", name_en: "Hut" } };
  const side = { from: "hut", to: "gone", type: "part_of", on_date: "" };
  const relation = { ...changed({}, side), named };
  expect(differencesOf(relation, zh).map((one) => one.after)).toEqual(["小屋 · hut", "gone", "属于"]);
  const heard = { ...changed({ days: { hut: null } }, { days: { hut: "2026-01" } }), named };
  expect(differencesOf(heard, en)).toEqual([{ name: "Hut · hut", before: "", after: "Jan 2026" }]);
});

test("a claim is told by property, value and day", () => {
  const after = { property: "phase", value: "building", date: "2026-01" };
  expect(claimIn(after, zh)).toBe("阶段：在建（2026 年 1 月）");
  expect(claimIn(after, en)).toBe("phase: Under construction (Jan 2026)");
  // Of a status that came with a file also the word, so that a wrong reading is seen.
  const cell = { ...after, quote: "进展：主体封顶" };
  expect(claimIn(cell, zh, "进展")).toBe("阶段：主体封顶 → 在建（2026 年 1 月）");
  expect(claimIn(cell, en, "进展")).toBe("phase: 主体封顶 → Under construction (Jan 2026)");
  expect(claimIn(cell, zh)).toBe(claimIn(after, zh));
});

test("a shape that moved says how far", () => {
  const at = (lon: number) => ({ type: "Point" as const, coordinates: [lon, 22.7] as [number, number] });
  const shapes = { geometry_before: at(114.1), geometry_after: at(114.11) };
  const moved = movement(shapes as Parameters<typeof movement>[0])!;
  expect(moved.metres).toBeGreaterThan(1020);
  expect(moved.metres).toBeLessThan(1030);
  expect(moved.bearing).toBe(90);
  expect(moved.points).toEqual([1, 1]);
  expect([metresIn(1025), metresIn(12.4), metresIn(0.26)]).toEqual(["1.0 km", "12 m", "0.3 m"]);
});

test("land of which a part was cut off says its areas, and not that it moved", () => {
  const field = (west: number, east: number, south = 22.7) => ({
    type: "Polygon" as const,
    coordinates: [
      [west, east, east, west, west].map((x, i): Position => [x, i === 2 || i === 3 ? 22.702 : south]),
    ],
  });
  const told = (geometry_before: Geometry, geometry_after: Geometry) =>
    movement({ geometry_before, geometry_after } as Parameters<typeof movement>[0])!;
  const whole = field(114.1, 114.102);
  const cut = told(whole, field(114.1, 114.101));
  expect(cut.hectares!.map(Number)).toEqual([4.55, 2.28]);
  expect(cut.isCut).toBe(true);
  expect(told(field(114.1, 114.101), whole).isCut).toBe(false);
  expect(told(whole, field(114.101, 114.1025))).toMatchObject({ isCut: false });
  expect(told(whole, field(114.101, 114.103))).toMatchObject({ hectares: null, isCut: false });
  expect(told(whole, field(114.1, 114.101, 22.701)).isCut).toBe(true);
});

test("a fault is found again by line, by row counted from one, or as one of the whole file", () => {
  const fault = { code: "x", detail_zh: "", detail_en: "" };
  expect(placeOf({ ...fault, row: 0 }, false, UPLOAD_WORDS.zh)).toBe("第 1 行");
  expect(placeOf({ ...fault, row: 4, line: 7, field: "状态" }, false, UPLOAD_WORDS.zh)).toBe(
    "第 7 行 · 字段 状态",
  );
  // What has no rows yet, and what is a text, has lines.
  expect(placeOf({ ...fault, line: 7, column: 2 }, false, UPLOAD_WORDS.en)).toBe("Line 7 of the text");
  expect(placeOf({ ...fault, row: 4, line: 7 }, true, UPLOAD_WORDS.zh)).toBe("文本第 7 行");
  expect(placeOf(fault, false, UPLOAD_WORDS.en)).toBe("The whole file");
  expect(placeIn({ ...fault, lon: 0, lat: 0 })).toEqual({ lon: 0, lat: 0 });
  expect(placeIn({ ...fault, lon: null })).toBeNull();
});

test("what a refusal offers can be chosen, named and counted", () => {
  const offers = {
    crs: [{ crs: "EPSG:4547", name_zh: "三度带", name_en: "zone", axis: "lonlat", lands: 2, of: 3 }],
    layer: ["路"],
  };
  const [crs, layer] = offersOf(problemOf(422, { code: "projected-coordinates", offers }), zh);
  expect(crs).toEqual({
    field: "crs",
    value: "EPSG:4547",
    axis: "lonlat",
    name: "三度带（EPSG:4547）",
    lands: 2,
    of: 3,
  });
  expect(layer).toMatchObject({ field: "layer", value: "路", name: "读取“路”", lands: null });
  expect(offersOf(problemOf(422, {}), zh)).toEqual([]);
});

test("sizes are told as people say them", () => {
  expect([sizeIn(812), sizeIn(8_400), sizeIn(52_400_000)]).toEqual(["812 B", "8.4 kB", "52.4 MB"]);
});
