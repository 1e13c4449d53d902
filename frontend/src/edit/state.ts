/** An editor as signals: what is worked on, its history, what the service finds, and what is kept of it. */
import { batch, computed, effect, signal } from "@preact/signals";
import { type Checked, checkEdit, stageEdit, type Told } from "../data/editing";
import { getJson, type Problem } from "../data/fetch";
import type { Geometry, Position } from "../data/geometry";
import { newKey } from "../data/key";
import type { Project } from "../data/types";
import type { EditMap, Tool } from "../map/edit";
import { asProblem, catalogue, kindById, lang } from "../state/store";
import { askFirst } from "../state/unload";
import { EDIT_WORDS } from "../text/edit";
import {
  type Act,
  actsOf,
  cutOf,
  type Draft,
  draftOf,
  EMPTY,
  fieldOf,
  formsOf,
  isChanged,
  sameShape,
} from "./acts";
import { forget, type Kept, keep, keptOf } from "./kept";

const PAUSE_MS = 250;
const MOST_STEPS = 200;

export const text = computed(() => EDIT_WORDS[lang.value]);
/** Id of what is edited, "new" for a new project; null until it has come. */
export const subject = signal<string | null>(null);
export const failed = signal<Problem | null>(null);
export const begun = signal<Draft>(EMPTY);
export const draft = signal<Draft>(EMPTY);
const base = signal(0);
export const tool = signal<Tool>("none");
/** Grows when a shape came that the map may not show. */
export const brought = signal(0);
/** What is being drawn or dragged, up to the pointer. */
export const sketch = signal<readonly Position[] | null>(null);
/** How many corners are set of the shape that is being drawn. */
export const corners = signal(0);
/** The map, which takes back the last of them, or ends or drops the drawing. */
export const drawer = signal<Pick<EditMap, "takeBack" | "finish" | "giveUp"> | null>(null);
const past = signal<readonly Draft[]>([]);
const future = signal<readonly Draft[]>([]);
export const canUndo = computed(() => corners.value > 0 || past.value.length > 0);
export const canRedo = computed(() => future.value.length > 0);

export const checked = signal<{ acts: string; answer: Checked } | null>(null);
export const problem = signal<Problem | null>(null);
const refused = signal<{ acts: string; errors: readonly Told[] } | null>(null);
export const tried = signal(false);
/** What was typed as the parent is no project. */
export const noParent = signal(false);
export const working = signal(false);
/** What was kept of an earlier visit stands in the form. */
export const restored = signal(false);
/** Somebody wanted to leave what they drew. */
export const leaving = signal(false);
/** What was typed as coordinates and cannot be read. */
export const typedFault = signal<Told | null>(null);

export const dirty = computed(() => subject.value !== null && isChanged(begun.value, draft.value));
/** There is something to lose: an edit that is not sent, or a drawing that is not ended and so not part of it. */
export const atStake = computed(() => dirty.value || corners.value > 0);
export const kind = computed(() => kindById.value.get(draft.value.kind) ?? null);
export const forms = computed(() => formsOf(kind.value?.geometry ?? []));
export const ended = computed(() => problem.value?.status === 401);

/** While an area or line is being drawn it is judged already, as far as it goes. */
const sketched = computed((): Geometry | null => {
  const at = sketch.value;
  if (!at || (tool.value !== "area" && tool.value !== "line")) return null;
  if (tool.value === "line") return null;
  return at.length > 3 ? { type: "Polygon", coordinates: [[...at, at[0]]] } : null;
});
const acts = computed((): Act[] => actsOf(begun.value, draft.value, sketched.value));
const asText = computed(() => JSON.stringify([acts.value, draft.value.source]));

/** How sure a place is that nobody drew. */
export const lacksShape = computed(
  () => draft.value.geometry === null && draft.value.precision !== "unlocated",
);

/** What the service finds wrong and odd, by field of the form; of an older state nothing is told. */
export const faults = computed((): readonly Told[] => {
  const sent = refused.value?.acts === asText.value ? refused.value.errors : null;
  const found = sent ?? checked.value?.answer.errors ?? [];
  // Nobody has to be told that a form is empty before they are done with it, nor that twice: the English name
  // follows the Chinese one.
  return found.filter(
    (one) =>
      !(one.code === "precision-geometry" && lacksShape.value) &&
      (one.code !== "name-missing" || (tried.value && fieldOf(one.pointer) === "name_zh")),
  );
});
/** All is drawn to its end, and the service finds nothing, not even what nobody is told of yet. */
export const isFine = computed(
  () =>
    corners.value === 0 &&
    projectsAfter.value.length > 0 &&
    !checked.value?.answer.errors.length &&
    !faults.value.length &&
    !warnings.value.length,
);
/** Somebody wanted to send it, and there is nothing that would change. */
export const isUnchanged = computed(
  () => tried.value && corners.value === 0 && !noParent.value && acts.value.length === 0,
);
export const warnings = computed((): readonly Told[] => checked.value?.answer.warnings ?? []);
export const faultsOf = (...fields: string[]): Told[] =>
  faults.value.filter((one) => fields.includes(fieldOf(one.pointer)));
export const projectsAfter = computed(() => checked.value?.answer.projects ?? []);
/** What a cut makes. */
export const pieces = computed(() =>
  draft.value.cut && !faults.value.length
    ? projectsAfter.value.filter((one) => !one.removed && one.geometry)
    : [],
);

// --- changing ---------------------------------------------------------------------------------
/** `step`: one that can be undone; what is typed has its own undoing. */
export function change(some: Partial<Draft>, step = true): void {
  batch(() => {
    if (step) {
      past.value = [...past.value, draft.value].slice(-MOST_STEPS);
      future.value = [];
    }
    draft.value = { ...draft.value, ...some };
    if (problem.value?.status !== 401) problem.value = null;
    leaving.value = false;
    typedFault.value = null;
  });
}

/** Shapes go back and forth; words typed meanwhile stay. */
const withWords = (shapes: Draft): Draft => ({
  ...draft.value,
  geometry: shapes.geometry,
  cut: shapes.cut,
  others: shapes.others,
  precision: shapes.precision,
  remove: shapes.remove,
});

/** Of a shape that is being drawn, its last corner; else the last step. */
export function undo(): void {
  if (corners.value > 0) {
    drawer.value?.takeBack();
    return;
  }
  const before = past.value.at(-1);
  if (!before) return;
  batch(() => {
    future.value = [...future.value, draft.value];
    past.value = past.value.slice(0, -1);
    draft.value = withWords(before);
  });
}

export function redo(): void {
  const after = future.value.at(-1);
  if (!after) return;
  batch(() => {
    past.value = [...past.value, draft.value];
    future.value = future.value.slice(0, -1);
    draft.value = withWords(after);
  });
}

export function take(wanted: Tool): void {
  batch(() => {
    sketch.value = null;
    // Whoever gave a drawing up and presses the tool once more wants to draw again.
    const draws = forms.value.some((one) => one === wanted);
    const isPutAway = tool.value === wanted && !(draws && corners.value === 0);
    tool.value = isPutAway ? "none" : wanted;
    // A cut and a merger exclude one another, as a drawing that begins anew excludes both.
    if (wanted === "cut" && draft.value.others.length) change({ others: [] });
    if (wanted === "merge" && draft.value.cut) change({ cut: null });
  });
}

export function drawn(geometry: Geometry): void {
  batch(() => {
    if (tool.value === "cut") {
      change({ cut: geometry });
      tool.value = "none";
      return;
    }
    const precision = draft.value.precision === "unlocated" ? "digitised" : draft.value.precision;
    change({ geometry, precision, cut: null });
    tool.value = "vertices";
  });
}

export const edited = (geometry: Geometry): void => {
  if (!sameShape(geometry, draft.value.geometry)) change({ geometry });
};

export function toggleOther(id: string): void {
  const { others } = draft.value;
  change({ others: others.includes(id) ? others.filter((one) => one !== id) : [...others, id] });
}

/** Coordinates or WKT instead of a drawing. Answers whether they could be read. */
export async function takeText(typed: string): Promise<boolean> {
  if (tool.value === "cut") {
    // What is typed stands for a line that was begun.
    drawer.value?.giveUp();
    change({ cut: cutOf(typed) ?? typed });
    return true;
  }
  const { id, kind: ofKind } = draft.value;
  const name = { name_zh: draft.value.name_zh || "?", name_en: draft.value.name_en };
  const act = id
    ? { op: "reshape", id, geometry: typed }
    : { op: "create", kind: ofKind, ...name, geometry: typed };
  try {
    const answer = await checkEdit({ base_revision: base.value, source: "", acts: [act] });
    const fault = answer.errors.find((one) => fieldOf(one.pointer) === "geometry");
    const found = answer.projects[0]?.geometry;
    if (found && fault?.code !== "shape-unreadable") {
      drawn(found);
      brought.value++;
      return true;
    }
    typedFault.value = fault ?? null;
  } catch (error) {
    problem.value = asProblem(error);
  }
  return false;
}

// --- what the service says --------------------------------------------------------------------
let turn = 0;

async function check(): Promise<Checked | null> {
  const mine = ++turn;
  const [sent, asked] = [asText.value, acts.value];
  if (!asked.length) {
    checked.value = null;
    return null;
  }
  const answer = await checkEdit({ base_revision: base.value, source: draft.value.source, acts: asked });
  if (mine === turn) {
    checked.value = { acts: sent, answer };
    if (problem.value?.status !== 409) problem.value = null;
  }
  return answer;
}

export async function checkNow(): Promise<void> {
  try {
    await check();
  } catch (error) {
    problem.value = asProblem(error);
  }
}

let timer = 0;
effect(() => {
  clearTimeout(timer);
  const isOld = asText.value !== checked.value?.acts;
  const isReady = subject.value !== null && (draft.value.id || draft.value.kind) && !working.value;
  if (isReady && isOld && acts.value.length) timer = window.setTimeout(() => void checkNow(), PAUSE_MS);
  else if (!acts.value.length && checked.peek()) checked.value = null;
});

// --- keeping ----------------------------------------------------------------------------------
effect(() => {
  const id = subject.value;
  if (id === null || !dirty.value) return;
  const kept: Kept = { subject: id, base: base.value, begun: begun.value, draft: draft.value };
  keep(kept);
});

addEventListener("beforeunload", (event) => {
  if (atStake.value) askFirst(event);
});

// --- opening and closing ----------------------------------------------------------------------
function begin(id: string, from: Draft, revision: number): void {
  const kept = keptOf(id);
  turn++;
  batch(() => {
    subject.value = id;
    begun.value = kept?.begun ?? from;
    draft.value = kept?.draft ?? from;
    base.value = kept?.base ?? revision;
    restored.value = kept !== null;
    past.value = [];
    future.value = [];
    checked.value = null;
    problem.value = null;
    refused.value = null;
    failed.value = null;
    tried.value = false;
    noParent.value = false;
    leaving.value = false;
    sketch.value = null;
    tool.value = "none";
  });
}

/** Begin with a project as it is public now, or with a new one. */
export async function open(id: string): Promise<void> {
  if (subject.peek() === id) return;
  subject.value = null;
  failed.value = null;
  if (id === "new") {
    begin(id, EMPTY, catalogue.value?.revision ?? 0);
    return;
  }
  try {
    const found = await getJson<Project & { revision: number }>(`/api/projects/${encodeURIComponent(id)}`);
    begin(id, draftOf(found), found.revision);
  } catch (error) {
    failed.value = asProblem(error);
  }
}

/** Give up what was drawn, and begin again with what is public now. */
export async function startAnew(): Promise<void> {
  const id = subject.value;
  if (id) forget(id);
  subject.value = null;
  if (id) await open(id);
}

export function close(): void {
  if (subject.value !== null) forget(subject.value);
  batch(() => {
    subject.value = null;
    draft.value = EMPTY;
    begun.value = EMPTY;
  });
}

// --- saving -----------------------------------------------------------------------------------
let sent: { mark: string; key: string } | null = null;

/** Stage it for review. Answers the number of the changeset; null when something is in the way, which is told. */
export async function save(): Promise<number | null> {
  if (working.value) return null;
  const { reason, source } = draft.value;
  batch(() => {
    tried.value = true;
    working.value = true;
    problem.value = null;
    refused.value = null;
  });
  try {
    const answer = await check();
    if (!answer || answer.errors.length || !reason.trim() || noParent.value) return null;
    const edit = { base_revision: base.value, source, acts: acts.value, reason: reason.trim() };
    const mark = JSON.stringify(edit);
    if (sent?.mark !== mark) sent = { mark, key: newKey() };
    const number = await stageEdit(edit, sent.key);
    sent = null;
    close();
    return number;
  } catch (error) {
    const found = asProblem(error);
    problem.value = found;
    const errors = (found.said.errors ?? []).filter((one) => one.pointer) as unknown as Told[];
    if (found.status === 422) refused.value = { acts: asText.value, errors };
    return null;
  } finally {
    working.value = false;
  }
}
