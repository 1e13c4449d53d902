import { expect, test } from "vitest";
import type { TimelineDate } from "../src/data/types";
import { dayOf } from "../src/dates";
import { histogramOf } from "../src/state/histogram";

const date = (earliest: string | null, latest: string | null, promised = false): TimelineDate => ({
  id: "x",
  kind: "road",
  milestone: "open",
  date: "",
  earliest,
  latest,
  promised,
  commitment: "done",
  phase: "in_service",
});

test("a day, a month and a quarter are columns of their quarter", () => {
  const { quarters, years } = histogramOf([
    date("2025-01-15", "2025-01-15"),
    date("2025-02-01", "2025-02-28"),
    date("2025-01-01", "2025-03-31", true),
  ]);
  const [from, to] = [dayOf("2025-01-01"), dayOf("2025-04-01")];
  expect(quarters).toEqual([{ from, to, facts: 2, promises: 1 }]);
  expect(years).toEqual([]);
});

test("a year is a slab over the year, and so is a date known only as by then", () => {
  const { quarters, years } = histogramOf([date("2024-01-01", "2024-12-31"), date(null, "2024-06-30")]);
  expect(quarters).toEqual([]);
  expect(years).toEqual([{ from: dayOf("2024-01-01"), to: dayOf("2025-01-01"), facts: 2, promises: 0 }]);
});

test("a date without an end is left out", () => {
  expect(histogramOf([date("2025-01-01", null)])).toEqual({ quarters: [], years: [] });
});
