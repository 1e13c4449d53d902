/** The form as signals: what is typed, what the service makes of it, and what came of publishing it. */
import { batch, computed, effect, signal } from "@preact/signals";
import type { Problem } from "../data/fetch";
import { newKey } from "../data/key";
import {
  type ClaimBody,
  correcting,
  type Preview,
  previewOf,
  type Recorded,
  recording,
  type Told,
  withdrawing,
} from "../data/recording";
import type { Claim, KindInfo } from "../data/types";
import { takeNewer } from "../state/freshness";
import { asProblem, kindById, lang, projectById } from "../state/store";
import { RECORD_WORDS } from "../text/record";
import { bodyOf, type Draft, draftOf, EMPTY, faultsTold, isTyped, markOf, nextOf, proposalOf } from "./draft";

const PAUSE_MS = 300;

/** What the dialog is for. */
export type Doing =
  | { act: "record" }
  | { act: "correct"; claim: Claim }
  | { act: "withdraw"; claim: number; quote: string };

export const text = computed(() => RECORD_WORDS[lang.value]);
/** Null: the dialog is closed. */
export const doing = signal<Doing | null>(null);
/** Id of the project; empty until one is chosen. */
export const target = signal("");
/** It was not known beforehand, so that it can be changed. */
export const searched = signal(false);
export const draft = signal<Draft>(EMPTY);
let begun: Draft = EMPTY;
/** The commitment was chosen by hand: words propose, and do not overrule. */
const byHand = signal(false);

/** What the service made of a body. */
export const looked = signal<{ body: ClaimBody; answer: Preview } | null>(null);
export const lookProblem = signal<Problem | null>(null);
/** Somebody tried to publish: then empty fields are wrong, too. */
export const tried = signal(false);
/** The warnings that were shown with the question whether to publish all the same. */
export const confirming = signal("");
export const problem = signal<Problem | null>(null);
const refused = signal<{ body: ClaimBody; errors: Told[] } | null>(null);
export const ended = signal(false);
export const working = signal(false);
export const done = signal<Recorded | null>(null);
/** Somebody wanted to leave what they typed. */
export const leaving = signal(false);

export const body = computed(() => bodyOf(draft.value));
export const project = computed(() => projectById.value.get(target.value) ?? null);
export const kind = computed<KindInfo | null>(
  () => kindById.value.get(project.value?.properties.kind ?? "") ?? null,
);
export const dirty = computed(() => !done.value && isTyped(draft.value, begun));
/** What was looked at is what stands in the form. */
export const current = computed(
  () => looked.value !== null && JSON.stringify(looked.value.body) === JSON.stringify(body.value),
);
export const faults = computed(() => {
  const found = faultsTold(
    looked.value?.answer.errors ?? [],
    looked.value?.body ?? null,
    body.value,
    tried.value,
  );
  const { errors = [], body: sent = null } = refused.value ?? {};
  const known = new Set(found.map((one) => one.pointer));
  return [...found, ...faultsTold(errors, sent, body.value, true).filter((one) => !known.has(one.pointer))];
});
export const warnings = computed(() =>
  faultsTold(looked.value?.answer.warnings ?? [], looked.value?.body ?? null, body.value, tried.value),
);
export const needsReason = computed(
  () => tried.value && doing.value?.act !== "record" && !draft.value.reason.trim(),
);
/** What the words of the quote propose, as they stand in what was looked at. */
export const proposal = computed(() =>
  looked.value?.body.quote === body.value.quote ? proposalOf(looked.value.answer.words) : null,
);
/** The dates that the quote names, as it was looked at; none that stands in the field already. */
export const datesNamed = computed(() => {
  if (looked.value?.body.quote !== body.value.quote) return [];
  const { dates } = looked.value.answer.words;
  const typed = draft.value.date.trim();
  return typed ? [] : dates.filter((one, i) => dates.findIndex((other) => other.words === one.words) === i);
});
/** Without a preview nobody knows; then it is called publishing, and told afterwards. */
export const atOnce = computed(() => looked.value?.answer.at_once ?? true);
/** The same warnings were shown and asked about. */
export const confirmed = computed(
  () => current.value && warnings.value.length > 0 && confirming.value === markOf(warnings.value),
);

// --- typing -----------------------------------------------------------------------------------
export function change(some: Partial<Draft>): void {
  batch(() => {
    draft.value = { ...draft.value, ...some };
    problem.value = null;
  });
}

export function chooseCommitment(commitment: string): void {
  byHand.value = commitment !== "";
  change({ commitment });
}

const replaces = (): number | null => (doing.value?.act === "correct" ? doing.value.claim.n : null);

let turn = 0;

/** Ask what the form would do. Only the last of several answers counts; raises Problem. */
async function look(): Promise<Preview> {
  const mine = ++turn;
  const asked = body.value;
  const answer = await previewOf(target.value, asked, replaces());
  if (mine !== turn) return answer;
  batch(() => {
    looked.value = { body: asked, answer };
    lookProblem.value = null;
    if (byHand.value || asked.quote !== draft.value.quote) return;
    const proposed = answer.words.commitment ?? "";
    if (proposed !== draft.value.commitment) draft.value = { ...draft.value, commitment: proposed };
  });
  return answer;
}

export async function lookAgain(): Promise<void> {
  try {
    await look();
  } catch (error) {
    lookProblem.value = asProblem(error);
    if (lookProblem.value.status === 401) ended.value = true;
  }
}

let timer = 0;
effect(() => {
  clearTimeout(timer);
  const isForm = doing.value !== null && doing.value.act !== "withdraw" && !done.value;
  // Whatever was typed last: one old form may follow another.
  const isOld = Boolean(body.value) && !current.value;
  if (isForm && target.value && isOld) timer = window.setTimeout(() => void lookAgain(), PAUSE_MS);
});

// --- opening and closing ----------------------------------------------------------------------
function begin(what: Doing, id: string, from: Draft): void {
  turn++;
  begun = from;
  batch(() => {
    doing.value = what;
    target.value = id;
    searched.value = id === "";
    draft.value = from;
    byHand.value = from.commitment !== "";
    looked.value = null;
    lookProblem.value = null;
    tried.value = false;
    confirming.value = "";
    problem.value = null;
    refused.value = null;
    ended.value = false;
    done.value = null;
    leaving.value = false;
  });
}

export const beginRecording = (id: string): void => begin({ act: "record" }, id, EMPTY);
export const beginCorrecting = (id: string, claim: Claim): void =>
  begin({ act: "correct", claim }, id, draftOf(claim));
export const beginWithdrawing = (id: string, claim: number, quote: string): void =>
  begin({ act: "withdraw", claim, quote }, id, EMPTY);

/** The next fact of the same document and project. */
export function recordAnother(): void {
  const from = nextOf(draft.value, done.value?.source ?? null);
  const wasSearched = searched.value;
  begin({ act: "record" }, target.value, from);
  searched.value = wasSearched;
}

export function end(): void {
  begin({ act: "record" }, "", EMPTY);
  doing.value = null;
}

/** Close, or ask first whether to lose what was typed. */
export function leave(): void {
  if (dirty.value && !leaving.value) leaving.value = true;
  else if (dirty.value) leaving.value = false;
  else end();
}

// --- publishing -------------------------------------------------------------------------------
let sent: { mark: string; key: string } | null = null;
/** The same request repeated bears the same key, so that a lost answer makes no second claim. */
function keyFor(request: unknown): string {
  const mark = JSON.stringify(request);
  if (sent?.mark !== mark) sent = { mark, key: newKey() };
  return sent.key;
}

/** Whether the service finds nothing in the way; what is odd is shown and asked about first. */
async function isReady(): Promise<boolean> {
  await look();
  // The words of the quote may just have proposed a commitment.
  if (!current.value) await look();
  if (faults.value.length || needsReason.value) return false;
  if (!warnings.value.length || confirmed.value) return true;
  confirming.value = markOf(warnings.value);
  return false;
}

async function send(what: Doing): Promise<Recorded> {
  const reason = draft.value.reason.trim();
  const key = keyFor([what.act, target.value, replaces(), body.value, draft.value.reason]);
  if (what.act === "record") return recording(target.value, body.value, key);
  if (what.act === "correct") return correcting(what.claim.n, body.value, reason, key);
  return withdrawing(what.claim, reason, key);
}

/** Publish, or send for review. What is wrong is told at its field, and what was typed stays whatever happens. */
export async function publish(): Promise<void> {
  const what = doing.value;
  if (!what || working.value || done.value || !target.value) return;
  const sending = body.value;
  batch(() => {
    working.value = true;
    tried.value = true;
    problem.value = null;
    refused.value = null;
  });
  try {
    const isWithdrawal = what.act === "withdraw";
    if (isWithdrawal ? needsReason.value : !(await isReady())) return;
    done.value = await send(what);
    sent = null;
    if (done.value.state === "published") void takeNewer();
  } catch (error) {
    const found = asProblem(error);
    if (found.status === 401) ended.value = true;
    else problem.value = found;
    const errors = (found.said.errors ?? []).filter((one): one is typeof one & Told => Boolean(one.pointer));
    refused.value = { body: sending, errors };
  } finally {
    working.value = false;
  }
}
