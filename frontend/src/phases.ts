/**
 * The `phases` text: what a project was on any day, in one short line that holds no "today".
 *
 *     facts[|promises]      tokens separated by spaces
 *     6@2020-08-18          phase 6, certain and possible from that day
 *     5@2024-12-31<2024-01-01   certain from the first day, possible from the second
 *     6@2025-01-16<         possible from nobody knows when
 *     6@2029-12-31<2029-01-01~*4   a promise: about (~), degree of commitment (*)
 */
import type { Basis, PhaseId } from "./data/types";
import { type Day, dayOf } from "./dates";

export const PHASE_IDS: readonly PhaseId[] = [
  "unknown",
  "proposed",
  "planned",
  "preparing",
  "building",
  "completing",
  "in_service",
  "closed",
  "cancelled",
];
const UNKNOWN = 0;
const CLOSED = 7;

export interface Token {
  phase: number;
  certainFrom: Day;
  /** Null: it may have been so for any length of time before. */
  possibleFrom: Day | null;
}
export interface PhaseText {
  facts: Token[];
  promises: Token[];
}
export interface PhaseState {
  phase: PhaseId;
  basis: Basis;
  maybe: PhaseId | null;
}

const TOKEN = /^([0-8])@(\d{4}-\d{2}-\d{2})(<(\d{4}-\d{2}-\d{2})?)?~?(\*[1-6])?$/;

function readToken(text: string): Token {
  const match = TOKEN.exec(text);
  if (!match) throw new SyntaxError(`not a token of a phases text: ${text}`);
  const certainFrom = dayOf(match[2]);
  const possibleFrom = match[3] === undefined ? certainFrom : match[4] ? dayOf(match[4]) : null;
  return { phase: Number(match[1]), certainFrom, possibleFrom };
}

const words = (text: string): string[] => text.split(" ").filter(Boolean);

/** Read a `phases` text. Raises SyntaxError when a token is not in the grammar. */
export function readPhases(text: string): PhaseText {
  const [facts, promises = ""] = text.split("|");
  return { facts: words(facts).map(readToken), promises: words(promises).map(readToken) };
}

/** A phase only rises, but closing always applies, and after it whatever comes later. */
function takesOver(next: number, current: number): boolean {
  return next > current || next >= CLOSED || current >= CLOSED;
}

function factOn(facts: Token[], day: Day): { phase: number; maybe: number; by: Token | null } {
  let phase = UNKNOWN;
  let maybe = UNKNOWN;
  let by: Token | null = null;
  for (const fact of facts) {
    if (fact.certainFrom <= day) {
      phase = fact.phase;
      by = fact;
    }
    if (fact.possibleFrom !== null && fact.possibleFrom <= day) maybe = fact.phase;
  }
  return { phase, maybe: maybe > phase ? maybe : UNKNOWN, by };
}

/** A state together with the token that it rests on; null when nothing is known. */
export interface Standing {
  state: PhaseState;
  by: Token | null;
}

/** As `phaseOn`, with the token that says so. */
export function standingOn(text: PhaseText, day: Day, known: Day): Standing {
  let { phase, maybe, by } = factOn(text.facts, day);
  let basis: Basis = phase === UNKNOWN ? "none" : "fact";
  if (day > known) {
    const open = text.promises.filter((p) => p.certainFrom >= known);
    for (const promise of [...open].sort((a, b) => a.certainFrom - b.certainFrom || a.phase - b.phase)) {
      if (promise.certainFrom <= day && takesOver(promise.phase, phase)) {
        phase = promise.phase;
        basis = "promise";
        by = promise;
      }
    }
    if (maybe <= phase) maybe = UNKNOWN;
    for (const promise of open) {
      const mayBegin = promise.possibleFrom !== null && promise.possibleFrom <= day;
      if (mayBegin && promise.certainFrom > day && promise.phase > Math.max(phase, maybe))
        maybe = promise.phase;
    }
  }
  const state = { phase: PHASE_IDS[phase], basis, maybe: maybe === UNKNOWN ? null : PHASE_IDS[maybe] };
  return { state, by };
}

/**
 * The phase on a day, from what had been said by `known`.
 *
 * A day up to `known` is answered by facts alone. A later one also takes the promises that fall
 * due between `known` and the day, and then says that it rests on a promise.
 */
export const phaseOn = (text: PhaseText, day: Day, known: Day): PhaseState =>
  standingOn(text, day, known).state;

/** Whether a project in one phase has come as far as another; closing and ending reach nothing. */
export function reached(phase: PhaseId | null, wanted: PhaseId): boolean {
  const at = PHASE_IDS.indexOf(phase ?? "unknown");
  return at < CLOSED && at >= PHASE_IDS.indexOf(wanted);
}

export interface Evidence {
  day: Day;
  phase: PhaseId;
  /** It began that very day; otherwise it was so by then, and may have been before. */
  began: boolean;
}

/** The first fact that is certain only after a day; null when none is. */
export function evidenceAfter(text: PhaseText, day: Day): Evidence | null {
  const later = text.facts.filter((fact) => fact.certainFrom > day);
  if (!later.length) return null;
  const first = later.reduce((best, fact) => (fact.certainFrom < best.certainFrom ? fact : best));
  const began = first.possibleFrom === first.certainFrom;
  return { day: first.certainFrom, phase: PHASE_IDS[first.phase], began };
}
