import { expect, test } from "vitest";
import { dayOf } from "../src/dates";
import { type Address, readAddress, writeAddress } from "../src/state/address";

const EVERYTHING: Omit<Address, "refused"> = {
  day: dayOf("2025-01-16"),
  known: dayOf("2025-02-01"),
  compared: dayOf("2020-01-01"),
  range: { from: dayOf("2019-01-01"), to: dayOf("2024-12-31") },
  kinds: ["metro", "road"],
  phases: ["building"],
  project: "fuan-east-road",
  at: { zoom: 13.25, lat: 22.69, lon: 114.12 },
  lang: "en",
  query: "平湖 & 站",
  marked: ["fuan-east-road", "hehua-station"],
  base: "off",
};

test("what is written is read back", () => {
  expect(readAddress(`?${writeAddress(EVERYTHING)}`)).toEqual({ ...EVERYTHING, refused: [] });
});

test("the address of the design is written as it stands there", () => {
  const text =
    "day=2025-01-16&kind=metro,road&phase=building&project=fuan-east-road&at=13/22.6900/114.1200&lang=en";
  expect(writeAddress(readAddress(`?${text}`))).toBe(text);
});

test("defaults leave nothing behind", () => {
  expect(writeAddress(readAddress(""))).toBe("");
});

test("a language is written only when somebody chose one", () => {
  expect(readAddress("?lang=xx").lang).toBeNull();
  expect(readAddress("").lang).toBeNull();
  expect(writeAddress(readAddress("?lang=zh"))).toBe("lang=zh");
});

test("no kind at all is not the same as every kind", () => {
  expect(readAddress("?kind=").kinds).toEqual([]);
  expect(readAddress("").kinds).toBeNull();
  expect(readAddress(`?${writeAddress(readAddress("?kind="))}`).kinds).toEqual([]);
});

test("a year or a month means its last day", () => {
  expect(readAddress("?day=2021").day).toBe(dayOf("2021-12-31"));
  expect(readAddress("?day=2024-02").day).toBe(dayOf("2024-02-29"));
});

test("a day that does not exist is dropped and told", () => {
  const address = readAddress("?day=2025-02-30&known=yesterday");
  expect(address.day).toBeNull();
  expect(address.known).toBeNull();
  expect(address.refused).toEqual([
    { part: "day", value: "2025-02-30" },
    { part: "known", value: "yesterday" },
  ]);
});

test.each(["?at=1/2", "?at=a/b/c", "?at=13/95/114", "?at=13/22/190", "?at=NaN/NaN/NaN"])(
  "a camera that cannot be is dropped: %s",
  (search) => {
    const { at, refused } = readAddress(search);
    expect(at).toBeNull();
    expect(refused).toEqual([{ part: "at", value: search.slice(4) }]);
  },
);

test("two days that are compared are a and b, and b is the chosen day", () => {
  const address = readAddress("?a=2020-01-01&b=2025&day=2022-01-01");
  expect([address.compared, address.day]).toEqual([dayOf("2020-01-01"), dayOf("2025-12-31")]);
  expect(writeAddress(address)).toBe("a=2020-01-01&b=2025-12-31");
  expect(readAddress("?b=2025&day=2022-01-01").day).toBe(dayOf("2022-01-01"));
});

test("a range needs both its ends, in either order", () => {
  expect(readAddress("?from=2020-01-01").range).toBeNull();
  expect(readAddress("?from=2025&to=2020-01-01").range).toEqual({
    from: dayOf("2020-01-01"),
    to: dayOf("2025-12-31"),
  });
});
