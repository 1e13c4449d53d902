import { expect, test } from "vitest";
import type { Position } from "../src/data/geometry";
import type { Form, KindInfo, Project } from "../src/data/types";
import { type Standing, spread } from "../src/map/crowd";
import { openBox, shareIn } from "../src/map/open";
import { isBox, smooth, softForm } from "../src/map/shapes";
import { flankStrokes, lineStrokes, symbolStyle } from "../src/map/strokes";
import { labelNames, type Subject, traitsOf } from "../src/map/traits";
import { PHASE_IDS } from "../src/phases";

const kind = (form: Form, by: string | null = null): KindInfo =>
  ({
    id: "k",
    group: "transit",
    tracked: true,
    style: { form, by, width: 5, order: 1, glyph: "" },
  }) as unknown as KindInfo;

function subject(id: string, of: KindInfo, geometry: Project["geometry"], more: object = {}): Subject {
  const properties = {
    id,
    name_zh: id,
    name_en: id,
    aliases: [],
    precision: "digitised",
    phase: "planned",
    ...more,
  };
  return { project: { type: "Feature", id, geometry, properties } as unknown as Project, kind: of, hue: "k" };
}

const line: Position[] = [
  [114.1, 22.69],
  [114.12, 22.7],
];
const square: Position[] = [
  [0, 0],
  [2, 0],
  [2, 1],
  [0, 1],
  [0, 0],
];
const area = (ring: Position[]): number =>
  Math.abs(
    ring.reduce(
      (sum, [x, y], i) => sum + (x * ring[(i + 1) % ring.length][1] - ring[(i + 1) % ring.length][0] * y) / 2,
      0,
    ),
  );

test("an invented box becomes a soft form of the same area, the same one every time", () => {
  expect(isBox(square)).toBe(true);
  const soft = softForm(square.slice(0, -1), "a project");
  expect(area(soft)).toBeCloseTo(2, 6);
  expect(softForm(square.slice(0, -1), "a project")).toEqual(soft);
});

test("smoothing keeps the ends of a line", () => {
  const soft = smooth(line, false);
  expect(soft[0]).toEqual(line[0]);
  expect(soft.at(-1)).toEqual(line.at(-1));
});

test("every phase has strokes and a symbol of its own", () => {
  const looks = PHASE_IDS.map((phase) =>
    JSON.stringify(lineStrokes({ phase, basis: "fact", maybe: null }, 5)),
  );
  expect(new Set(looks).size).toBe(PHASE_IDS.length);
  const symbols = PHASE_IDS.map((phase) =>
    JSON.stringify(symbolStyle({ phase, basis: "fact", maybe: null })),
  );
  expect(new Set(symbols).size).toBe(PHASE_IDS.length);
});

test("a promise is hollow and never looks like the fact", () => {
  const promise = lineStrokes({ phase: "in_service", basis: "promise", maybe: null }, 5);
  expect(promise.map((stroke) => stroke.ink)).toEqual(["hue", "land"]);
  expect(promise).not.toEqual(lineStrokes({ phase: "in_service", basis: "fact", maybe: null }, 5));
});

test("of two projects on one line the one in service is the line, the other flanks it", () => {
  const geometry = { type: "LineString" as const, coordinates: line };
  const traits = traitsOf([
    subject("widening", kind("road"), geometry),
    subject("road", kind("road"), geometry, { phase: "in_service" }),
    subject("elsewhere", kind("road"), { type: "LineString", coordinates: [...line].reverse() }),
  ]);
  expect([traits.get("widening")?.flanks, traits.get("road")?.flanks]).toEqual([true, false]);
  expect(traits.get("road")?.flanked).toBe(true);
  expect(traits.get("elsewhere")?.flanked).toBe(false);
  expect(flankStrokes({ phase: "building", basis: "fact", maybe: null }, 4)).toHaveLength(2);
});

test("stations near one another are an interchange, named by those that were measured", () => {
  const at = (lon: number): Project["geometry"] => ({ type: "Point", coordinates: [lon, 22.7] });
  const traits = traitsOf([
    subject("near", kind("station"), at(114.1201)),
    subject("words", kind("station"), at(114.12), { precision: "schematic" }),
    subject("far", kind("station"), at(114.2)),
  ]);
  const hubs = ["near", "words", "far"].map((id) => traits.get(id)?.hub);
  expect(hubs).toEqual([true, false, false]);
});

test("a line is known by the value that gives it its colour", () => {
  const geometry = { type: "LineString" as const, coordinates: line };
  const traits = traitsOf([
    subject("metro", kind("line", "line"), geometry, { attrs: { line: "17" } }),
    subject("other", kind("line"), geometry, { attrs: { line: "17" } }),
  ]);
  expect([traits.get("metro")?.number, traits.get("other")?.number]).toEqual(["17", ""]);
});

test.each([2, 3, 4, 5])("%d stations of one place fan out side by side and stay near it", (count) => {
  const stations = Array.from(
    { length: count },
    (_, i): Standing => ({ x: 100 + i * 0.01, y: 100, reach: 9.5, fixed: true, station: true }),
  );
  spread(stations);
  for (const [i, a] of stations.entries()) {
    expect(Math.hypot(a.x - 100, a.y - 100)).toBeLessThan(10 * count);
    for (const b of stations.slice(i + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(14);
  }
});

test("two thousand symbols in one view find their places in good time", () => {
  const crowd = Array.from(
    { length: 2000 },
    (_, i): Standing => ({ x: (i % 50) * 29, y: Math.floor(i / 50) * 22, reach: 12.5, fixed: i % 3 === 0 }),
  );
  const start = performance.now();
  spread(crowd);
  expect(performance.now() - start).toBeLessThan(3000);
});

test("a short name is used only where it stays clear", () => {
  const at = (lon: number): Project["geometry"] => ({ type: "Point", coordinates: [lon, 22.7] });
  const names = labelNames(
    [
      subject("a", kind("station"), at(114.12), { name_zh: "平湖站（10号线）" }),
      subject("b", kind("station"), at(114.121), { name_zh: "平湖站（国铁）" }),
      subject("c", kind("area"), at(114.15), {
        name_zh: "辅城坳土地整备利益统筹项目",
        aliases: ["辅城坳利益统筹"],
      }),
      subject("d", kind("area"), at(114.2), { name_zh: "辅城坳利益统筹" }),
    ].map((one) => one.project),
    "zh",
  );
  expect([...names.values()]).toEqual(["平湖站", "平湖站", "辅城坳土地整备利益统筹项目", "辅城坳利益统筹"]);
});

test("symbols step aside, but what marks a known place does not", () => {
  const fixed: Standing = { x: 0, y: 0, reach: 10, fixed: true };
  const crowd: Standing[] = [
    fixed,
    { x: 0, y: 0, reach: 10, fixed: false },
    { x: 3, y: 0, reach: 10, fixed: false },
  ];
  spread(crowd);
  expect([fixed.x, fixed.y]).toEqual([0, 0]);
  for (const [i, a] of crowd.entries())
    for (const b of crowd.slice(i + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(19);
});

test("a card at the side and one at the bottom take their part of the sheet", () => {
  expect(openBox(1000, 600, [])).toEqual([0, 0, 1000, 600]);
  expect(openBox(1000, 600, [[700, 0, 1000, 600]])).toEqual([0, 0, 700, 600]);
  expect(
    openBox(375, 656, [
      [8, 8, 367, 58],
      [0, 305, 375, 812],
    ]),
  ).toEqual([0, 58, 375, 305]);
  // Beside the sheet, as on a wide page, a card covers nothing.
  expect(openBox(700, 600, [[700, 0, 1076, 600]])).toEqual([0, 0, 700, 600]);
});

test("of a line only its stretch on the sheet is asked for", () => {
  const line: [number, number][] = [
    [-1000, 50],
    [100, 50],
  ];
  expect(shareIn([line], [0, 0, 50, 100], [0, 0, 100, 100])).toBeCloseTo(0.5, 1);
  expect(shareIn([line], [0, 60, 100, 100], [0, 0, 100, 100])).toBe(0);
});

test("a line of words alone is quieter than one of known course", () => {
  const geometry = { type: "LineString" as const, coordinates: line };
  const traits = traitsOf([
    subject("words", kind("line"), geometry, { precision: "schematic" }),
    subject("known", kind("line", "line"), { ...geometry, coordinates: [...line].reverse() }),
  ]);
  expect(traits.get("words")?.quiet).toBe(true);
  expect(traits.get("known")?.quiet).toBe(false);
  expect(traits.get("words")!.width).toBeLessThan(traits.get("known")!.width / 2);
});
