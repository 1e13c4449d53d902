import { expect, test } from "vitest";
import { dayOf } from "../src/dates";
import { sinceOf } from "../src/since";

const on = (text: string, iso: string): string | null => sinceOf(text, dayOf(iso));

test("a phase holds from the day that was said", () => {
  expect(on("4@2015-10-17 6@2020-08-18", "2021-01-01")).toBe("2020-08-18");
  expect(on("4@2015-10-17 6@2020-08-18", "2020-08-17")).toBe("2015-10-17");
});

test("a month or a year stays a month or a year", () => {
  expect(on("6@2020-08-31<2020-08-01", "2021-01-01")).toBe("2020-08");
  expect(on("6@2020-12-31<2020-01-01", "2021-01-01")).toBe("2020");
  expect(on("6@2020-12-31<2020-10-01", "2021-01-01")).toBe("2020-10-01/2020-12-31");
});

test("what was so by a day may have been so before", () => {
  expect(on("6@2025-01-16<", "2025-02-01")).toBe("..2025-01-16");
});

test("what was said again began with the first that said so", () => {
  expect(on("4@2018-01-01 4@2020-01-01", "2021-01-01")).toBe("2018-01-01");
});

test("without a fact there is no since", () => {
  expect(on("6@2025-01-16<", "2024-01-01")).toBeNull();
  expect(on("|6@2029-12-31", "2030-01-01")).toBeNull();
});
