/** What the map tells of the kinds that come as tiles: which of their projects are in view, and what failed. */
import { computed, signal } from "@preact/signals";
import type { PhaseState } from "../phases";
import { kindIsOn, tiledKinds } from "./store";

export interface TiledProject {
  id: string;
  kind: string;
  name_zh: string;
  name_en: string;
  state: PhaseState;
}
export interface TiledView {
  /** The first of the projects that are drawn one by one. */
  listed: readonly TiledProject[];
  /** How many are drawn one by one, and how many more stand together in squares. */
  single: number;
  crowded: number;
  /** How surely those that are drawn one by one are placed: each precision that occurs. */
  precisions: ReadonlySet<string>;
}

/** So many are listed; more would be no list to read. */
export const LISTED = 50;
export const tiledView = signal<TiledView>({ listed: [], single: 0, crowded: 0, precisions: new Set() });
/** How many tiles could not be fetched. */
export const tilesMissing = signal(0);
/** Rises when somebody asks for the missing tiles again. */
export const tilesAsked = signal(0);

export const tiledOn = computed(() => tiledKinds.value.filter((kind) => kindIsOn(kind.id)));
