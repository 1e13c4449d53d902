import { expect, test } from "vitest";
import { lastMonth, readMonth, stepMonth } from "../src/board/month";
import {
  columnsOf,
  lastOfPeriod,
  linear,
  niceTicks,
  phasesIn,
  yearsRound,
  yearTicks,
} from "../src/board/scales";
import type { PhaseSeries } from "../src/data/progress";
import { dayOf, isoOf } from "../src/dates";

test("a scale goes from one stretch to another, and what has no length lies in the middle", () => {
  const x = linear([10, 20], [100, 0]);
  expect([x(10), x(15), x(20)]).toEqual([100, 50, 0]);
  expect(linear([5, 5], [0, 80])(5)).toBe(40);
});

test("ticks are round, begin at nothing and reach the most there is", () => {
  expect(niceTicks(126, 5, true)).toEqual([0, 50, 100, 150]);
  expect(niceTicks(100, 5, true)).toEqual([0, 20, 40, 60, 80, 100]);
  expect(niceTicks(0.7, 4, false)).toEqual([0, 0.2, 0.4, 0.6, 0.8]);
  // There is no half of a project.
  expect(niceTicks(2, 5, true)).toEqual([0, 1, 2]);
  expect(niceTicks(0, 5, true)).toEqual([0, 1]);
});

test("years are told as closely as there is room", () => {
  const years = (most: number): number[] =>
    yearTicks(dayOf("2010-01-01"), dayOf("2030-12-31"), most).map((tick) => tick.year);
  expect(years(30)).toHaveLength(21);
  expect(years(12).slice(0, 3)).toEqual([2010, 2012, 2014]);
  expect(years(5)).toEqual([2010, 2015, 2020, 2025, 2030]);
  expect(yearTicks(dayOf("2020-02-01"), dayOf("2020-11-30"), 4)).toEqual([]);
});

test("a period ends on the last day of its last month", () => {
  expect(isoOf(lastOfPeriod("2024-02"))).toBe("2024-02-29");
  expect(isoOf(lastOfPeriod("2025-Q1"))).toBe("2025-03-31");
  expect(isoOf(lastOfPeriod("2025-Q4"))).toBe("2025-12-31");
});

const series = (kind: string, phase: string, projects: number[], promised: number[] = []): PhaseSeries =>
  ({
    kind,
    phase,
    projects,
    area_ha: projects.map((n) => (n ? n / 10 : null)),
    length_km: projects.map(() => null),
    promised_projects: projects.map((_, i) => promised[i] ?? 0),
    promised_area_ha: projects.map((_, i) => (promised[i] ? promised[i] / 10 : null)),
    promised_length_km: projects.map(() => null),
  }) as PhaseSeries;
const ROWS = [
  series("road", "unknown", [4, 1]),
  series("road", "in_service", [0, 3], [0, 2]),
  series("park", "in_service", [1, 1]),
  series("park", "building", [2, 1]),
];
const PERIODS = ["2025-Q1", "2025-Q2"];

test("phases are stacked over the kinds, with what is only promised told apart", () => {
  const [first, second] = columnsOf(PERIODS, ROWS, "projects", true);
  expect(first.slices).toEqual([
    { phase: "in_service", from: 0, fact: 1, promised: 0 },
    { phase: "building", from: 1, fact: 2, promised: 0 },
    { phase: "unknown", from: 3, fact: 4, promised: 0 },
  ]);
  expect(second.slices[0]).toEqual({ phase: "in_service", from: 0, fact: 2, promised: 2 });
  expect([first.total, second.total]).toEqual([7, 6]);
});

test("what nobody stated may be left out, and what is not measured adds nothing", () => {
  expect(columnsOf(PERIODS, ROWS, "projects", false).map((one) => one.total)).toEqual([3, 5]);
  expect(columnsOf(PERIODS, ROWS, "area_ha", true).map((one) => one.total)).toEqual([0.7, 0.6]);
  const none = columnsOf(PERIODS, ROWS, "length_km", true);
  expect(none.map((one) => one.slices)).toEqual([[], []]);
  expect(phasesIn(none)).toEqual([]);
  expect(phasesIn(columnsOf(PERIODS, ROWS, "projects", true))).toEqual(["in_service", "building", "unknown"]);
});

test("a chart of dates spans whole years, with today in them", () => {
  const [from, to] = yearsRound([dayOf("2021-05-01"), Number.NaN], dayOf("2026-11-29"));
  expect([isoOf(from), isoOf(to)]).toEqual(["2021-01-01", "2027-01-01"]);
});

const TODAY = dayOf("2026-11-29");
const EARLIEST = dayOf("2010-01-01");

test("a month is read, the one that runs until today", () => {
  const past = readMonth("2025-01", EARLIEST, TODAY);
  expect(past).toEqual({
    text: "2025-01",
    first: dayOf("2025-01-01"),
    last: dayOf("2025-01-31"),
    before: dayOf("2024-12-31"),
    over: true,
  });
  expect(readMonth("2026-11", EARLIEST, TODAY)).toMatchObject({ last: TODAY, over: false });
});

test.each([
  ["2025-13", "not-a-month"],
  ["2025-1", "not-a-month"],
  ["January", "not-a-month"],
  ["", "not-a-month"],
  ["1800-01", "too-early"],
  ["2026-12", "ahead"],
])("%j is no month to tell of: %s", (text, fault) => {
  expect(readMonth(text, EARLIEST, TODAY)).toBe(fault);
});

test("months follow each other over the year", () => {
  expect([stepMonth("2025-01", -1), stepMonth("2024-12", 1)]).toEqual(["2024-12", "2025-01"]);
  expect(lastMonth(dayOf("2026-03-31"))).toBe("2026-02");
});
