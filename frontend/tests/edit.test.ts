/** Editing: what the service is asked to do, coordinates as text, and measures while one draws. */
import { expect, test } from "vitest";
import type { Geometry, Position } from "../src/data/geometry";
import { areaHa, lengthKm } from "../src/data/measure";
import {
  actsOf,
  cutOf,
  type Draft,
  EMPTY,
  fieldOf,
  formsOf,
  isChanged,
  renamed,
  textOf,
} from "../src/edit/acts";

const RING: Position[] = [
  [114.02, 22.66],
  [114.022, 22.66],
  [114.022, 22.662],
  [114.02, 22.662],
  [114.02, 22.66],
];
const FIELD: Geometry = { type: "Polygon", coordinates: [RING] };
const BEGUN: Draft = {
  ...EMPTY,
  id: "field",
  kind: "parcel",
  name_zh: "地",
  name_en: "Field",
  geometry: FIELD,
};
const moved: Geometry = { type: "Polygon", coordinates: [RING.map(([x, y]): Position => [x + 0.001, y])] };

test("what is as it was needs no act", () => {
  expect(actsOf(BEGUN, BEGUN)).toEqual([]);
  expect(isChanged(BEGUN, { ...BEGUN })).toBe(false);
  expect(isChanged(BEGUN, { ...BEGUN, reason: "核对" })).toBe(true);
  expect(isChanged(EMPTY, EMPTY)).toBe(false);
});

test("each change is its act, in the order in which they are done", () => {
  const draft: Draft = {
    ...BEGUN,
    geometry: moved,
    name_zh: "新地",
    parent: "whole",
    precision: "approximate",
    cut: "114.021,22.65\n114.021,22.67",
    part: " 东块 ",
  };
  expect(actsOf(BEGUN, draft)).toEqual([
    { op: "reshape", id: "field", geometry: moved, precision: "approximate" },
    { op: "rename", id: "field", name_zh: "新地", name_en: "Field" },
    { op: "parent", id: "field", parent: "whole" },
    { op: "split", id: "field", by: draft.cut, keeps: true, parts: [{ name_zh: "东块" }] },
  ]);
  expect(actsOf(BEGUN, { ...BEGUN, precision: "schematic" })).toEqual([
    { op: "precision", id: "field", precision: "schematic" },
  ]);
  expect(actsOf(BEGUN, { ...BEGUN, others: ["a", "b"] })).toEqual([
    { op: "merge", id: "field", others: ["a", "b"] },
  ]);
  expect(actsOf(BEGUN, { ...draft, remove: true })).toEqual([{ op: "remove", id: "field" }]);
});

test("an English name that was only a copy of the Chinese one follows it", () => {
  const copied: Draft = { ...BEGUN, name_en: "地" };
  const after = renamed(copied, copied, "新地");
  expect(after).toEqual({ name_zh: "新地", name_en: "新地" });
  expect(actsOf(copied, { ...copied, ...after })).toEqual([
    { op: "rename", id: "field", name_zh: "新地", name_en: "新地" },
  ]);
  // One that somebody wrote stays, also when they write it now; of a new project it is empty until then.
  expect(renamed(BEGUN, BEGUN, "新地")).toEqual({ name_zh: "新地" });
  expect(renamed(copied, { ...copied, name_en: "New" }, "新地")).toEqual({ name_zh: "新地" });
  expect(renamed(EMPTY, EMPTY, "新地")).toEqual({ name_zh: "新地" });
});

test("a new project is made whole, and without a shape only when somebody says so", () => {
  const fresh: Draft = { ...EMPTY, kind: "parcel", name_zh: "新地" };
  const made = { op: "create", kind: "parcel", name_zh: "新地", name_en: "", parent: "" };
  expect(actsOf(EMPTY, { ...fresh, geometry: FIELD })).toEqual([
    { ...made, geometry: FIELD, precision: "digitised" },
  ]);
  expect(actsOf(EMPTY, fresh)).toEqual([{ ...made, geometry: null, precision: "digitised" }]);
  expect(actsOf(EMPTY, { ...fresh, precision: "unlocated" })).toEqual([
    { ...made, geometry: null, precision: "unlocated" },
  ]);
});

test("what is being drawn is judged before it is done", () => {
  expect(actsOf(BEGUN, BEGUN, moved)[0]).toMatchObject({ op: "reshape", geometry: moved });
});

test("coordinates as text, and a cut of them", () => {
  expect(textOf(FIELD).split("\n")).toHaveLength(5);
  expect(textOf(FIELD).split("\n")[1]).toBe("114.022,22.66");
  expect(textOf({ type: "Point", coordinates: [114.02, 22.66] })).toBe("114.02,22.66");
  const holed: Geometry = { type: "Polygon", coordinates: [RING, RING] };
  expect(textOf(holed)).toMatch(/^MULTIPOLYGON \(\(\(114.02 22.66, .*\), \(114.02 22.66/);
  expect(textOf(null)).toBe("");
  expect(cutOf("114.021,22.65\n114.021，22.67")).toEqual({
    type: "LineString",
    coordinates: [
      [114.021, 22.65],
      [114.021, 22.67],
    ],
  });
  expect(cutOf("114.021 22.65")).toEqual({ type: "Point", coordinates: [114.021, 22.65] });
  expect(cutOf("LINESTRING (1 2, 3 4)")).toBeNull();
  expect(cutOf("")).toBeNull();
});

test("a pointer is of a field, a kind takes forms", () => {
  expect(fieldOf("/body/acts/0/geometry")).toBe("geometry");
  expect(fieldOf("/body/base_revision")).toBe("base_revision");
  expect(formsOf(["polygon", "multipolygon", "point"])).toEqual(["area", "point"]);
  expect(formsOf(["linestring"])).toEqual(["line"]);
});

test("measures while one draws agree with the ellipsoid", () => {
  // By pyproj.Geod(ellps="WGS84"), as the service measures.
  expect(areaHa(RING.slice(0, 4))).toBeCloseTo(4.5526, 3);
  expect(
    lengthKm([
      [114.02, 22.66],
      [114.12, 22.72],
    ]),
  ).toBeCloseTo(12.237, 2);
  expect(areaHa(RING.slice(0, 2))).toBe(0);
  expect(lengthKm([])).toBe(0);
});
