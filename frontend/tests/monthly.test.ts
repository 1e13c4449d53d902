import { expect, test } from "vitest";
import { csvOf } from "../src/board/csv";
import { apart, numbered, phaseRows, readMonth } from "../src/board/month";
import type { PhaseSeries } from "../src/data/progress";
import { dayOf } from "../src/dates";

const series = (kind: string, phase: string, n: number): PhaseSeries =>
  ({ kind, phase, projects: [n] }) as unknown as PhaseSeries;

test("phases by kind stand beside those of a month before", () => {
  const now = [series("road", "in_service", 5), series("road", "unknown", 1)];
  const before = [
    series("road", "in_service", 4),
    series("road", "building", 2),
    series("park", "planned", 1),
  ];
  const rows = phaseRows(["park", "road", "metro"], now, before);
  expect(rows.map((row) => row.kind)).toEqual(["park", "road"]);
  expect([...rows[0].cells]).toEqual([["planned", { n: 0, change: -1 }]]);
  expect(Object.fromEntries(rows[1].cells)).toEqual({
    in_service: { n: 5, change: 1 },
    unknown: { n: 1, change: 1 },
    building: { n: 0, change: -2 },
  });
});

test("those heard in the month come first, then what was cited of earlier", () => {
  const source = (id: string, last: string | null) => ({ id, last_said: last });
  const all = [
    source("old", "2024-05-22"),
    source("new", "2025-01-16"),
    source("never", null),
    source("uncited", "2024-12-31"),
  ];
  const { heard, earlier, numbers } = numbered(all, new Set(["old", "new"]), dayOf("2024-12-31"));
  expect(heard.map((one) => one.id)).toEqual(["new"]);
  expect(earlier.map((one) => one.id)).toEqual(["old"]);
  expect([...numbers]).toEqual([
    ["new", 1],
    ["old", 2],
  ]);
});

test("what happened over a year before a month is kept apart from its news", () => {
  const month = readMonth("2026-10", dayOf("2010-01-01"), dayOf("2026-11-30"));
  if (typeof month === "string") throw new Error(month);
  const on = (latest: string | null) => ({ when: { latest } });
  const [old, lastYear, now, open] = [on("2020-08-18"), on("2025-10-01"), on("2026-10-05"), on(null)];
  const unsaid = { when: null };
  expect(apart([old, lastYear, now, open, unsaid], month)).toEqual({
    recent: [lastYear, now, open, unsaid],
    older: [old],
  });
  expect(apart([on("2025-09-30")], month).older).toHaveLength(1);
});

test("a table is written so that office programs read it as it is", () => {
  expect(
    csvOf([
      ["名称", "n"],
      ['说 "好", 了', 3],
      ["=1+1", -2],
      ["两\n行", 0],
    ]),
  ).toBe('\uFEFF名称,n\r\n"说 ""好"", 了",3\r\n\'=1+1,-2\r\n"两\n行",0\r\n');
});
