/** From choosing a file to a staged changeset, as signals: the form, what is being done, what was refused. */
import { batch, effect, signal } from "@preact/signals";
import {
  type Answers,
  type ChangesetEntry,
  type Form,
  LEDGER,
  type ListedUpload,
  type PrecisionAsked,
  type Upload,
} from "../data/changesets";
import { Problem, problemOf } from "../data/fetch";
import { newKey } from "../data/key";
import { asProblem } from "../state/store";
import { askFirst } from "../state/unload";
import { changesetsOf, fileOf, sending, uploadOf, uploadsOf } from "./api";
import { asBefore, forgetLast, takes } from "./former";
import { datasetOf } from "./reading";
import { discardQuietly, leave, openChangeset, part, showUpload } from "./review";
import { forgetSending, noteSending, unsent } from "./sent";
import { ASK_MS, interrupted, patiently, pause, showJob, work } from "./working";

const KEPT = "guatu-upload-form";
const EMPTY: Form = { kind: "", dataset: "", mode: "merge", data_date: "", publisher: "", tier: "" };
export const PRECISIONS: readonly PrecisionAsked[] = ["surveyed", "digitised", "approximate", "schematic"];

export const file = signal<File | null>(null);
export const form = signal<Form>(remembered());
/** How sure the places are, where the rows do not say. */
export const precision = signal<PrecisionAsked | "">("");
/** What answers the questions that the file left open. */
export const answers = signal<Answers>({});
/** Why the file was not taken, or why it did not even arrive. */
export const refusal = signal<Problem | null>(null);

export const uploads = signal<readonly ListedUpload[]>([]);
export const staged = signal<readonly ChangesetEntry[]>([]);
export const published = signal<readonly ChangesetEntry[]>([]);
export const olderThan = signal<number | null>(null);
/** The lists could not be fetched. */
export const listsProblem = signal<Problem | null>(null);

/** What was typed outlives a reload; the file itself cannot. */
function remembered(): Form {
  try {
    return {
      ...EMPTY,
      ...(JSON.parse(sessionStorage.getItem(KEPT) ?? "{}") as Partial<Form>),
      mode: "merge",
    };
  } catch {
    return EMPTY;
  }
}

export function followForm(): void {
  effect(() => {
    const text = JSON.stringify(form.value);
    try {
      sessionStorage.setItem(KEPT, text);
    } catch {
      // Storage may be forbidden; what was typed then lasts as long as the page.
    }
  });
  addEventListener("beforeunload", (event) => {
    if (work.value?.stage === "sending") askFirst(event);
  });
}

/** Whether the dataset was named by hand: then a file's name proposes none. */
export const namedByHand = signal(false);
/** The name of the file that was chosen last. */
export const chosenBefore = signal("");

export const isLedger = (): boolean => form.value.kind === LEDGER;

/** Choose a file. Another one than before is another matter: it is not to replace anything unasked. */
export function chooseFile(chosen: File): void {
  const isOther = chosen.name !== chosenBefore.value;
  chosenBefore.value = chosen.name;
  unsent.value = null;
  batch(() => {
    file.value = chosen;
    // Of the same file the same layer is meant.
    const { layer } = answers.value;
    answers.value = !isOther && layer ? { layer } : {};
    refusal.value = null;
    if (!isOther) return;
    takes.value = true;
    const dataset = namedByHand.value ? form.value.dataset : datasetOf(chosen.name);
    const { kind, publisher, tier } = form.value;
    form.value = { ...EMPTY, kind, dataset, publisher, tier };
    precision.value = "";
  });
}

// --- the lists --------------------------------------------------------------------------------
export async function loadLists(): Promise<void> {
  try {
    const [files, waiting, done] = await Promise.all([
      uploadsOf(null),
      changesetsOf("staged", null),
      changesetsOf("published", null),
    ]);
    batch(() => {
      uploads.value = files.uploads;
      staged.value = waiting.changesets;
      published.value = done.changesets;
      olderThan.value = done.next;
      listsProblem.value = null;
    });
  } catch (error) {
    listsProblem.value = asProblem(error);
  }
}

export async function loadOlder(): Promise<void> {
  try {
    const page = await changesetsOf("published", olderThan.value);
    batch(() => {
      published.value = [...published.value, ...page.changesets];
      olderThan.value = page.next;
    });
  } catch (error) {
    listsProblem.value = asProblem(error);
  }
}

// --- sending ----------------------------------------------------------------------------------
let stopping = new AbortController();
/** The key of a request whose answer was lost: sent again with it, the request is harmless. */
let lost: { of: string; key: string } | null = null;

/** Send the file with its form and the answers there are, and go to what becomes of it. */
export async function send(): Promise<void> {
  const chosen = file.value;
  if (!chosen || work.value) return;
  stopping = new AbortController();
  batch(() => {
    refusal.value = null;
    work.value = { stage: "sending", done: 0, total: chosen.size };
  });
  // Whoever answers for every column needs none of the answers of last time.
  const as_before = answers.value.mapping?.columns ? undefined : await asBefore(form.value);
  if (stopping.signal.aborted) {
    work.value = null;
    return;
  }
  const mapping = { ...(precision.value && { precision: precision.value }), ...answers.value.mapping };
  const asked = isLedger()
    ? { ...form.value, ...answers.value, mode: "merge" as const, mapping: undefined }
    : { ...form.value, ...answers.value, mapping, as_before };
  const mark = JSON.stringify([chosen.name, chosen.size, chosen.lastModified, asked]);
  const key = lost?.of === mark ? lost.key : newKey();
  // Without the lists nobody can tell which upload is a new one.
  const newest = listsProblem.value
    ? Number.MAX_SAFE_INTEGER
    : Math.max(0, ...uploads.value.map(({ id }) => id));
  noteSending(chosen, newest);
  try {
    const reply = await sending(chosen, asked, key, sentSoFar, stopping.signal);
    lost = null;
    forgetSending();
    forgetLast();
    const upload = reply.status === 202 ? await followed(reply.location!) : reply.body;
    await openChangeset(upload.changeset!);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return;
    const problem = asProblem(error);
    lost = problem.status === null ? { of: mark, key } : null;
    refusal.value = problem;
  } finally {
    forgetSending();
    work.value = null;
  }
}

const sentSoFar = (done: number, total: number): void => {
  work.value = done < total ? { stage: "sending", done, total } : { stage: "arrived", done: 0, total: 0 };
};

/** Until it is checked, the address leads back to it. */
async function followed(path: string): Promise<Upload> {
  showUpload(Number(path.split("/").pop()));
  try {
    return await checked(path);
  } finally {
    showUpload(null);
  }
}

/** Give up sending. What has arrived already is checked all the same, and waits in the list. */
export function giveUp(): void {
  stopping.abort();
}

/**
 * Ask until the upload is checked; `seen` hears of it first. Raises Problem when it was refused, interrupted, or
 * nobody answers.
 */
export async function checked(path: string, seen?: (upload: Upload) => void): Promise<Upload> {
  for (let first = true; ; first = false) {
    const upload = await patiently(() => uploadOf(path));
    if (first) seen?.(upload);
    if (upload.changeset !== null) return upload;
    if (upload.state === "rejected") throw refusedOf(upload);
    if (upload.state !== "checking" || upload.job?.state === "failed") throw interrupted();
    showJob(upload.job);
    await pause(ASK_MS);
  }
}

/** Why an upload was refused, as its own answer would have told it. */
export function refusedOf(upload: Upload): Problem {
  const { faults, faults_total, ...said } = upload.report?.refused ?? {};
  return problemOf(Number(said.status ?? 422), {
    ...said,
    errors: faults,
    errors_total: faults_total,
    instance: `/api/uploads/${upload.id}`,
  });
}

// --- answering --------------------------------------------------------------------------------
/** Send the same file again with another answer. */
export function answerWith(more: Answers): void {
  answers.value = { ...answers.value, ...more };
  void send();
}

/** Bring another layer of the file of an upload, or its rows of another kind: at once where the kind is known, else
 *  the form waits with the layer in it. Where the file is kept nowhere any more, only that has to be chosen again. */
export async function bringMore(upload: Upload, more: { layer?: string; kind?: string }): Promise<void> {
  if (work.value) return;
  let found: File | null = null;
  work.value = { stage: "fetching", done: 0, total: 0 };
  try {
    found = await fileAgain(upload);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  } finally {
    work.value = null;
  }
  const layer = more.layer ?? upload.report?.layer;
  // How the file is read holds for all of a layer; what its columns are is of a kind, and another layer has others.
  const reading: Answers = more.layer ? {} : { ...upload.answers, mapping: undefined };
  batch(() => {
    file.value = found;
    chosenBefore.value = upload.name;
    namedByHand.value = true;
    form.value = { ...formOf(upload), mode: "merge", kind: more.kind ?? "" };
    answers.value = { ...reading, ...(layer && { layer }) };
    precision.value = more.layer ? "" : ((upload.report?.mapping.precision ?? "") as PrecisionAsked | "");
  });
  if (found && more.kind) await send();
  else leave();
}

const fileAgain = (upload: Upload): Promise<File> | File =>
  file.value?.name === upload.name && file.value.size === upload.size ? file.value : fileOf(upload);

/** Check the file of a staged upload again, with other answers. It is fetched when the page has it no more. */
export const checkAgain = (upload: Upload, more: Answers): Promise<void> => checkedAgain(upload, more);

/** The same, as if nobody had answered anything but how sure the places are. */
export const checkAnew = (upload: Upload): Promise<void> => checkedAgain(upload, null);

async function checkedAgain(upload: Upload, more: Answers | null): Promise<void> {
  if (work.value) return;
  const former = upload.changeset;
  try {
    work.value = { stage: "fetching", done: 0, total: 0 };
    const found = await fileAgain(upload);
    batch(() => {
      file.value = found;
      form.value = formOf(upload);
      answers.value = more ? { ...answersOf(upload), ...more } : { mapping: precisionOf(upload) };
    });
  } catch (error) {
    refusal.value = asProblem(error);
    return;
  } finally {
    work.value = null;
  }
  await send();
  // Whoever answered in the report goes on there.
  part.value = "check";
  // What was staged of the same file before would only lie about.
  if (refusal.value || former === null) return;
  await discardQuietly(former);
  await loadLists();
}

const precisionOf = ({ report }: Upload): Answers["mapping"] =>
  report ? { precision: report.mapping.precision } : undefined;

/** The form that an upload came with. */
export const formOf = ({ kind, dataset, mode, data_date, publisher, tier }: Upload): Form => ({
  kind,
  dataset,
  mode,
  data_date: data_date ?? "",
  publisher: publisher ?? "",
  tier: tier ?? EMPTY.tier,
});

/** What a file was read by, to be said again. */
const answersOf = ({ answers: said, report }: Upload): Answers => ({
  ...said,
  ...(report?.mapping && { mapping: report.mapping }),
});

/** Back to the beginning, with the file and the form as they are. */
export function startAnew(): void {
  batch(() => {
    refusal.value = null;
    file.value = null;
    answers.value = {};
    namedByHand.value = false;
    chosenBefore.value = "";
    unsent.value = null;
    const { kind, publisher, tier } = form.value;
    form.value = { ...EMPTY, kind, publisher, tier };
  });
  void loadLists();
}
