import { PbfWriter } from "pbf";
import { expect, test } from "vitest";
import { dayOf } from "../src/dates";
import { CODES, PhaseClock, stateOfCode } from "../src/map/tiled-clock";
import { AREA, decodeTile, LINE, POINT, type TileShapes } from "../src/map/tiled-decode";
import { inkOf, lookUp, lookUpSome, paletteOf } from "../src/map/tiled-palette";
import { FILL, pixelsByFeature, RIM, rasterise, SPECK } from "../src/map/tiled-raster";
import { phaseOn, readPhases } from "../src/phases";

// --- a tile as the service writes it ------------------------------------------------------------

interface Given {
  properties: Record<string, string | number>;
  /** Rings without their repeated last position. */
  rings: [number, number][][];
}

/** The bytes of a vector tile (specification 2.1) with areas in one layer for each name. */
function tileBytes(layers: Record<string, Given[]>): ArrayBuffer {
  const tile = new PbfWriter();
  for (const [name, features] of Object.entries(layers))
    tile.writeMessage(
      3,
      (_: null, layer: PbfWriter) => {
        layer.writeVarintField(15, 2);
        layer.writeStringField(1, name);
        const [keys, values]: [string[], (string | number)[]] = [[], []];
        const number = <T>(all: T[], one: T): number =>
          all.includes(one) ? all.indexOf(one) : all.push(one) - 1;
        for (const { properties, rings } of features)
          layer.writeMessage(
            2,
            (__: null, feature: PbfWriter) => {
              const tags = Object.entries(properties).flatMap(([key, value]) => [
                number(keys, key),
                number(values, value),
              ]);
              feature.writePackedVarint(2, tags);
              feature.writeVarintField(3, 3);
              feature.writePackedVarint(4, commands(rings));
            },
            null,
          );
        for (const key of keys) layer.writeStringField(3, key);
        for (const value of values)
          layer.writeMessage(
            4,
            (__: null, to: PbfWriter) =>
              typeof value === "string" ? to.writeStringField(1, value) : to.writeVarintField(5, value),
            null,
          );
        layer.writeVarintField(5, 4096);
      },
      null,
    );
  return tile.finish().slice().buffer;
}

function commands(rings: [number, number][][]): number[] {
  const zigzag = (n: number): number => (n << 1) ^ (n >> 31);
  let [x, y] = [0, 0];
  const out: number[] = [];
  for (const ring of rings) {
    ring.forEach(([px, py], i) => {
      if (i === 0) out.push((1 << 3) | 1);
      if (i === 1) out.push(((ring.length - 1) << 3) | 2);
      out.push(zigzag(px - x), zigzag(py - y));
      [x, y] = [px, py];
    });
    out.push((1 << 3) | 7);
  }
  return out;
}

const ring = (x: number, y: number, side: number): [number, number][] => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
];

const TEXT = "2@2016-01-01 4@2018-06-01|6@2029-12-31~*4";

test("a tile is read into flat arrays, each text once", () => {
  const bytes = tileBytes({
    parcel: [
      {
        properties: { id: "a", name_zh: "甲", name_en: "A", precision: "digitised", phases: TEXT },
        rings: [ring(0, 0, 2000)],
      },
      {
        properties: { id: "b", name_zh: "乙", name_en: "B", precision: "schematic", phases: TEXT },
        rings: [ring(2048, 0, 900)],
      },
    ],
    "parcel-crowd": [{ properties: { phases: "", n: 37 }, rings: [ring(0, 2048, 64)] }],
  });
  const { names, shapes } = decodeTile(bytes, "parcel")!;
  expect(names.ids).toEqual(["", "a", "b"]);
  expect([names.zh[1], names.en[2]]).toEqual(["甲", "B"]);
  expect([...names.stands]).toEqual([37, 1, 1]);
  expect(names.texts).toEqual(["", TEXT]);
  expect([...names.textOf]).toEqual([0, 1, 1]);
  expect(names.precisions[names.precisionOf[2]]).toBe("schematic");
  expect([...shapes.soft]).toEqual([0, 0, 1]);
  expect([...shapes.type]).toEqual([AREA, AREA, AREA]);
  expect(shapes.extent).toBe(4096);
  // Closed rings of five positions, one a feature.
  expect([...shapes.parts]).toEqual([0, 1, 2, 3]);
  expect([...shapes.starts]).toEqual([0, 5, 10, 15]);
  expect([...shapes.xy.slice(10, 14)]).toEqual([0, 0, 2000, 0]);
});

test("a tile without the kind is nothing", () => {
  expect(decodeTile(new ArrayBuffer(0), "parcel")).toBeNull();
  expect(
    decodeTile(tileBytes({ metro: [{ properties: { id: "m" }, rings: [ring(0, 0, 9)] }] }), "parcel"),
  ).toBe(null);
});

// --- pixels -------------------------------------------------------------------------------------

const PENS = { rim: 0.75, line: 2, point: 4, speck: 7 };
const shapesOf = (
  features: { type: number; parts: [number, number][][]; soft?: number }[],
  extent = 64,
): TileShapes => {
  const [parts, starts, xy] = [[0], [0], [] as number[]];
  for (const feature of features) {
    for (const part of feature.parts) {
      xy.push(...part.flat());
      starts.push(xy.length / 2);
    }
    parts.push(starts.length - 1);
  }
  return {
    extent,
    type: Uint8Array.from(features, (one) => one.type),
    soft: Uint8Array.from(features, (one) => one.soft ?? 0),
    parts: Uint32Array.from(parts),
    starts: Uint32Array.from(starts),
    xy: Int16Array.from(xy),
  };
};
const closed = (x: number, y: number, side: number): [number, number][] => [...ring(x, y, side), [x, y]];
const at = (cells: Uint32Array, x: number, y: number): { feature: number; part: number } => {
  const cell = cells[y * 64 + x];
  return { feature: (cell >>> 2) - 1, part: cell & 3 };
};

test("an area has a rim round its fill, and its hole belongs to nobody", () => {
  const area = { type: AREA, parts: [closed(10, 10, 40), closed(20, 20, 20)] };
  const cells = rasterise(shapesOf([area]), 64, PENS);
  expect(at(cells, 15, 30)).toEqual({ feature: 0, part: FILL });
  expect(at(cells, 10, 30)).toEqual({ feature: 0, part: RIM });
  expect(at(cells, 30, 30).feature).toBe(-1);
  expect(at(cells, 55, 30).feature).toBe(-1);
});

test("of two areas the later one lies on top, and one placed from words has no rim", () => {
  const cells = rasterise(
    shapesOf([
      { type: AREA, parts: [closed(0, 0, 60)] },
      { type: AREA, parts: [closed(20, 20, 20)], soft: 1 },
    ]),
    64,
    PENS,
  );
  expect(at(cells, 10, 10)).toEqual({ feature: 0, part: FILL });
  expect(at(cells, 20, 20)).toEqual({ feature: 1, part: FILL });
  expect(at(cells, 30, 30)).toEqual({ feature: 1, part: FILL });
});

test.each([0, 1, 3, 6])("an area %i across is a speck and never lost", (side) => {
  const cells = rasterise(shapesOf([{ type: AREA, parts: [closed(31, 31, side)] }]), 64, PENS);
  expect(at(cells, 31, 31)).toEqual({ feature: 0, part: SPECK });
  expect(cells.filter((cell) => cell).length).toBe(Math.max(1, side) ** 2);
});

test("lines and points have a body and an edge", () => {
  const line: [number, number][] = [
    [4, 32],
    [30, 32],
    [30, 60],
  ];
  const cells = rasterise(
    shapesOf([
      { type: LINE, parts: [line] },
      { type: POINT, parts: [[[50, 20]]] },
    ]),
    64,
    PENS,
  );
  expect(at(cells, 15, 32)).toEqual({ feature: 0, part: FILL });
  expect(at(cells, 15, 33).feature).toBe(0);
  expect(at(cells, 30, 50).feature).toBe(0);
  // The way back from the last to the first position is no part of a line.
  expect(at(cells, 17, 46).feature).toBe(-1);
  expect(at(cells, 50, 20)).toEqual({ feature: 1, part: FILL });
  expect(at(cells, 53, 20).part).toBe(RIM);
  expect(at(cells, 56, 20).feature).toBe(-1);
});

test("what reaches beyond the tile is cut off at its edge", () => {
  const cells = rasterise(shapesOf([{ type: AREA, parts: [closed(-20, -20, 200)] }]), 64, PENS);
  expect(cells.every((cell) => cell === ((1 << 2) | FILL))).toBe(true);
});

// --- phases -------------------------------------------------------------------------------------

const known = dayOf("2026-01-01");
const TEXTS = [
  TEXT,
  "",
  "6@2020-08-18",
  "5@2024-12-31<2024-01-01",
  "2@2015-03-01|4@2027-05-01 6@2029-12-31~*4",
  "6@2014-01-01 7@2019-02-03",
];

test("the clock says on every day, forwards and back, what the text itself says", () => {
  const clock = new PhaseClock();
  const numbers = TEXTS.map((text) => clock.number(text));
  const months: number[] = [];
  for (let year = 2013; year < 2031; year++)
    for (let month = 1; month <= 12; month++) months.push(dayOf(`${year}-${`${month}`.padStart(2, "0")}-01`));
  for (const day of [...months, ...[...months].reverse(), dayOf("2018-05-31"), dayOf("2018-06-01")]) {
    clock.set(day, known);
    TEXTS.forEach((text, i) => {
      const { phase, basis } = phaseOn(readPhases(text), day, known);
      const said = stateOfCode(clock.codes[numbers[i]]);
      expect([text, day, said.phase, said.basis]).toEqual([text, day, phase, basis]);
    });
  }
});

test("a text keeps its number, takes another day of knowing, and many fit", () => {
  const clock = new PhaseClock();
  clock.set(dayOf("2028-01-01"), known);
  const number = clock.number("2@2015-03-01|4@2027-05-01");
  expect(clock.number("2@2015-03-01|4@2027-05-01")).toBe(number);
  expect(stateOfCode(clock.codes[number])).toMatchObject({ phase: "building", basis: "promise" });
  // Once the promised day has gone by without a word the promise no longer counts.
  clock.set(dayOf("2028-01-01"), dayOf("2027-06-01"));
  expect(stateOfCode(clock.codes[number])).toMatchObject({ phase: "planned", basis: "fact" });
  for (let i = 0; i < 300; i++) clock.number(`6@20${10 + (i % 10)}-01-${10 + (i % 20)}<20${i % 10}0-01-01`);
  expect(stateOfCode(clock.codes[clock.number("6@2020-08-18")]).phase).toBe("in_service");
});

test("a text that cannot be read says nothing", () => {
  const clock = new PhaseClock();
  expect(stateOfCode(clock.codes[clock.number("9@soon")])).toMatchObject({ phase: "unknown", basis: "none" });
});

// --- colours ------------------------------------------------------------------------------------

const alphaOf = (pixel: number): number => pixel >>> 24;
const codeOf = (phase: string, basis: string): number =>
  Array.from({ length: CODES }, (_, code) => code).find((code) => {
    const state = stateOfCode(code);
    return state.phase === phase && state.basis === basis;
  })!;
const look = { hues: ["#845900"], isShown: () => true, pale: false, density: 1 };

/** The pixels of a field of one part in one code. */
function painted(
  code: number,
  part: number,
  more: Partial<Parameters<typeof paletteOf>[0]> = {},
): Uint32Array {
  const cells = new Uint32Array(32 * 32).fill((1 << 2) | part);
  const pixels = new Uint32Array(32 * 32);
  lookUp(pixels, cells, 32, Uint16Array.from([0, code]), paletteOf({ ...look, ...more }));
  return pixels;
}

test("a colour is written as the browser lays out a pixel", () => {
  expect(inkOf("#845900")).toBe(0x005984);
  const inService = painted(codeOf("in_service", "fact"), FILL);
  expect(inService[0] & 0xffffff).toBe(0x005984);
});

test("the phase is told without colour: by tint, pattern and edge", () => {
  const phases = ["unknown", "proposed", "planned", "preparing", "building", "completing", "in_service"];
  const drawn = phases.map((phase) => {
    const code = codeOf(phase, phase === "unknown" ? "none" : "fact");
    return [FILL, RIM].map((part) => painted(code, part).join()).join("/");
  });
  drawn.push([FILL, RIM].map((part) => painted(codeOf("in_service", "promise"), part).join()).join("/"));
  expect(new Set(drawn).size).toBe(drawn.length);
});

test("what is promised is hollow", () => {
  const fill = painted(codeOf("in_service", "promise"), FILL);
  expect(fill.every((pixel) => alphaOf(pixel) === 0)).toBe(true);
  expect(alphaOf(painted(codeOf("in_service", "promise"), RIM)[0])).toBeGreaterThan(200);
});

test("specks darken from phase to phase", () => {
  const phases = ["proposed", "planned", "preparing", "building", "completing", "in_service"];
  const alphas = phases.map((phase) => alphaOf(painted(codeOf(phase, "fact"), SPECK)[0]));
  expect(alphas).toEqual([...alphas].sort((a, b) => a - b));
  expect(new Set(alphas).size).toBe(alphas.length);
});

test("what the filter refuses is not painted, and what is last known is weaker", () => {
  const code = codeOf("in_service", "fact");
  expect(
    painted(code, FILL, { isShown: (state) => state.phase === "building" }).every((one) => one === 0),
  ).toBe(true);
  expect(alphaOf(painted(code, FILL, { pale: true })[0])).toBeLessThan(alphaOf(painted(code, FILL)[0]));
});

test("a second hue has colours of its own, and where nothing is nothing is painted", () => {
  const palette = paletteOf({ ...look, hues: ["#845900", "#ff0000"] });
  const code = codeOf("in_service", "fact");
  const pixels = new Uint32Array(4);
  lookUp(
    pixels,
    Uint32Array.from([1 << 2, 2 << 2, 0, 0]),
    2,
    Uint16Array.from([0, code, CODES + code]),
    palette,
  );
  expect([pixels[0] & 0xffffff, pixels[1] & 0xffffff, pixels[2]]).toEqual([0x005984, 0x0000ff, 0]);
});

test("painting one feature anew gives what painting everything anew gives", () => {
  const areas = [
    { type: AREA, parts: [closed(2, 2, 30)] },
    { type: AREA, parts: [closed(20, 20, 40)] },
    { type: AREA, parts: [closed(50, 3, 4)] },
  ];
  const cells = rasterise(shapesOf(areas), 64, PENS);
  const { order, first } = pixelsByFeature(cells, areas.length);
  expect([...order].sort((a, b) => a - b)).toEqual([...cells.keys()]);
  const palette = paletteOf(look);
  const [before, after] = [codeOf("planned", "fact"), codeOf("building", "fact")];
  const pixels = new Uint32Array(64 * 64);
  lookUp(pixels, cells, 64, Uint16Array.from([0, before, before, before]), palette);
  lookUpSome(pixels, cells, 64, order.subarray(first[2], first[3]), after, palette);
  const whole = new Uint32Array(64 * 64);
  lookUp(whole, cells, 64, Uint16Array.from([0, before, after, before]), palette);
  expect(pixels).toEqual(whole);
});
