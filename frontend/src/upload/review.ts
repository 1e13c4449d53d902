/** A changeset under review, as signals: what it does by page and on the map, deciding, publishing, undoing. */
import { batch, computed, signal } from "@preact/signals";
import type { Change, ChangeShapes, Changeset, Filter, Outcome, Upload } from "../data/changesets";
import { Problem } from "../data/fetch";
import { newKey } from "../data/key";
import { tellPublished } from "../state/published";
import { session } from "../state/session";
import { asProblem, chart, type Loaded, refresh } from "../state/store";
import {
  changesetOf,
  changesOf,
  decideOn,
  discarding,
  publishing,
  rebasing,
  reverting,
  shapesOf,
  takingBack,
  uploadOf,
} from "./api";
import { isAssumed } from "./reading";
import { outcomeOf, work } from "./working";

/** Number of the changeset that is looked at; null: none, the page is at its beginning. */
export const number = signal<number | null>(null);
/** Why it is to be public, as far as somebody has written it: the same file checked again is still for that. */
export const unpublished = signal<{ of: string; reason: string }>({ of: "", reason: "" });
export const changeset = signal<Loaded<Changeset>>({ status: "loading" });
/** The upload that it came of, with what its file was read as; null when it came of none. */
export const upload = signal<Upload | null>(null);
export const filter = signal<Filter>({});
export const changes = signal<readonly Change[]>([]);
export const next = signal<number | null>(null);
export const listing = signal<Loaded<null>>({ status: "loading" });
/** The change that list and map show together, and it in full once it has come. */
export const chosen = signal<number | null>(null);
export const shapes = signal<ChangeShapes | null>(null);
/** What the map shows, west,south,east,north in degrees; and whether the list follows it. */
export const view = signal("");
export const followsView = signal(false);
/** Why the last act was not done, and what came of the last one that was. */
export const refused = signal<Problem | null>(null);
export const outcome = signal<{ act: "publish" | "revert" | "rebase" | "discard"; of: Outcome } | null>(null);
/** Grows when decisions or the base changed: what the map has drawn is old. */
export const drawn = signal(0);
/** How many changes went along with those of the last decision. */
export const carried = signal(0);
/** Which of the three parts a phone shows. */
export const part = signal<"check" | "map" | "changes">("changes");

export const open = computed(() => (changeset.value.status === "ready" ? changeset.value.value : null));

// --- opening ----------------------------------------------------------------------------------
let turn = 0;

/** Go to a changeset, and remember it in the address. */
export async function openChangeset(id: number, remember = true): Promise<void> {
  if (remember) history.pushState(null, "", addressOf(id));
  const mine = ++turn;
  batch(() => {
    number.value = id;
    changeset.value = { status: "loading" };
    upload.value = null;
    filter.value = {};
    followsView.value = false;
    chosen.value = null;
    shapes.value = null;
    refused.value = null;
    outcome.value = null;
    carried.value = 0;
    part.value = "changes";
    changes.value = [];
  });
  try {
    const found = await changesetOf(id);
    const ofUpload = found.upload && session.value?.may_upload;
    const brought = ofUpload ? await uploadOf(`/api/uploads/${found.upload}`) : null;
    if (mine !== turn) return;
    batch(() => {
      changeset.value = { status: "ready", value: found };
      upload.value = brought;
      // Where one part is shown at a time, what was only assumed is seen first.
      if (brought && found.state === "staged" && isAssumed(brought)) part.value = "check";
      drawn.value++;
    });
    // Strangers learn that it was, not what it does.
    if (found.counts) await list();
  } catch (error) {
    if (mine === turn) changeset.value = { status: "failed", problem: asProblem(error) };
  }
}

/** Say in the address which upload is being checked: the page that is loaded anew goes on there. */
export const showUpload = (id: number | null): void => history.replaceState(null, "", addressOf(null, id));

/** The address of a changeset, or of an upload that is being checked, or of the beginning, on the page that
 * asks; what else stands in it stays. */
export function addressOf(id: number | null, upload: number | null = null): string {
  const query = new URLSearchParams(location.search);
  query.delete("changeset");
  query.delete("upload");
  if (id !== null) query.set("changeset", String(id));
  if (upload !== null) query.set("upload", String(upload));
  const rest = query.toString();
  return rest ? `${location.pathname}?${rest}` : location.pathname;
}

export function leave(): void {
  history.pushState(null, "", addressOf(null));
  turn++;
  number.value = null;
}

/** Ask again how the changeset stands; what is chosen and filtered stays. Raises Problem. */
async function takeCurrent(): Promise<void> {
  const id = number.value;
  if (id === null) return;
  const found = await changesetOf(id);
  if (number.value !== id) return;
  changeset.value = { status: "ready", value: found };
  drawn.value++;
  await list();
}

// --- the list ---------------------------------------------------------------------------------
/** What the list shows: what passes the filters, and lies in view if it follows the map. */
export const asked = (): Filter =>
  followsView.value && view.value ? { ...filter.value, bbox: view.value } : filter.value;
let listTurn = 0;

/** The first page of what passes the filter. */
export async function list(): Promise<void> {
  const id = number.value;
  if (id === null) return;
  const mine = ++listTurn;
  listing.value = { status: "loading" };
  try {
    const page = await changesOf(id, asked(), 0);
    if (mine !== listTurn) return;
    batch(() => {
      changes.value = page.changes;
      next.value = page.next;
      listing.value = { status: "ready", value: null };
    });
  } catch (error) {
    if (mine === listTurn) listing.value = { status: "failed", problem: asProblem(error) };
  }
}

export async function listMore(): Promise<void> {
  const [id, cursor] = [number.value, next.value];
  if (id === null || cursor === null) return;
  const mine = ++listTurn;
  try {
    const page = await changesOf(id, asked(), cursor);
    if (mine !== listTurn) return;
    batch(() => {
      changes.value = [...changes.value, ...page.changes];
      next.value = page.next;
    });
  } catch (error) {
    if (mine === listTurn) listing.value = { status: "failed", problem: asProblem(error) };
  }
}

/** Narrow the list, or widen it: an undefined part is let go. */
export function narrow(more: Filter): void {
  const wanted = Object.entries({ ...filter.value, ...more }).filter(([, value]) => value);
  filter.value = Object.fromEntries(wanted) as Filter;
  void list();
}

export function widen(): void {
  batch(() => {
    filter.value = {};
    followsView.value = false;
  });
  void list();
}

let resting = 0;
const REST_MS = 300;

/** The map came to rest at a view. */
export function lookAt(bbox: string): void {
  view.value = bbox;
  if (!followsView.value) return;
  clearTimeout(resting);
  resting = window.setTimeout(() => void list(), REST_MS);
}

export function followView(on: boolean): void {
  followsView.value = on;
  void list();
}

let looking = new AbortController();

/** Show one change in list and map, or none. */
export async function choose(n: number | null): Promise<void> {
  looking.abort();
  looking = new AbortController();
  chosen.value = n;
  if (n === null || number.value === null) {
    shapes.value = null;
    return;
  }
  // What is only said of a project has no shape of its own: the map shows that of the project.
  const about = changes.value.find((one) => one.n === n);
  const shape = about?.located
    ? about
    : changes.value.find((one) => one.located && one.about === about?.about);
  try {
    shapes.value = await shapesOf(number.value, shape?.n ?? n, looking.signal);
  } catch (error) {
    // The list says all but the shapes, and somebody may have chosen another meanwhile.
    if (error instanceof Problem) shapes.value = null;
  }
}

// --- acting -----------------------------------------------------------------------------------
/** Do an act on the version that is shown; what is refused is told, and nothing of the page is lost. */
async function act(stage: string, doing: (id: number, version: number) => Promise<void>): Promise<void> {
  const now = open.value;
  if (!now || work.value) return;
  batch(() => {
    refused.value = null;
    work.value = { stage, done: 0, total: 0 };
  });
  try {
    await doing(now.id, now.version ?? 0);
  } catch (error) {
    refused.value = asProblem(error);
    // Somebody was faster: show what is now, so that the next try is on that.
    if (refused.value.code === "stale" || refused.value.code === "wrong-state") await quietly(takeCurrent);
  } finally {
    work.value = null;
  }
}

async function quietly(doing: () => Promise<unknown>): Promise<void> {
  try {
    await doing();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

/** Accept or reject what is meant. */
export const decide = (where: Filter & { n?: number[] }, decision: "accept" | "reject"): Promise<void> =>
  act("deciding", async (id, version) => {
    const { body } = await onWhatIsNow(version, (now) => decideOn(id, now, where, decision));
    const now = open.value;
    if (!now || now.id !== id) return;
    const { counts, warnings, confirm } = body;
    changeset.value = {
      status: "ready",
      value: { ...now, version: body.version, counts, warnings, confirm },
    };
    drawn.value++;
    await again();
    carried.value = where.n ? Math.max(0, body.changed - where.n.length) : 0;
    // What is looked at is looked at as it is now.
    if (chosen.value !== null) await choose(chosen.value);
  });

/** What is decided is decided on whatever others decided a moment before. */
async function onWhatIsNow<T>(version: number, doing: (version: number) => Promise<T>): Promise<T> {
  try {
    return await doing(version);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "stale") throw error;
    const now = await changesetOf(number.value!);
    return doing(now.version ?? 0);
  }
}

/** As many of the list as are shown, anew: what stands and falls together changed together. */
async function again(): Promise<void> {
  const id = number.value;
  const shown = changes.value.length;
  if (id === null) return;
  const mine = ++listTurn;
  const found: Change[] = [];
  let cursor: number | null = 0;
  do {
    const page: { changes: Change[]; next: number | null } = await changesOf(id, asked(), cursor);
    found.push(...page.changes);
    cursor = page.next;
  } while (cursor !== null && found.length < shown);
  if (mine !== listTurn) return;
  batch(() => {
    changes.value = found;
    next.value = cursor;
  });
}

/** The key of an act whose answer was lost: done again with it, it is done once. */
let lost: { of: string; key: string } | null = null;

async function once(of: string, doing: (key: string) => Promise<void>): Promise<void> {
  const key = lost?.of === of ? lost.key : newKey();
  try {
    await doing(key);
    lost = null;
  } catch (error) {
    lost = error instanceof Problem && error.status === null ? { of, key } : null;
    throw error;
  }
}

/** The chart of this page, and of the others of this browser, is of what is public now. */
function seeAnew(): void {
  tellPublished();
  // Nothing was lost when it fails: whoever looks again asks anew.
  if (chart.value.status === "ready") void quietly(refresh);
}

export const publish = (reason: string, confirm: string): Promise<void> =>
  act("publishing", (id, version) =>
    once(`publish ${id} ${version} ${reason} ${confirm}`, async (key) => {
      const of = await outcomeOf(await publishing(id, version, { reason, confirm }, key));
      await quietly(takeCurrent);
      outcome.value = { act: "publish", of };
      unpublished.value = { of: "", reason: "" };
      seeAnew();
    }),
  );

/** Stage what takes the changeset back, and go there. */
export const undo = (reason: string): Promise<void> =>
  act("undoing", (id) =>
    once(`undo ${id} ${reason}`, async (key) => {
      const of = await outcomeOf(await reverting(id, reason, key));
      await openChangeset(of.changeset);
      outcome.value = { act: "revert", of };
    }),
  );

/** Undo what was recorded by hand, at once where recording is public at once, and go there. */
export const takeBack = (reason: string): Promise<void> =>
  act("undoing", (id) =>
    once(`take back ${id} ${reason}`, async (key) => {
      const { body } = await takingBack(id, reason, key);
      await openChangeset(body.changeset);
      seeAnew();
    }),
  );

/** Compare anew with what is public by now; decisions stay. */
export const rebase = (): Promise<void> =>
  act("rebasing", async (id, version) => {
    const of = await outcomeOf(await rebasing(id, version));
    await takeCurrent();
    outcome.value = { act: "rebase", of };
  });

export const discard = (): Promise<void> =>
  act("discarding", async (id, version) => {
    const { body } = await discarding(id, version);
    await quietly(takeCurrent);
    outcome.value = { act: "discard", of: body };
  });

/** Give up what another changeset replaced, if it is staged still. */
export const discardQuietly = (id: number): Promise<void> =>
  quietly(async () => {
    const former = await changesetOf(id);
    if (former.state === "staged") await discarding(id, former.version ?? 0);
  });
