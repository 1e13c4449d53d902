/** The phases of many texts on a day: only those that a step takes over a date are looked at again. Pure. */
import type { Day } from "../dates";
import { PHASE_IDS, type PhaseState, type PhaseText, phaseOn, readPhases } from "../phases";

const PHASES = PHASE_IDS.length;
/** How many different codes there are. */
export const CODES = 2 * PHASES;

/** A state as a number: the phase, and a second row of phases for those that rest on a promise. */
const codeOf = (state: PhaseState): number =>
  PHASE_IDS.indexOf(state.phase) + (state.basis === "promise" ? PHASES : 0);

/** The state of a code. */
export function stateOfCode(code: number): PhaseState {
  const phase = PHASE_IDS[code % PHASES];
  const fact = phase === "unknown" ? "none" : "fact";
  return { phase, basis: code >= PHASES ? "promise" : fact, maybe: null };
}

function read(text: string): PhaseText {
  try {
    return readPhases(text);
  } catch {
    // As anywhere on the page, a text that cannot be read says nothing.
    return { facts: [], promises: [] };
  }
}

export class PhaseClock {
  /** By number of the text. */
  codes = new Uint8Array(64);
  private readonly numbers = new Map<string, number>();
  private readonly texts: PhaseText[] = [];
  /** Between these days, the second left out, a text says what it says now. */
  private from = new Float64Array(64);
  private until = new Float64Array(64);
  private day: Day = 0;
  private known: Day = 0;

  /** The number of a text, which it keeps. */
  number(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.texts.push(read(text)) - 1;
      this.numbers.set(text, number);
      if (number === this.codes.length) this.grow();
      this.look(number);
    }
    return number;
  }

  /** Let it be a day, as known by another. */
  set(day: Day, known: Day): void {
    const anew = known !== this.known;
    if (!anew && day === this.day) return;
    this.day = day;
    this.known = known;
    for (let i = 0; i < this.texts.length; i++)
      if (anew || day < this.from[i] || day >= this.until[i]) this.look(i);
  }

  private look(i: number): void {
    const { facts, promises } = this.texts[i];
    let [from, until] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    // Beyond what is known promises begin to count.
    const turns = [this.known + 1, ...[...facts, ...promises].map((token) => token.certainFrom)];
    for (const turn of turns) {
      if (turn <= this.day) from = Math.max(from, turn);
      else until = Math.min(until, turn);
    }
    this.from[i] = from;
    this.until[i] = until;
    this.codes[i] = codeOf(phaseOn(this.texts[i], this.day, this.known));
  }

  private grow(): void {
    const larger = <T extends Uint8Array | Float64Array>(old: T, made: T): T => {
      made.set(old);
      return made;
    };
    const size = this.codes.length * 2;
    this.codes = larger(this.codes, new Uint8Array(size));
    this.from = larger(this.from, new Float64Array(size));
    this.until = larger(this.until, new Float64Array(size));
  }
}
