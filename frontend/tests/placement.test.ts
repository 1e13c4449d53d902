import { expect, test } from "vitest";
import { Occupied } from "../src/map/occupied";
import { visiblePart } from "../src/map/paths";
import { type Box, type Label, type Point, placeLabels, Sheet } from "../src/map/placement";

/** Repeatable numbers, so that a failure can be seen again. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

const meet = (a: Box, b: Box): boolean => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];

function randomLabels(next: () => number, width: number, height: number): Label[] {
  return Array.from({ length: 160 }, (_, i): Label => {
    const base = { key: `l${i}`, rank: Math.round(next() * 120), width: 30 + next() * 120, height: 16 };
    const at = (): Point => [next() * width, next() * height];
    const path = [at(), at(), at(), at()];
    switch (i % 4) {
      case 0:
        return { ...base, mode: "beside", at: at(), radius: 11 };
      case 1:
        return { ...base, mode: "over", at: at() };
      case 2:
        return { ...base, mode: "plate", path };
      default:
        return {
          ...base,
          mode: "along",
          path,
          offset: -10,
          uprightLength: i % 8 === 3 ? base.width * 1.3 : null,
        };
    }
  });
}

test.each([
  [375, 640],
  [750, 700],
  [1600, 900],
])("on a sheet of %d by %d no label overlaps another, an obstacle or the edge", (width, height) => {
  for (let seed = 1; seed <= 20; seed++) {
    const next = numbers(seed);
    const obstacles = Array.from({ length: 30 }, (): Box => {
      const [x, y] = [next() * width, next() * height];
      return [x - 11, y - 11, x + 11, y + 11];
    });
    const lines = [Array.from({ length: 12 }, (): Point => [next() * width, next() * height])];
    const placed = placeLabels(new Sheet(width, height, obstacles, lines), randomLabels(next, width, height));
    expect(placed.length).toBeGreaterThan(5);
    placed.forEach((label, i) => {
      for (const box of label.boxes) {
        expect(box[0]).toBeGreaterThanOrEqual(0);
        expect(box[1]).toBeGreaterThanOrEqual(0);
        expect(box[2]).toBeLessThanOrEqual(width);
        expect(box[3]).toBeLessThanOrEqual(height);
        expect(obstacles.some((other) => meet(box, other))).toBe(false);
        const others = placed.filter((_, j) => j !== i).flatMap((other) => other.boxes);
        expect(others.some((other) => meet(box, other))).toBe(false);
      }
    });
  }
});

test("the higher rank gets the place", () => {
  const label = (key: string, rank: number): Label => ({
    key,
    rank,
    mode: "plate",
    path: [
      [90, 50],
      [110, 50],
    ],
    width: 100,
    height: 16,
  });
  const placed = placeLabels(new Sheet(200, 100, [], []), [label("low", 1), label("high", 2)]);
  expect(placed.map((one) => one.key)).toEqual(["high"]);
});

test("a steep Chinese label stands upright, an English one is turned", () => {
  const label = (uprightLength: number | null): Label => ({
    key: "x",
    rank: 50,
    mode: "along",
    path: [
      [100, 10],
      [104, 290],
    ],
    width: 60,
    height: 15,
    offset: 10,
    uprightLength,
  });
  const [standing] = placeLabels(new Sheet(200, 300, [], []), [label(80)]);
  expect(standing.vertical).toBe(true);
  expect(standing.height).toBe(80);
  expect(Math.abs(standing.angle)).toBeLessThan(2);
  const [turned] = placeLabels(new Sheet(200, 300, [], []), [label(null)]);
  expect(turned.vertical).toBe(false);
  expect(Math.abs(turned.angle)).toBeGreaterThan(85);
});

test("only what lies on the sheet is kept of a line", () => {
  const part = visiblePart(
    [
      [-50, 50],
      [50, 50],
      [150, 50],
    ],
    100,
    100,
  );
  expect(part).toEqual([
    [0, 50],
    [50, 50],
    [100, 50],
  ]);
  expect(
    visiblePart(
      [
        [-50, -50],
        [-10, 200],
      ],
      100,
      100,
    ),
  ).toEqual([]);
});

test("the longest stretch is kept, not the one with the most corners", () => {
  const corners = Array.from({ length: 20 }, (_, i): Point => [5 + (i % 2), i]);
  const part = visiblePart([...corners, [-40, 30], [-40, 60], [10, 60], [90, 60]], 100, 100);
  expect(part[part.length - 1]).toEqual([90, 60]);
});

test("the grid answers as asking everything would", () => {
  const next = numbers(7);
  const box = (): Box => {
    const [x, y] = [next() * 700 - 50, next() * 500 - 50];
    return [x, y, x + 1 + next() * 90, y + 1 + next() * 40];
  };
  const taken = Array.from({ length: 60 }, box);
  const grid = new Occupied(600, 400);
  for (const one of taken) grid.add(one);
  const asked = Array.from({ length: 500 }, box).filter(
    ([x, y, r, b]) => x > 0 && y > 0 && r < 600 && b < 400,
  );
  const answers = asked.map((one) => grid.meets(one));
  expect(answers).toEqual(asked.map((one) => taken.some((other) => meet(one, other))));
  expect(new Set(answers).size).toBe(2);
});

const plate = (key: string, more: Partial<Label> = {}): Label =>
  ({
    key,
    rank: 50,
    mode: "plate",
    path: [
      [0, 50],
      [400, 50],
    ],
    width: 100,
    height: 16,
    ...more,
  }) as Label;

test("a plate without room says less before it says nothing", () => {
  const narrow: Box[] = [
    [0, 0, 180, 100],
    [220, 0, 400, 100],
  ];
  const label = plate("long", { shorter: plate("short", { width: 20 }) });
  expect(placeLabels(new Sheet(400, 100, narrow, []), [label])[0]?.key).toBe("short");
  expect(placeLabels(new Sheet(400, 100, [], []), [label])[0]?.key).toBe("long");
});

test("what says the same keeps its distance", () => {
  const badges = Array.from({ length: 6 }, (_, i) =>
    plate(`b${i}`, { width: 20, apart: { group: "line", px: 120 } }),
  );
  const placed = placeLabels(new Sheet(400, 100, [], []), badges);
  expect(placed.length).toBeGreaterThan(1);
  expect(placed.length).toBeLessThan(5);
  const ends = placed.map((one) => one.x).sort((a, b) => a - b);
  for (let i = 1; i < ends.length; i++) expect(ends[i] - ends[i - 1] - 20).toBeGreaterThanOrEqual(100);
});

test("a label stays where it stood, unless somebody of higher rank needs the place", () => {
  const [before] = placeLabels(new Sheet(400, 100, [[150, 0, 250, 100]], []), [plate("x")]);
  const [again] = placeLabels(new Sheet(400, 100, [], []), [plate("x", { before })]);
  expect(again.x).toBe(before.x);
  const [box] = before.boxes;
  const [moved] = placeLabels(new Sheet(400, 100, [box], []), [plate("x", { before })]);
  expect(moved.x).not.toBe(before.x);
});

test("two thousand places on one sheet are named in good time, the first ranks for sure", () => {
  const next = numbers(3);
  const places = Array.from({ length: 2000 }, (_, i): Label => {
    const at: Point = [next() * 1400, next() * 800];
    return { key: `p${i}`, rank: i < 20 ? 100 : 30, width: 70, height: 16, mode: "beside", at, radius: 11 };
  });
  const symbols = places.map((one): Box => {
    const [x, y] = (one as { at: Point }).at;
    return [x - 4, y - 4, x + 4, y + 4];
  });
  const start = performance.now();
  const placed = placeLabels(new Sheet(1400, 800, symbols, []), places);
  // A search through everything for each candidate took several times as long.
  expect(performance.now() - start).toBeLessThan(400);
  expect(placed.length).toBeGreaterThan(20);
  const last = placed.filter(({ key }) => Number(key.slice(1)) >= 20).map(({ key }) => Number(key.slice(1)));
  expect(Math.max(...last)).toBeLessThan(600);
});
