/** The list of projects in view as it stands on the page, and the way through it from card to card. */
import { computed, effect, signal, untracked } from "@preact/signals";
import type { Project } from "../data/types";
import { hasPhase, offMap, passing, stateOf } from "./day";
import { byKind, inOrder, type Listed, neighbour, type Sort } from "./listing";
import { inView, kindOf, lang, nameOf, projectById, selected } from "./store";

export const sort = signal<Sort>("kind");
export const grouped = signal(false);

const listed = (project: Project): Listed => ({
  project,
  kind: kindOf(project),
  name: nameOf(project),
  // Asked for only when the order goes by it: a step of the day changes no other order.
  get state() {
    return hasPhase(project) ? stateOf(project.id) : null;
  },
});

/** What the map shows and the filters leave, in the order chosen. */
export const entriesInView = computed(() => {
  const shown = inView.value
    .map((id) => projectById.value.get(id))
    .filter((project): project is Project => project !== undefined && passing.value.has(project.id));
  return inOrder(shown.map(listed), sort.value, lang.value);
});

export const groupsInView = computed(() => byKind(entriesInView.value));

const idsInView = computed(() => {
  const groups = grouped.value ? groupsInView.value.map((group) => group.entries) : [entriesInView.value];
  return groups.flat().map((entry) => entry.project.id);
});
const idsOffMap = computed(() =>
  offMap.value.flatMap((entry) => entry.projects.map((project) => project.id)),
);

/** A way begun is kept: bringing the next project into view changes what is in view. */
const begun = signal<{ ids: readonly string[]; at: string } | null>(null);

/** The list in which the open card stands. */
const way = computed(() => {
  const id = selected.value ?? "";
  if (begun.value?.at === id) return begun.value.ids;
  return idsOffMap.value.includes(id) ? idsOffMap.value : idsInView.value;
});

/** Where the open card stands in its list, counted from 1 (0: not in it), and of how many. */
export const placeInList = computed(() => ({
  n: way.value.indexOf(selected.value ?? "") + 1,
  of: way.value.length,
}));

/** The project before or after the open card's; null when there is none. */
export function beside(by: 1 | -1): string | null {
  return neighbour(way.value, selected.value ?? "", by);
}

/** Note that the way goes on from this project, in the list it is in now. */
export function walkOn(to: string): void {
  begun.value = { ids: way.value, at: to };
}

/** Begin: a card opened out of a list goes on in that list as it was then, before it came into view. */
export function followWalk(): void {
  effect(() => {
    const id = selected.value;
    untracked(() => {
      if (id && begun.value?.at !== id && way.value.includes(id)) walkOn(id);
    });
  });
}

/** The order was changed: a way begun in the old one ends. */
export function setOrder(to: { sort?: Sort; grouped?: boolean }): void {
  begun.value = null;
  if (to.sort) sort.value = to.sort;
  if (to.grouped !== undefined) grouped.value = to.grouped;
}
