/** What lies near the shape that is worked on: to snap to, and to merge with. */
import { computed, signal } from "@preact/signals";
import {
  type Bounds,
  boundsMeet,
  boundsOf,
  type Geometry,
  middleOf,
  roughMetres,
  shapeOf,
} from "../data/geometry";
import type { Project } from "../data/types";
import type { Neighbour } from "../map/edit";
import { isLocated } from "../state/day";
import { projects } from "../state/store";
import { draft } from "./state";

const MOST = 400;
const MOST_OTHERS = 12;
const NEAR_M = 1500;

/** What the map shows. */
export const view = signal<Bounds | null>(null);

type Placed = Project & { geometry: Geometry };
const placed = computed(() => projects.value.filter((one): one is Placed => isLocated(one)));

export const neighbours = computed((): Neighbour[] => {
  const box = view.value;
  const own = draft.value.id;
  if (!box) return [];
  return placed.value
    .filter(
      (one) => one.id !== own && one.geometry.type !== "Point" && boundsMeet(boundsOf(one.geometry), box),
    )
    .slice(0, MOST)
    .map(({ id, geometry }) => ({ id, geometry }));
});

/** The nearest of the same kind and form. */
export const mergeable = computed(() => {
  const { id, kind, geometry } = draft.value;
  if (!geometry || !id) return [];
  const middle = middleOf(geometry);
  const form = shapeOf(geometry);
  return placed.value
    .filter((one) => one.id !== id && one.properties.kind === kind && shapeOf(one.geometry) === form)
    .map((one) => ({ one, metres: roughMetres(middle, middleOf(one.geometry)) }))
    .filter(({ metres }) => form === "line" || metres < NEAR_M)
    .sort((a, b) => a.metres - b.metres)
    .slice(0, MOST_OTHERS)
    .map(({ one }) => one);
});
