/** The documents that say something, to be chosen: by publisher, title or day. */
import { computed, signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { fetchSources, type SourceCounted } from "../data/sources";
import { Failure } from "../panels/Failure";
import { asProblem, type Loaded, lang } from "../state/store";
import { dateIn, either } from "../text/words";
import { choosingSource, compareSource, progressWords } from "./asked";

const MOST_SHOWN = 100;

const documents = signal<Loaded<SourceCounted[]> | null>(null);
const typed = signal("");

/** The last heard first; those without a date, of which nobody knows when they spoke, after them. */
const lateFirst = (a: SourceCounted, b: SourceCounted): number =>
  Number(a.published === "") - Number(b.published === "") ||
  (b.last_said ?? "").localeCompare(a.last_said ?? "");

/** Those on which something rests. */
export async function fetchDocuments(): Promise<void> {
  documents.value = { status: "loading" };
  try {
    const { sources } = await fetchSources();
    const speaking = sources.filter((one) => one.claims > 0);
    speaking.sort(lateFirst);
    documents.value = { status: "ready", value: speaking };
  } catch (error) {
    documents.value = { status: "failed", problem: asProblem(error) };
  }
}

const all = computed(() => (documents.value?.status === "ready" ? documents.value.value : []));

/** The last that bears a date; null while none is known. */
export const lastReport = computed(() => all.value.find((one) => one.published !== "") ?? null);
export const documentOf = (id: string): SourceCounted | null =>
  all.value.find((one) => one.id === id) ?? null;

export const titleOf = (one: SourceCounted): string => either(lang.value, one.title, one.title_en ?? null);
export const publisherOf = (one: SourceCounted): string =>
  either(lang.value, one.publisher_zh, one.publisher_en);
export const publishedOf = (one: SourceCounted): string =>
  one.published ? dateIn(lang.value, one.published) : progressWords.value.compare.noDate;

const folded = (words: string): string => words.normalize("NFKC").toLowerCase();

/** All the words typed stand somewhere in its names, its day or its id. */
function holds(one: SourceCounted, wanted: readonly string[]): boolean {
  const told = [one.title, one.title_en, one.publisher_zh, one.publisher_en, one.published, one.id];
  const text = folded([...told, publishedOf(one)].join(" "));
  return wanted.every((word) => text.includes(word));
}

export function choose(id: string): void {
  compareSource.value = id;
  choosingSource.value = false;
}

function List(props: { of: readonly SourceCounted[] }): JSX.Element {
  const t = progressWords.value.compare;
  const wanted = folded(typed.value).split(/\s+/).filter(Boolean);
  const found = props.of.filter((one) => holds(one, wanted));
  return (
    <>
      <label class="documents-find">
        {t.find}{" "}
        <input
          type="search"
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
        />
      </label>
      <p role="status">{found.length ? t.found(found.length, props.of.length) : t.noneFound}</p>
      <ul class="documents">
        {found.slice(0, MOST_SHOWN).map((one) => (
          <li key={one.id}>
            <button
              type="button"
              aria-pressed={one.id === compareSource.value}
              onClick={() => choose(one.id)}
            >
              <b>{titleOf(one)}</b>
              <small>
                {publisherOf(one)} · {publishedOf(one)} · {t.claims(one.claims, one.projects)}
              </small>
            </button>
          </li>
        ))}
      </ul>
      {found.length > MOST_SHOWN && <p class="lede">{t.more}</p>}
    </>
  );
}

export function Documents(): JSX.Element | null {
  const t = progressWords.value.compare;
  useEffect(() => {
    if (documents.peek()?.status !== "ready") void fetchDocuments();
  }, []);
  const state = documents.value;
  if (!choosingSource.value) return null;
  return (
    <section class="documents-box" aria-label={t.source}>
      {(!state || state.status === "loading") && <p role="status">{t.loadingSources}</p>}
      {state?.status === "failed" && (
        <Failure title={t.failedSources} problem={state.problem} onRetry={() => void fetchDocuments()} />
      )}
      {state?.status === "ready" && <List of={state.value} />}
    </section>
  );
}
