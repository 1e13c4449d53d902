/** What the chosen day makes of every project: phases, counts, and what passes the filters. */
import { computed } from "@preact/signals";
import { Problem } from "../data/fetch";
import type { KindInfo, PhaseId, Project } from "../data/types";
import { type PhaseState, type PhaseText, phaseOn, readPhases } from "../phases";
import { catalogue, day, kindIsOn, kindOf, known, phaseFilter, projectById, projects, today } from "./store";

const NOTHING: PhaseState = { phase: "unknown", basis: "none", maybe: null };

function readText(project: Project): PhaseText {
  try {
    return readPhases(project.properties.phases ?? "");
  } catch (error) {
    // A text this page cannot read must not take the map down: the project is shown as not stated.
    console.error(new Problem("", `${project.id}: ${String(error)}`));
    return { facts: [], promises: [] };
  }
}

const texts = computed(() => new Map(projects.value.map((project) => [project.id, readText(project)])));

/** A project with a phase of its own: of a tracked kind, and not a mere container of parts. */
export const hasPhase = (project: Project): boolean => project.properties.drawn && kindOf(project).tracked;

/** Each project's phase on the chosen day, from what had been said by the known day. */
export const states = computed(() => {
  const asKnown = known.value ?? today.value;
  const out = new Map<string, PhaseState>();
  for (const project of projects.value) {
    const text = texts.value.get(project.id);
    out.set(project.id, text && hasPhase(project) ? phaseOn(text, day.value, asKnown) : NOTHING);
  }
  return out;
});

export const stateOf = (id: string): PhaseState => states.value.get(id) ?? NOTHING;

const childrenOf = computed(() => {
  const out = new Map<string, Project[]>();
  for (const project of projects.value) {
    const parent = project.properties.parent;
    if (parent) out.set(parent, [...(out.get(parent) ?? []), project]);
  }
  return out;
});

/** Phases of a container's parts on the day, with how many there are of each. */
export function partsOn(id: string): Map<PhaseId, number> {
  const counts = new Map<PhaseId, number>();
  const walk = (parent: string): void => {
    for (const child of childrenOf.value.get(parent) ?? []) {
      walk(child.id);
      if (!hasPhase(child)) continue;
      const phase = stateOf(child.id).phase;
      counts.set(phase, (counts.get(phase) ?? 0) + 1);
    }
  };
  walk(id);
  return counts;
}

/** A container passes the phase filter when one of its parts does. */
function passesPhase(project: Project): boolean {
  const wanted = phaseFilter.value;
  if (!wanted.size) return true;
  if (hasPhase(project)) return wanted.has(stateOf(project.id).phase);
  return !project.properties.drawn && [...partsOn(project.id).keys()].some((phase) => wanted.has(phase));
}

/** The ids of all that passes both filters on the day. */
export const passing = computed(() => {
  const out = new Set<string>();
  for (const project of projects.value) {
    if (kindIsOn(project.properties.kind) && passesPhase(project)) out.add(project.id);
  }
  return out;
});

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
    if (isLocated(project)) count.on += 1;
  }
  return counts;
});

/** Of how many projects claims speak on the day, and of how many they could. */
export const spokenOf = computed(() => {
  const all = projects.value.filter(hasPhase);
  return { n: all.filter((project) => stateOf(project.id).phase !== "unknown").length, of: all.length };
});

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

export const parentOf = (project: Project): Project | null =>
  (project.properties.parent && projectById.value.get(project.properties.parent)) || null;

/** The key of a hue: the kind, and the value that overrides it (a line number). */
export function hueKey(project: Project): string {
  const kind: KindInfo = kindOf(project);
  const value = kind.style.by ? String(project.properties.attrs[kind.style.by] ?? "") : "";
  return kind.style.values?.[value] ? `${kind.id}-${value}` : kind.id;
}
