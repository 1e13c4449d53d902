/** What changed: on the way of the slider, within a range, between two days, and since it was known otherwise. */
import { computed, effect, signal, untracked } from "@preact/signals";
import { type Change, changesBetween, eventsIn, happenedFirst, sameState } from "../changes";
import type { Day } from "../dates";
import { type PhaseState, phaseOn } from "../phases";
import { asKnown, isAskedFor, passing, phasedTexts, readText, stateOf } from "./day";
import { chart, compared, day, range, timeline, today } from "./store";

/** Of some changes those that have to do with the phases asked for. */
const asked = (changes: Change[]): Change[] =>
  changes.filter((change) => isAskedFor(change.before, change.after));

// --- on the way of the slider -------------------------------------------------------------------

/** Steps that follow each other faster than this are one way. */
const PAUSE_MS = 1200;

export interface Way {
  from: Day;
  to: Day;
  /** What happened before what was first spoken of, the latest first. */
  changes: Change[];
}

/** From where the slider last rested to where it is. */
export const way = signal<Way | null>(null);
/** The ids of what the last step changed; a new set with every step. */
export const stepped = signal<ReadonlySet<string>>(new Set());

/** Watch the chosen day. Returns the end of watching. */
export function followSteps(): () => void {
  let last = day.peek();
  let texts = phasedTexts.peek();
  let start = last;
  let at = Number.NEGATIVE_INFINITY;
  return effect(() => {
    const [now, all] = [day.value, phasedTexts.value];
    untracked(() => {
      const before = last;
      last = now;
      // Other projects, or others told of them: that is no step in time.
      if (texts !== all) {
        texts = all;
        start = now;
        way.value = null;
        return;
      }
      if (now === before) return;
      const time = performance.now();
      const turned = way.value && Math.sign(now - before) !== Math.sign(way.value.to - way.value.from);
      if (time - at > PAUSE_MS || turned) start = before;
      at = time;
      const changes = happenedFirst(asked(changesBetween(all, start, now, asKnown.value)));
      way.value = { from: start, to: now, changes };
      stepped.value = new Set(changesBetween(all, before, now, asKnown.value).map((change) => change.id));
    });
  });
}

// --- within a range -----------------------------------------------------------------------------

const allRangeEvents = computed<Change[]>(() =>
  range.value ? eventsIn(phasedTexts.value, range.value.from, range.value.to, asKnown.value) : [],
);
/** Those that have to do with the phases asked for. */
export const rangeEvents = computed(() => asked(allRangeEvents.value));
/** How many more there are. */
export const rangeLeftOut = computed(() => allRangeEvents.value.length - rangeEvents.value.length);

// --- between two days ---------------------------------------------------------------------------

/** The two days that are compared, the earlier first. */
export const pair = computed<readonly [Day, Day] | null>(() => {
  const other = compared.value;
  return other === null ? null : [Math.min(other, day.value), Math.max(other, day.value)];
});

const wholeComparison = computed<Change[]>(() =>
  pair.value ? changesBetween(phasedTexts.value, ...pair.value, asKnown.value) : [],
);
/** The changes that have to do with the phases asked for. */
export const comparison = computed(() => asked(wholeComparison.value));
/** How many more changed. */
export const comparisonLeftOut = computed(() => wholeComparison.value.length - comparison.value.length);
export const comparedById = computed(
  () => new Map(wholeComparison.value.map((change) => [change.id, change])),
);
/** How many are shown that are the same on both days. */
export const unchanged = computed(
  () =>
    [...phasedTexts.value.keys()].filter((id) => passing.value.has(id) && !comparedById.value.has(id)).length,
);

// --- as it was known, and as it is --------------------------------------------------------------

export interface Difference {
  id: string;
  /** As it was known. */
  was: PhaseState;
  /** As it is known today. */
  now: PhaseState;
}

const textsNow = computed(() => {
  const now = chart.value.status === "ready" ? chart.value.value.textsNow : null;
  return now && new Map([...now].map(([id, text]) => [id, readText(id, text)]));
});

/** Projects whose phase on the chosen day is known otherwise today; null when nothing else is asked for. */
const allDifferences = computed<Difference[] | null>(() => {
  const now = textsNow.value;
  if (!now) return null;
  const out: Difference[] = [];
  for (const id of phasedTexts.value.keys()) {
    const text = now.get(id);
    const said = text && phaseOn(text, day.value, today.value);
    if (said && !sameState(said, stateOf(id))) out.push({ id, was: stateOf(id), now: said });
  }
  return out;
});

/** Those of them that have to do with the phases asked for. */
export const differences = computed(
  () => allDifferences.value?.filter(({ was, now }) => isAskedFor(was, now)) ?? null,
);
/** How many more there are. */
export const differencesLeftOut = computed(
  () => (allDifferences.value?.length ?? 0) - (differences.value?.length ?? 0),
);
export const differing = computed(() => new Set(differences.value?.map((one) => one.id)));

// --- in words -----------------------------------------------------------------------------------

const milestones = computed(() => {
  const out = new Map<string, string>();
  if (timeline.value.status !== "ready") return out;
  for (const date of timeline.value.value.dates)
    out.set(`${date.id} ${date.phase} ${date.latest} ${date.promised}`, date.milestone);
  return out;
});

/** The code of the milestone that a change is; null when no dated claim names one. */
export const milestoneOf = (change: Change, iso: string): string | null =>
  milestones.value.get(`${change.id} ${change.after.phase} ${iso} ${change.after.basis === "promise"}`) ??
  null;
