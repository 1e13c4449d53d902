/** The state of the page: the question, its answer, the lines; and the address in step with them. */
import { batch, computed, effect, signal } from "@preact/signals";
import type { Problem } from "../data/fetch";
import { loadCatalogue } from "../data/load";
import { askNear, findPlaces, type Line, loadLines, type Near, type PlaceFound } from "../data/near";
import { asProblem, chosenLang, early, fetchDetail, type Loaded, selected } from "../state/store";
import { vocabularies } from "../state/vocabulary";
import { type Kept, keep, readKept } from "./kept";
import { isAsked, NOTHING, type Question, queryOf, readPage, writePage } from "./question";

export const question = signal<Question>(NOTHING);
/** What is shown: an answer with when it came, and the query that it is of. */
export const answer = signal<Kept | null>(null);
export const asking = signal(false);
/** Why the question as it stands has no answer. */
export const problem = signal<Problem | null>(null);
export const lines = signal<Loaded<Line[]>>({ status: "loading" });
/** The line whose strip the address leads to. */
export const ledTo = signal<string | null>(null);
/** Places to begin from. */
export const offered = signal<PlaceFound[]>([]);
/** The browser says that there is no network. */
export const offline = signal(!navigator.onLine);

/** The answer that is shown is of another question than the one that stands. */
export const isOther = computed(
  () => answer.value !== null && answer.value.query !== queryOf(question.value).toString(),
);

let turn: AbortController | null = null;

/** Ask, and keep what comes. What is shown stays until then. */
export async function ask(): Promise<void> {
  turn?.abort();
  const query = queryOf(question.value);
  if (!isAsked(question.value)) {
    batch(() => {
      answer.value = null;
      problem.value = null;
      asking.value = false;
    });
    return;
  }
  const mine = new AbortController();
  turn = mine;
  asking.value = true;
  try {
    const near = await askNear(query, mine.signal);
    if (turn !== mine) return;
    const kept: Kept = { query: query.toString(), at: Date.now(), near };
    keep(kept);
    batch(() => {
      answer.value = kept;
      problem.value = null;
      asking.value = false;
    });
  } catch (error) {
    if (turn !== mine) return;
    batch(() => {
      problem.value = asProblem(error);
      asking.value = false;
      // Nobody answered: what was answered last is better than nothing, and says what it is.
      if (problem.value!.status === null) answer.value ??= readKept();
      else {
        answer.value = null;
        // A card of before would lie over what is said of it.
        selected.value = null;
      }
    });
  }
}

/** Ask something else; a step that Back undoes. */
export function put(change: Partial<Question>): void {
  question.value = { ...question.value, ...change };
  void ask();
}

/** Near another place: what was said of the old one is let go. */
export const putPlace = (place: string): void => put({ place, lon: "", lat: "", datum: "" });
export const putPoint = (lon: number | string, lat: number | string, datum = ""): void => {
  const digits = (value: number | string): string => (typeof value === "number" ? value.toFixed(6) : value);
  put({ place: "", lon: digits(lon), lat: digits(lat), datum });
};

/** Kinds, phases and their words: an answer is shown without them, and says less. */
export async function fetchWords(): Promise<void> {
  try {
    early.value = vocabularies.value = await loadCatalogue();
  } catch (error) {
    problem.value ??= asProblem(error);
  }
}

export async function fetchLines(): Promise<void> {
  if (lines.value.status !== "ready") lines.value = { status: "loading" };
  try {
    lines.value = { status: "ready", value: (await loadLines()).lines };
  } catch (error) {
    lines.value = { status: "failed", problem: asProblem(error) };
  }
}

export async function fetchOffered(): Promise<void> {
  try {
    offered.value = await findPlaces("");
  } catch {
    // They are an offer: without them a name can still be typed.
  }
}

/** The answer for a reader of the address: what of the groups comes with it. */
export const shown = computed<Near | null>(() => answer.value?.near ?? null);

/** Take the address over, and write it whenever the question, the card or the language changes. */
export function followAddress(): void {
  const take = (): void => {
    const page = readPage(location.search);
    batch(() => {
      question.value = page.question;
      ledTo.value = page.line;
      chosenLang.value = page.lang;
      selected.value = page.project;
    });
    if (page.project) void fetchDetail();
  };
  take();
  let first = true;
  effect(() => {
    const page = {
      question: question.value,
      line: ledTo.value,
      project: selected.value,
      lang: chosenLang.value,
    };
    const search = writePage(page);
    const href = location.pathname + (search && `?${search}`);
    if (first || href === location.pathname + location.search) first = false;
    else history.pushState(null, "", href);
  });
  addEventListener("popstate", () => {
    take();
    void ask();
  });
}

/** Ask again by itself when the network is back. */
export function followNetwork(): void {
  const told = (): void => {
    offline.value = !navigator.onLine;
    if (offline.value) return;
    if (isAsked(question.value) && (problem.value?.status === null || isOther.value)) void ask();
    if (lines.value.status === "failed") void fetchLines();
  };
  addEventListener("online", told);
  addEventListener("offline", told);
}
