/** Fetches what comes to the map as tiles for a page that lists every project: page by page, behind what is shown. */
import { batch, computed, effect, signal, untracked } from "@preact/signals";
import type { Problem } from "../data/fetch";
import { loadNumerous } from "../data/load";
import { isoOf } from "../dates";
import { asProblem, catalogue, known, numerous, tiledKinds } from "./store";

/** More than anybody reads, and about as many as a browser holds with ease. */
export const MOST_LISTED = 50_000;

/** How many have come of those on their way; null: none are. */
export const coming = signal<number | null>(null);
export const notListed = signal<Problem | null>(null);
/** How many there are. */
export const numerousInAll = computed(() => tiledKinds.value.reduce((sum, kind) => sum + kind.projects, 0));

let asking: AbortController | null = null;

async function load(): Promise<void> {
  asking?.abort();
  const all = catalogue.value;
  if (!all || !tiledKinds.value.length) {
    numerous.value = [];
    return;
  }
  const mine = new AbortController();
  asking = mine;
  batch(() => {
    coming.value = 0;
    notListed.value = null;
  });
  const asOf = known.value === null ? null : isoOf(known.value);
  try {
    const found = await loadNumerous(all, asOf, MOST_LISTED, mine.signal, (n) => {
      if (asking === mine) coming.value = n;
    });
    if (asking !== mine) return;
    numerous.value = found;
  } catch (error) {
    if (asking !== mine) return;
    notListed.value = asProblem(error);
  }
  coming.value = null;
}

export const loadAgain = (): void => void load();

/** Load them, and anew whenever the chart is of another revision or of another knowledge. Returns what ends it. */
export function followNumerous(): () => void {
  return effect(() => {
    void catalogue.value;
    void known.value;
    untracked(loadAgain);
  });
}
