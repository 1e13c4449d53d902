/** The log as signals: what is asked stands in the address, as it was written; what cannot be is told. */
import { batch, computed, signal } from "@preact/signals";
import type { ChangesetEntry } from "../data/changesets";
import { getJson, Problem } from "../data/fetch";
import { buildIndex, find, fold } from "../state/search";
import { loadSession, session } from "../state/session";
import { asProblem, chosenLang, type Loaded, lang, projects } from "../state/store";
import { HISTORY_WORDS } from "../text/history";
import { number, openChangeset } from "../upload/review";

export const PARTS = ["kind", "state", "who", "from", "to", "project", "before"] as const;
export type Part = (typeof PARTS)[number];
export type Asked = Partial<Record<Part, string>>;

interface Log {
  changesets: ChangesetEntry[];
  next: number | null;
}

const PAGE = 30;

export const text = computed(() => HISTORY_WORDS[lang.value]);
/** Who is signed in is known. */
export const ready = signal(false);
export const asked = signal<Asked>({});
export const log = signal<Loaded<Log>>({ status: "loading" });
/** The day before which nothing was published, where days were asked and nothing was found. */
export const begins = signal<string | null>(null);
/** What the number of a changeset in the address is, where it is none. */
export const notANumber = signal<string | null>(null);

export const isStaff = computed(() => session.value !== null);

export async function begin(): Promise<void> {
  await loadSession();
  ready.value = true;
  follow();
  addEventListener("popstate", follow);
}

/** Show what the address says. */
export function follow(): void {
  const query = new URLSearchParams(location.search);
  const found: Asked = {};
  for (const part of PARTS) {
    const value = query.get(part)?.trim();
    if (value) found[part] = value;
  }
  const wanted = query.get("changeset");
  batch(() => {
    asked.value = found;
    notANumber.value = wanted !== null && !/^[1-9]\d{0,8}$/.test(wanted) ? wanted.slice(0, 40) : null;
  });
  if (wanted !== null && notANumber.value === null) void openChangeset(Number(wanted), false);
  else {
    number.value = null;
    void load();
  }
}

const LONG_AGO = "before";

/** The address of the log with other parts; a part that is empty is let go. Another question begins anew. */
export function addressWith(more: Asked): string {
  const query = new URLSearchParams();
  const parts: Asked = { ...asked.value, [LONG_AGO]: undefined, ...more };
  for (const part of PARTS) {
    const value = parts[part];
    if (value) query.set(part, value);
  }
  if (chosenLang.value) query.set("lang", chosenLang.value);
  const search = query.toString();
  return search ? `/history?${search}` : "/history";
}

export function go(to: string): void {
  history.pushState(null, "", to);
  follow();
}

export const narrow = (more: Asked): void => go(addressWith(more));

let turn = 0;

export async function load(): Promise<void> {
  const mine = ++turn;
  batch(() => {
    log.value = { status: "loading" };
    begins.value = null;
  });
  const query = new URLSearchParams({ limit: String(PAGE), ...asked.value });
  try {
    const found = await getJson<Log>(`/api/changesets?${query}`);
    const first = !found.changesets.length && (asked.value.from || asked.value.to) ? await firstDay() : null;
    if (mine !== turn) return;
    batch(() => {
      log.value = { status: "ready", value: found };
      begins.value = first;
    });
  } catch (error) {
    if (mine === turn) log.value = { status: "failed", problem: asProblem(error) };
  }
}

/** When the first of all was published: the data that the service began with. */
async function firstDay(): Promise<string | null> {
  try {
    const { changesets } = await getJson<Log>("/api/changesets?kind=seed&state=published&limit=1");
    return changesets[0]?.published_at ?? null;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return null;
  }
}

// --- projects by name ---------------------------------------------------------------------------
const index = computed(() => buildIndex([...projects.value]));

/** The project that was meant, or those it may be. */
export function projectsCalled(said: string): { id: string | null; offers: { id: string; name: string }[] } {
  const wanted = fold(said);
  const exact = projects.value.filter(({ properties: p }) =>
    [p.id, p.name_zh, p.name_en, ...p.aliases].some((one) => fold(one) === wanted),
  );
  if (exact.length === 1) return { id: exact[0].properties.id, offers: [] };
  const near = exact.length ? exact : find(index.value, said).map((hit) => hit.project);
  return {
    id: null,
    offers: near.slice(0, 5).map(({ properties: p }) => ({ id: p.id, name: nameOf(p.id) })),
  };
}

/** A project by name; one that is no longer public by its id. */
export function nameOf(id: string): string {
  const found = projects.value.find((one) => one.properties.id === id)?.properties;
  if (!found) return id;
  return lang.value === "zh" ? found.name_zh : found.name_en || found.name_zh;
}
