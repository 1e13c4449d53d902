/** What lies near the shape that is worked on: to snap to, and to merge with. */
import { batch, computed, effect, signal } from "@preact/signals";
import {
  type Bounds,
  boundsMeet,
  boundsOf,
  type Geometry,
  middleOf,
  roughMetres,
  shapeOf,
} from "../data/geometry";
import { projectsIn } from "../data/load";
import type { Project } from "../data/types";
import type { Neighbour } from "../map/edit";
import { isLocated } from "../state/day";
import { projects, tiledKinds } from "../state/store";
import { begun, draft, subject } from "./state";

const MOST = 400;
const MOST_OTHERS = 12;
const NEAR_M = 1500;

/** What the map shows. */
export const view = signal<Bounds | null>(null);

type Placed = Project & { geometry: Geometry };

// --- kinds of which the page has no list ------------------------------------------------------
const PAUSE_MS = 250;
/** About three kilometres: a wider view shows nobody where a corner is. */
const WIDEST_DEG = 0.03;
const MARGIN_DEG = 0.002;

/** What the service has of the kinds that come as tiles, round about. */
const fetched = signal<readonly Project[]>([]);
/** They did not come, or there were more than are taken: what is said of it. */
export const unseen = signal<"failed" | "many" | null>(null);
/** Grows when somebody asks for them again. */
const wanted = signal(0);
export const askNear = (): void =>
  batch(() => {
    unseen.value = null;
    wanted.value++;
  });

const isNarrow = ([west, south, east, north]: Bounds): boolean =>
  Math.max(east - west, north - south) <= WIDEST_DEG;

/** Where to look: what the map shows or, of a wide view, where the shape lay. */
const around = computed((): Bounds | null => {
  const shape = begun.value.geometry;
  if (view.value && isNarrow(view.value)) return view.value;
  if (!shape) return null;
  const [west, south, east, north] = boundsOf(shape);
  const box: Bounds = [west - MARGIN_DEG, south - MARGIN_DEG, east + MARGIN_DEG, north + MARGIN_DEG];
  return isNarrow(box) ? box : null;
});

effect(() => {
  const box = around.value;
  const kinds = tiledKinds.value.map((kind) => kind.id);
  void wanted.value;
  if (subject.value === null || !box || !kinds.length) return;
  const asking = new AbortController();
  const timer = setTimeout(() => {
    projectsIn(box, kinds, MOST, asking.signal).then(
      (answer) =>
        batch(() => {
          fetched.value = answer.features;
          unseen.value = answer.numberMatched > answer.features.length ? "many" : null;
        }),
      () => {
        if (!asking.signal.aborted) unseen.value = "failed";
      },
    );
  }, PAUSE_MS);
  return () => {
    clearTimeout(timer);
    asking.abort();
  };
});

const placed = computed(() => {
  const all = new Map([...fetched.value, ...projects.value].map((one) => [one.id, one]));
  return [...all.values()].filter((one): one is Placed => isLocated(one));
});

export const neighbours = computed((): Neighbour[] => {
  const box = view.value;
  const own = draft.value.id;
  if (!box) return [];
  return placed.value
    .filter(
      (one) => one.id !== own && one.geometry.type !== "Point" && boundsMeet(boundsOf(one.geometry), box),
    )
    .slice(0, MOST)
    .map(({ id, geometry, properties }) => ({ id, geometry, snaps: properties.precision !== "schematic" }));
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
