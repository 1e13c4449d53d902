import { expect, test } from "vitest";
import type { KindInfo, Project } from "../src/data/types";
import type { PhaseState } from "../src/phases";
import { byKind, inOrder, type Listed, neighbour, SORTS } from "../src/state/listing";

const kind = (id: string, order: number): KindInfo => ({ id, style: { order } }) as unknown as KindInfo;
const [first, second] = [kind("x", 1), kind("y", 2)];
const entry = (
  id: string,
  of: KindInfo,
  name: string,
  phase: PhaseState["phase"] | null,
  last_heard: string | null,
): Listed => ({
  project: { id, properties: { last_heard } } as unknown as Project,
  kind: of,
  name,
  state: phase && ({ phase, basis: "fact", maybe: null } as unknown as PhaseState),
});
const all = [
  entry("a", second, "平湖站", "building", "2025-01-16"),
  entry("b", first, "富安东路", "in_service", null),
  entry("c", first, "白坭坑站", "unknown", "2026-01-01"),
  entry("d", second, "片区", null, "2024-01-01"),
];
const ids = (entries: Listed[]): string[] => entries.map((one) => one.project.id);

test("names in Chinese go by their pinyin", () => {
  expect(ids(inOrder(all, "name", "zh"))).toEqual(["c", "b", "d", "a"]);
});

test("phases go as a project goes; what nobody stated and what has none come last", () => {
  expect(ids(inOrder(all, "phase", "zh"))).toEqual(["a", "b", "c", "d"]);
});

test("the latest heard of comes first, what nobody dated last", () => {
  expect(ids(inOrder(all, "heard", "zh"))).toEqual(["c", "a", "d", "b"]);
});

test("kinds go as the layers stand, in a list as in groups", () => {
  expect(ids(inOrder(all, "kind", "zh"))).toEqual(["c", "b", "d", "a"]);
  const groups = byKind(inOrder(all, "heard", "zh"));
  expect(groups.map((group) => [group.kind.id, ids(group.entries)])).toEqual([
    ["x", ["c", "b"]],
    ["y", ["a", "d"]],
  ]);
});

test("an order loses nothing", () => {
  for (const sort of SORTS) expect(ids(inOrder(all, sort, "en")).sort()).toEqual(["a", "b", "c", "d"]);
});

test("the way through a list goes round its ends, and begins at an end from outside it", () => {
  expect(neighbour(["a", "b", "c"], "c", 1)).toBe("a");
  expect(neighbour(["a", "b", "c"], "a", -1)).toBe("c");
  expect(neighbour(["a", "b"], "z", 1)).toBe("a");
  expect(neighbour(["a", "b"], "z", -1)).toBe("b");
  expect(neighbour(["a"], "a", 1)).toBeNull();
  expect(neighbour([], "a", 1)).toBeNull();
});
