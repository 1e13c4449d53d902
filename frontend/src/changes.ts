/**
 * What changed between two days, read from the `phases` texts alone. Pure.
 *
 * A phase that is first attested between the two days need not have begun there: by then it was so, and it may
 * have been before. That is told apart from a change, which is known to have happened in between.
 */
import { addMonths, type Day, isoOf } from "./dates";
import { type PhaseState, type PhaseText, type Standing, standingOn, type Token } from "./phases";

/** In the order in which they are listed. */
export const CHANGE_GROUPS = ["advanced", "ended", "first", "promised"] as const;
export type ChangeGroup = (typeof CHANGE_GROUPS)[number];

export interface Change {
  id: string;
  /** The day from which it is certain. */
  day: Day;
  /** The day from which it may have been so; null when nobody knows. */
  possibleFrom: Day | null;
  before: PhaseState;
  after: PhaseState;
  group: ChangeGroup;
}

/** Two states that a reader would call the same; what may be is left aside. */
export const sameState = (a: PhaseState, b: PhaseState): boolean =>
  a.phase === b.phase && a.basis === b.basis;

function groupOf({ state, by }: Standing, from: Day): ChangeGroup {
  if (state.basis === "promise") return "promised";
  const happened = by !== null && by.possibleFrom !== null && by.possibleFrom > from;
  if (!happened) return "first";
  return state.phase === "closed" || state.phase === "cancelled" ? "ended" : "advanced";
}

/** Whether anything takes effect from day `from` to day `to`, both included; if not, nothing changes either. */
function isTouched({ facts, promises }: PhaseText, from: Day, to: Day): boolean {
  const within = ({ certainFrom }: Token): boolean => certainFrom >= from && certainFrom <= to;
  return facts.some(within) || promises.some(within);
}

/**
 * How one project differs on day `to` from day `from` (before it); null when it does not.
 *
 * `since` is the day after which something must have happened to count as a change.
 */
export function changeBetween(
  id: string,
  text: PhaseText,
  [from, to]: readonly [Day, Day],
  known: Day,
  since: Day = from,
): Change | null {
  if (!isTouched(text, from, to)) return null;
  const before = standingOn(text, from, known).state;
  const after = standingOn(text, to, known);
  if (sameState(before, after.state)) return null;
  return {
    id,
    day: after.by?.certainFrom ?? to,
    possibleFrom: after.by?.possibleFrom ?? null,
    before,
    after: after.state,
    group: groupOf(after, since),
  };
}

const latestFirst = (a: Change, b: Change): number => b.day - a.day || (a.id < b.id ? -1 : 1);

/** All that differ between two days, in either order, the latest first. */
export function changesBetween(texts: ReadonlyMap<string, PhaseText>, a: Day, b: Day, known: Day): Change[] {
  const days = [Math.min(a, b), Math.max(a, b)] as const;
  const out: Change[] = [];
  for (const [id, text] of texts) {
    const change = changeBetween(id, text, days, known);
    if (change) out.push(change);
  }
  return out.sort(latestFirst);
}

/** Every single change from one day to another, both included, the latest first: a project may come more than once. */
export function eventsIn(texts: ReadonlyMap<string, PhaseText>, from: Day, to: Day, known: Day): Change[] {
  const out: Change[] = [];
  for (const [id, text] of texts) {
    const days = [...text.facts, ...text.promises].map((token) => token.certainFrom);
    for (const day of new Set(days)) {
      if (day < from || day > to) continue;
      const change = changeBetween(id, text, [day - 1, day], known, from - 1);
      if (change) out.push(change);
    }
  }
  return out.sort(latestFirst);
}

/** When a change happened, as far as it is known, in the grammar of claims: `2025-01-15`, `2024`, `..2025-01-16`. */
export function whenOf({ day, possibleFrom }: Pick<Change, "day" | "possibleFrom">): string {
  const [from, to] = [isoOf(possibleFrom ?? day), isoOf(day)];
  if (possibleFrom === null) return `..${to}`;
  if (from === to) return to;
  if (from.slice(0, 4) === to.slice(0, 4) && from.endsWith("-01-01") && to.endsWith("-12-31"))
    return to.slice(0, 4);
  const wholeMonth =
    from.slice(0, 7) === to.slice(0, 7) && from.endsWith("-01") && addMonths(possibleFrom, 1) === day + 1;
  return wholeMonth ? to.slice(0, 7) : `${from}/${to}`;
}

/** What is known to have happened before what was only first spoken of; else in the order given. */
export function happenedFirst(changes: readonly Change[]): Change[] {
  const isFirst = (change: Change): boolean => change.group === "first";
  return [...changes.filter((change) => !isFirst(change)), ...changes.filter(isFirst)];
}

/** The changes by group, without the empty groups. */
export function grouped(changes: readonly Change[]): { group: ChangeGroup; changes: Change[] }[] {
  return CHANGE_GROUPS.map((group) => ({
    group,
    changes: changes.filter((change) => change.group === group),
  })).filter((entry) => entry.changes.length);
}
