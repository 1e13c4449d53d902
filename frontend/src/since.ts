/** Since when a project is in its phase, from its `phases` text. Pure. */
import { type Day, isoOf, lastDayOf, monthOf, yearOf } from "./dates";
import { readPhases } from "./phases";

/** A date of the claim grammar between two days: no finer than they are apart. */
function between(from: Day, to: Day): string {
  if (from === to) return isoOf(to);
  const [year, month] = [isoOf(to).slice(0, 4), isoOf(to).slice(0, 7)];
  const first = isoOf(from);
  if (yearOf(from) === yearOf(to) && first.endsWith("-01")) {
    if (monthOf(from) === monthOf(to) && lastDayOf(month) === to) return month;
    if (first.endsWith("-01-01") && lastDayOf(year) === to) return year;
  }
  return `${first}/${isoOf(to)}`;
}

/**
 * The date from which facts say that the phase of a day holds: `2020-08-18`, `2020-08`, `A/B`, or
 * `..2025-01-16` when it was so by then and may have been before. Null without such a fact.
 */
export function sinceOf(phases: string, day: Day): string | null {
  const facts = readPhases(phases).facts.filter((fact) => fact.certainFrom <= day);
  const last = facts.at(-1);
  if (!last?.phase) return null;
  // What was said again later began with the first of those that say the same.
  let first = last;
  for (const fact of [...facts].reverse()) {
    if (fact.phase !== last.phase) break;
    first = fact;
  }
  const { certainFrom, possibleFrom } = first;
  return possibleFrom === null ? `..${isoOf(certainFrom)}` : between(possibleFrom, certainFrom);
}
