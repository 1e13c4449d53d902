/** What the chosen day makes of every project: phases, counts, and what passes the filters. */
import { batch, computed } from "@preact/signals";
import { Problem } from "../data/fetch";
import type { KindInfo, PhaseId, PrecisionId, Project } from "../data/types";
import {
  type Evidence,
  evidenceAfter,
  type PhaseState,
  type PhaseText,
  phaseOn,
  readPhases,
} from "../phases";
import {
  catalogue,
  day,
  everyone,
  kindIsOn,
  kindOf,
  kindsOn,
  known,
  phaseFilter,
  projects,
  selected,
  tiledKinds,
  today,
  toReveal,
} from "./store";

const NOTHING: PhaseState = { phase: "unknown", basis: "none", maybe: null };

/** Read a project's `phases` text; one that cannot be read says nothing. */
export function readText(id: string, text: string | null | undefined): PhaseText {
  try {
    return readPhases(text ?? "");
  } catch (error) {
    // A text this page cannot read must not take the map down: the project is shown as not stated.
    console.error(new Problem("", `${id}: ${String(error)}`));
    return { facts: [], promises: [] };
  }
}

const texts = computed(
  () =>
    new Map(everyone.value.map((project) => [project.id, readText(project.id, project.properties.phases)])),
);

/** The texts of the projects with a phase of their own and of a kind that is on. */
export const phasedTexts = computed(
  () =>
    new Map(
      projects.value
        .filter((project) => hasPhase(project) && kindIsOn(project.properties.kind))
        .map((project) => [project.id, texts.value.get(project.id)!]),
    ),
);

/** Up to which day what was said counts. */
export const asKnown = computed(() => known.value ?? today.value);

/** A project with a phase of its own: of a tracked kind, and not a mere container of parts. */
export const hasPhase = (project: Project): boolean => project.properties.drawn && kindOf(project).tracked;

const isSame = (a: PhaseState, b: PhaseState): boolean =>
  a.phase === b.phase && a.basis === b.basis && a.maybe === b.maybe;

let latest: ReadonlyMap<string, PhaseState> = new Map();

/**
 * Each project's phase on the chosen day, from what had been said by the known day.
 *
 * A state that stays the same is the same object as before: what shows it need not be shown anew.
 */
export const states = computed<ReadonlyMap<string, PhaseState>>(() => {
  const out = new Map<string, PhaseState>();
  for (const project of everyone.value) {
    const text = texts.value.get(project.id);
    const state = text && hasPhase(project) ? phaseOn(text, day.value, asKnown.value) : NOTHING;
    const before = latest.get(project.id);
    out.set(project.id, before && isSame(before, state) ? before : state);
  }
  latest = out;
  return out;
});

/** A fact that is carried beyond the day up to which anybody has spoken. */
export const isLastKnown = (state: PhaseState): boolean =>
  state.basis === "fact" && day.value > asKnown.value;

export const stateOf = (id: string): PhaseState => states.value.get(id) ?? NOTHING;

/** The same of a project that the page may have no list of. */
export function stateOfAny(project: Project): PhaseState {
  if (states.value.has(project.id) || !hasPhase(project)) return stateOf(project.id);
  return phaseOn(readText(project.id, project.properties.phases), day.value, asKnown.value);
}

/** Of a project nothing is known of on the day: since when something is. */
export function firstEvidence(project: Project): Evidence | null {
  const text = texts.value.get(project.id);
  if (!text || !hasPhase(project) || stateOf(project.id).phase !== "unknown") return null;
  return evidenceAfter(text, day.value);
}

const childrenOf = computed(() => {
  const out = new Map<string, Project[]>();
  for (const project of projects.value) {
    const parent = project.properties.parent;
    if (parent) out.set(parent, [...(out.get(parent) ?? []), project]);
  }
  return out;
});

/** Every part of a container, each followed by its own parts. */
export function partsOf(id: string): Project[] {
  return (childrenOf.value.get(id) ?? []).flatMap((child) => [child, ...partsOf(child.id)]);
}

/** The parts a container stands for: one with a phase of its own for itself, a container for its own parts. */
function standingParts(id: string): Project[] {
  return (childrenOf.value.get(id) ?? []).flatMap((child) =>
    child.properties.drawn ? [child] : standingParts(child.id),
  );
}

/** Phases of a container's parts on the day, with how many there are of each. */
export function partsOn(id: string): Map<PhaseId, number> {
  const counts = new Map<PhaseId, number>();
  for (const part of standingParts(id).filter(hasPhase)) {
    const phase = stateOf(part.id).phase;
    counts.set(phase, (counts.get(phase) ?? 0) + 1);
  }
  return counts;
}

/** A container passes the phase filter when one of its parts does. */
function passesPhase(project: Project): boolean {
  const wanted = phaseFilter.value;
  if (!wanted.size) return true;
  if (hasPhase(project)) return wanted.has(stateOf(project.id).phase);
  return !project.properties.drawn && [...partsOn(project.id).keys()].some((phase) => wanted.has(phase));
}

/** Whether a change between two phases is one of the phases asked for: it came to be in one, or left one. */
export const isAskedFor = (before: PhaseState, after: PhaseState): boolean => {
  const wanted = phaseFilter.value;
  return !wanted.size || wanted.has(before.phase) || wanted.has(after.phase);
};

/** The ids of all that passes both filters on the day. */
export const passing = computed(() => {
  const out = new Set<string>();
  for (const project of everyone.value) {
    if (kindIsOn(project.properties.kind) && passesPhase(project)) out.add(project.id);
  }
  return out;
});

/** Turn on whatever keeps a project off the map, and nothing more, and bring it into view. */
export function showOnMap(project: Project): void {
  const { kind } = project.properties;
  batch(() => {
    if (kindsOn.value && !kindIsOn(kind)) kindsOn.value = new Set([...kindsOn.value, kind]);
    if (!passesPhase(project)) {
      const own = hasPhase(project) ? [...phaseFilter.value, stateOf(project.id).phase] : [];
      phaseFilter.value = new Set(own);
    }
    if (selected.value === project.id) toReveal.value = { id: project.id };
  });
}

export const isLocated = (project: Project): boolean => project.geometry !== null && project.properties.drawn;

/** Per phase: how many projects of the kinds that are on. */
export const phaseCounts = computed(() => {
  const counts = new Map<PhaseId, number>();
  for (const project of projects.value) {
    if (!hasPhase(project) || !kindIsOn(project.properties.kind)) continue;
    const phase = stateOf(project.id).phase;
    counts.set(phase, (counts.get(phase) ?? 0) + 1);
  }
  return counts;
});

/** Per kind: how many on the map, and of how many, among those in the chosen phases on the day. */
export const kindCounts = computed(() => {
  const counts = new Map<string, { on: number; all: number }>();
  for (const kind of catalogue.value?.kinds ?? []) counts.set(kind.id, { on: 0, all: 0 });
  for (const project of projects.value) {
    const count = counts.get(project.properties.kind);
    if (!count || !passesPhase(project)) continue;
    count.all += 1;
    if (isLocated(project) && kindIsOn(project.properties.kind)) count.on += 1;
  }
  // Of a kind that comes as tiles the page knows only how many there are, in whatever phase.
  for (const kind of tiledKinds.value)
    counts.set(kind.id, { on: kindIsOn(kind.id) ? kind.placed : 0, all: kind.projects });
  return counts;
});

/** Per precision: how many projects of those that pass the filters. What is only made of parts has no place. */
export const precisionCounts = computed(() => {
  const counts = new Map<PrecisionId, number>();
  for (const { id, properties } of projects.value) {
    // Without a phase filter no step of the day changes it.
    const shown = phaseFilter.value.size ? passing.value.has(id) : kindIsOn(properties.kind);
    if (!properties.drawn || !shown) continue;
    counts.set(properties.precision, (counts.get(properties.precision) ?? 0) + 1);
  }
  return counts;
});

/** Of how many projects that pass the filters claims speak on the day, and of how many they could. */
export const spokenOf = computed(() => {
  const all = projects.value.filter((project) => hasPhase(project) && passing.value.has(project.id));
  return { n: all.filter((project) => stateOf(project.id).phase !== "unknown").length, of: all.length };
});

/** What the filters leave, and how many of those are listed only for their parts. */
export const shownCounts = computed(() => {
  const shown = projects.value.filter((project) => passing.value.has(project.id));
  const containers = phaseFilter.value.size ? shown.filter((project) => !project.properties.drawn).length : 0;
  return { n: shown.length, of: projects.value.length, containers };
});

/** How many projects there are, with a phase of their own, and on the map: filters aside. */
export const totals = computed(() => ({
  all: projects.value.length,
  phased: projects.value.filter(hasPhase).length,
  placed: projects.value.filter(isLocated).length,
}));

/** Projects without a place that pass the filters, by group, in the catalogue's order. */
export const offMap = computed(() => {
  const groups = catalogue.value?.groups ?? [];
  return groups
    .map((group) => ({
      group,
      projects: projects.value.filter(
        (project) =>
          !isLocated(project) && kindOf(project).group === group.id && passing.value.has(project.id),
      ),
    }))
    .filter((entry) => entry.projects.length);
});

/** The key of a hue: the kind, and the value that overrides it (a line number). */
export function hueKey(project: Project): string {
  const kind: KindInfo = kindOf(project);
  const value = kind.style.by ? String(project.properties.attrs[kind.style.by] ?? "") : "";
  return kind.style.values?.[value] ? `${kind.id}-${value}` : kind.id;
}
