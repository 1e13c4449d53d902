import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { dayOf } from "../src/dates";
import { evidenceAfter, phaseOn, readPhases } from "../src/phases";

interface Case {
  name: string;
  expected: { day: string; known: string; phase: string; basis: string; maybe: string | null }[];
}

const fixture = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../tests/fixtures/${name}`, import.meta.url), "utf8")) as T;

const cases = fixture<Case[]>("phase_cases.json");
// What the service stores for each case, by the day up to which it had been told.
const texts = fixture<Record<string, Record<string, string>>>("phase_texts.json");

test("the fixtures hold all 615 answers", () => {
  expect(cases.reduce((sum, one) => sum + one.expected.length, 0)).toBe(615);
});

test.each(cases.map((one) => [one.name, one] as const))("%s", (name, one) => {
  for (const { day, known, ...answer } of one.expected) {
    const text = readPhases(texts[name][known]);
    expect({ day, known, ...phaseOn(text, dayOf(day), dayOf(known)) }).toEqual({ day, known, ...answer });
  }
});

test("an empty text is unknown on every day", () => {
  const text = readPhases("");
  expect(phaseOn(text, dayOf("2020-01-01"), dayOf("2026-11-24"))).toEqual({
    phase: "unknown",
    basis: "none",
    maybe: null,
  });
  expect(evidenceAfter(text, dayOf("2020-01-01"))).toBeNull();
});

test("what is not known yet says since when something is", () => {
  const text = readPhases("4@2015-10-17 6@2020-08-18|6@2026-12-31<2026-01-01*4");
  expect(evidenceAfter(text, dayOf("2012-01-01"))).toEqual({
    day: dayOf("2015-10-17"),
    phase: "building",
    began: true,
  });
  expect(evidenceAfter(text, dayOf("2015-10-17"))?.phase).toBe("in_service");
  expect(evidenceAfter(text, dayOf("2020-08-18"))).toBeNull();
  expect(evidenceAfter(readPhases("6@2025-01-16<"), dayOf("2020-01-01"))?.began).toBe(false);
});

test("a token outside the grammar is refused", () => {
  expect(() => readPhases("9@2020-01-01")).toThrow(SyntaxError);
  expect(() => readPhases("6@2020")).toThrow(SyntaxError);
});
