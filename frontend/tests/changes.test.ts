import { expect, test } from "vitest";
import { changeBetween, changesBetween, eventsIn, grouped, happenedFirst, whenOf } from "../src/changes";
import { type Day, dayOf } from "../src/dates";
import { readPhases } from "../src/phases";

const KNOWN = dayOf("2026-11-24");
const between = (text: string, from: string, to: string): ReturnType<typeof changeBetween> =>
  changeBetween("p", readPhases(text), [dayOf(from), dayOf(to)], KNOWN);

test("a project that is the same on both days is no change", () => {
  expect(between("4@2015-10-17 6@2020-08-18", "2016-01-01", "2020-08-17")).toBeNull();
  expect(between("", "2016-01-01", "2029-01-01")).toBeNull();
});

test("one change tells both phases and the day of the later one", () => {
  const change = between("4@2015-10-17 6@2020-08-18", "2016-01-01", "2021-01-01");
  expect([change?.before.phase, change?.after.phase]).toEqual(["building", "in_service"]);
  expect(change?.day).toBe(dayOf("2020-08-18"));
  expect(change?.group).toBe("advanced");
});

test("a first word is no change, unless it is known to have happened in between", () => {
  expect(between("6@2025-01-16<", "2020-01-01", "2026-01-01")?.group).toBe("first");
  expect(between("6@2024-12-31<2024-01-01", "2024-06-01", "2026-01-01")?.group).toBe("first");
  expect(between("6@2024-12-31<2024-01-01", "2023-12-31", "2026-01-01")?.group).toBe("advanced");
  expect(between("6@2025-01-15", "2020-01-01", "2026-01-01")?.group).toBe("advanced");
});

test("a later phase that is only known to have been reached by then may have been reached before", () => {
  expect(between("3@2025-01-16 4@2026-11-24<", "2025-11-25", "2026-11-24")?.group).toBe("first");
  expect(between("3@2025-01-16 4@2026-11-24<2026-02-01", "2025-11-25", "2026-11-24")?.group).toBe("advanced");
});

test("what is promised and what has ended stand apart", () => {
  const text = "4@2022-01-31<2022-01-01|6@2029-12-31<2029-01-01~*4";
  expect(between(text, "2026-01-01", "2029-12-31")?.group).toBe("promised");
  expect(between("6@2015-01-01 7@2020-01-01", "2016-01-01", "2021-01-01")?.group).toBe("ended");
  expect(between("2@2015-01-01 8@2020-01-01", "2016-01-01", "2021-01-01")?.group).toBe("ended");
});

const texts = new Map(
  Object.entries({
    line: "4@2015-10-17 6@2020-08-18",
    road: "6@2025-01-15",
    park: "6@2024-12-31<2024-01-01",
    words: "6@2025-01-16<",
    still: "6@1911-10-05",
  }).map(([id, text]) => [id, readPhases(text)]),
);
const day = (iso: string): Day => dayOf(iso);

test("changes come the latest first, and in either order of the days", () => {
  const forward = changesBetween(texts, day("2016-01-01"), day("2026-01-01"), KNOWN);
  expect(forward.map((change) => change.id)).toEqual(["words", "road", "park", "line"]);
  expect(changesBetween(texts, day("2026-01-01"), day("2016-01-01"), KNOWN)).toEqual(forward);
});

test("what happened is told before what was first spoken of", () => {
  const changes = changesBetween(texts, day("2016-01-01"), day("2026-01-01"), KNOWN);
  expect(happenedFirst(changes).map((change) => change.id)).toEqual(["road", "park", "line", "words"]);
});

test("a range lists every change, both its days included", () => {
  const events = eventsIn(texts, day("2015-10-17"), day("2020-08-18"), KNOWN);
  expect(events.map((event) => [event.id, event.after.phase])).toEqual([
    ["line", "in_service"],
    ["line", "building"],
  ]);
  expect(eventsIn(texts, day("2015-10-18"), day("2020-08-17"), KNOWN)).toEqual([]);
  expect(eventsIn(texts, day("2024-01-01"), day("2024-12-31"), KNOWN)[0].group).toBe("advanced");
  expect(eventsIn(texts, day("2024-02-01"), day("2024-12-31"), KNOWN)[0].group).toBe("first");
});

test("changes are grouped in a fixed order, without empty groups", () => {
  const groups = grouped(changesBetween(texts, day("2016-01-01"), day("2026-01-01"), KNOWN));
  expect(groups.map(({ group, changes }) => [group, changes.map((one) => one.id)])).toEqual([
    ["advanced", ["road", "park", "line"]],
    ["first", ["words"]],
  ]);
});

test.each([
  ["2025-01-15", "2025-01-15", "2025-01-15"],
  ["2024-01-01", "2024-12-31", "2024"],
  ["2024-02-01", "2024-02-29", "2024-02"],
  ["2024-12-01", "2024-12-31", "2024-12"],
  ["2024-02-01", "2024-03-31", "2024-02-01/2024-03-31"],
])("a change that may be from %s and is certain from %s is said as %s", (from, to, said) => {
  expect(whenOf({ day: day(to), possibleFrom: day(from) })).toBe(said);
});

test("when nobody knows since when, it is by then", () => {
  expect(whenOf({ day: day("2025-01-16"), possibleFrom: null })).toBe("..2025-01-16");
});
