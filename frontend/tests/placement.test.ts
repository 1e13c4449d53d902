import { expect, test } from "vitest";
import { type Box, type Label, type Point, placeLabels, Sheet, visiblePart } from "../src/map/placement";

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
