/** Whether what is shown is still what the service says: cut off, overtaken by a newer revision, or current. */
import { computed, effect, signal, untracked } from "@preact/signals";
import { type Answer, askAgain, type Problem } from "../data/fetch";
import type { Catalogue } from "../data/types";
import { onPublished } from "./published";
import {
  asProblem,
  catalogue,
  changeChart,
  chart,
  detail,
  fetchDetail,
  fetchGround,
  fetchTimeline,
  ground,
  type Loaded,
  loadChart,
  notCome,
  refresh,
  timeline,
} from "./store";
import { tilesAsked, tilesMissing } from "./tiled";

const EVERY_MS = 60_000;
/** After a failure it asks again sooner, then ever more seldom. */
const FIRST_RETRY_MS = 4_000;

/** When the service last confirmed what is shown, in milliseconds since 1970. */
export const confirmedAt = signal(Date.now());
/** The time of the last attempt: ages are said as of then. */
export const askedAt = signal(Date.now());
/** Since the last attempt the service cannot be reached, or cannot answer. */
export const cutOff = signal(false);
/** A revision that was published since the page was loaded. */
export const newer = signal<number | null>(null);
export const refreshing = signal(false);
/** Why the newer revision was asked for and did not come. */
export const refreshProblem = signal<Problem | null>(null);

export const ageMinutes = computed(() => Math.floor((askedAt.value - confirmedAt.value) / 60_000));

/** The service did not answer, or could not: asking again may help. */
const isPassing = ({ status }: Problem): boolean => status === null || status >= 500;
const mayPass = (state: Loaded<unknown>): boolean => state.status === "failed" && isPassing(state.problem);
const mayStillCome = (): boolean => notCome.value !== null && isPassing(notCome.value.problem);

let etag: string | null = null;
let asking = false;
/** Asked for while a question was on its way, whose answer may be older than the asking. */
let askOnceMore = false;
let timer = 0;
let wait = EVERY_MS;

/** Ask again for whatever failed while the service was away. */
function retryFailed(): void {
  if (mayPass(chart.value)) void loadChart();
  if (mayPass(ground.value)) void fetchGround();
  if (mayPass(detail.value)) void fetchDetail();
  if (mayPass(timeline.value)) void fetchTimeline();
  if (notCome.value && mayStillCome()) void changeChart(notCome.value);
  if (tilesMissing.value > 0) tilesAsked.value += 1;
}

function compare(answer: Answer<Catalogue>): void {
  const shown = catalogue.value;
  if (answer.same || !shown) return;
  const { revision, today } = answer.value;
  newer.value = revision === shown.revision ? null : revision;
  if (newer.value === null) etag = answer.etag;
  // A new day begins without a new revision: nothing to decide, only another today.
  if (newer.value === null && today !== shown.today) void takeNewer();
}

function reached(answer: Answer<Catalogue>): void {
  const wasCutOff = cutOff.value;
  compare(answer);
  wait = EVERY_MS;
  cutOff.value = false;
  confirmedAt.value = Date.now();
  if (wasCutOff) retryFailed();
}

/** Ask the service whether its catalogue is still the one that is shown. */
export async function check(): Promise<void> {
  if (asking) {
    askOnceMore = true;
    return;
  }
  asking = true;
  clearTimeout(timer);
  try {
    reached(await askAgain<Catalogue>("/api/catalogue", etag));
  } catch {
    wait = cutOff.value ? Math.min(EVERY_MS, wait * 2) : FIRST_RETRY_MS;
    cutOff.value = true;
  }
  askedAt.value = Date.now();
  asking = false;
  timer = window.setTimeout(() => void check(), askOnceMore ? 0 : wait);
  askOnceMore = false;
}

/** Take over the newer revision: data anew, view as it is. What fails leaves everything as it was. */
export async function takeNewer(): Promise<void> {
  if (refreshing.value) return;
  refreshing.value = true;
  etag = null;
  try {
    await refresh();
    newer.value = null;
    refreshProblem.value = null;
    confirmedAt.value = Date.now();
  } catch (error) {
    refreshProblem.value = asProblem(error);
    void check();
  } finally {
    refreshing.value = false;
  }
}

/** Begin: ask every minute, when the reader comes back to the page, and when the network comes or goes. */
export function followFreshness(): void {
  // Of a network that went before this began no event tells.
  timer = window.setTimeout(() => void check(), navigator.onLine ? EVERY_MS : 0);
  for (const event of ["focus", "online", "offline"]) addEventListener(event, () => void check());
  onPublished(() => void takeNewer());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void check();
  });
  effect(() => {
    const failed = [chart, ground, detail, timeline].some((one) => mayPass(one.value));
    // A tile may be gone because a newer revision took its place.
    if ((failed || mayStillCome() || tilesMissing.value > 0) && !untracked(() => cutOff.value)) void check();
  });
}
