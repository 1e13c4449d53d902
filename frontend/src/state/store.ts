/** The one state of the page, as signals. Panels and the map read it; only the functions here change it. */
import { batch, computed, signal } from "@preact/signals";
import { Problem } from "../data/fetch";
import { loadCatalogue, loadGround, loadProject, loadProjects, loadTimeline } from "../data/load";
import type {
  BasemapInfo,
  Catalogue,
  Feature,
  Ground,
  GroundProperties,
  KindInfo,
  Project,
  ProjectDetail,
  Timeline,
} from "../data/types";
import { clampDay, type Day, dayOf, isoOf } from "../dates";
import { DICTIONARY, dateIn, type Lang, nameIn, preferredLang, type Text } from "../text/words";
import { type Address, type Camera, type Range, type Refused, refusal } from "./address";
import { keepLang, keptLang } from "./language";
import { vocabularies } from "./vocabulary";

export type Loaded<T> =
  | { status: "loading" }
  | { status: "ready"; value: T }
  | { status: "failed"; problem: Problem };

interface Chart {
  catalogue: Catalogue;
  projects: Project[];
  /** The `phases` texts as they are known today, by id; null when that is what `projects` have. */
  textsNow: ReadonlyMap<string, string> | null;
}

/** What the address says when the background is off. */
const NO_BASE = "off";

// --- what was fetched -------------------------------------------------------------------------
export const chart = signal<Loaded<Chart>>({ status: "loading" });
export const ground = signal<Loaded<Ground>>({ status: "loading" });
export const timeline = signal<Loaded<Timeline>>({ status: "loading" });
export const detail = signal<Loaded<ProjectDetail>>({ status: "loading" });

/** The chart as somebody asked for it: with what had been said by a day (null: by today). */
interface Asked {
  known: Day | null;
}
/** Another chart is on its way; the one that is shown stays until it is there. */
export const asked = signal<Asked | null>(null);
/** Another chart did not come; the one that is shown stays. */
export const notCome = signal<(Asked & { problem: Problem }) | null>(null);

// --- what the reader chose --------------------------------------------------------------------
/** Null until somebody chooses: then the page speaks as the browser asks. */
export const chosenLang = signal<Lang | null>(null);
export const chosenDay = signal<Day | null>(null);
export const known = signal<Day | null>(null);
/** The earlier day that the chosen one is compared with; null when nothing is compared. */
export const compared = signal<Day | null>(null);
/** The days between which changes are listed; null when nobody chose. */
export const range = signal<Range | null>(null);
/** Which of the tools of the time bar is open. */
export const timeTool = signal<"closed" | "range" | "compare" | "known">("closed");
export const kindsOn = signal<ReadonlySet<string> | null>(null);
export const phaseFilter = signal<ReadonlySet<string>>(new Set());
export const selected = signal<string | null>(null);
/** The project to bring into view: one just chosen, or that of an address which does not say where to look.
 * closer: it was looked for, so it is shown as large as it can be read. */
export const toReveal = signal<{ id: string; closer?: boolean } | null>(null);
/** The place of the ground that was looked for: outlined until something is chosen. */
export const place = signal<Feature<GroundProperties> | null>(null);
export const camera = signal<Camera | null>(null);
export const query = signal("");
/** Ids of projects that somebody wants to see among the others; empty: none. */
export const marked = signal<ReadonlySet<string>>(new Set());
/** The background asked for; `off` for none, null for the one there is. */
export const chosenBase = signal<string | null>(null);
/** No picture of the background could be fetched. */
export const baseFailing = signal(false);
export const playing = signal(false);
/** What of the address could not be followed. */
export const refused = signal<readonly Refused[]>([]);
/** The projects whose geometry meets the view; the map tells. */
export const inView = signal<readonly string[]>([]);
/** What the phone shows over the map. */
export const drawer = signal<"closed" | "layers" | "projects" | "off">("closed");

// --- what follows -----------------------------------------------------------------------------
export const lang = computed<Lang>(
  () => chosenLang.value ?? keptLang() ?? preferredLang(navigator.languages),
);

/** Speak this language from now on, on this page and on others. */
export function speak(other: Lang): void {
  keepLang(other);
  chosenLang.value = other;
}
export const words = computed<Text>(() => DICTIONARY[lang.value]);
/** The catalogue alone, on a page that has use for the projects only later, or never. */
export const early = signal<Catalogue | null>(null);
export const catalogue = computed(() =>
  chart.value.status === "ready" ? chart.value.value.catalogue : early.value,
);
export const projects = computed<readonly Project[]>(() =>
  chart.value.status === "ready" ? chart.value.value.projects : [],
);
/** The project last opened, as it came by itself. */
const opened = signal<Project | null>(null);
/** The open project of a kind that comes as tiles: the page has no list of those. */
export const guest = computed<Project | null>(() => {
  const one = opened.value;
  if (!one || one.id !== selected.value || !kindById.value.has(one.properties.kind)) return null;
  return projects.value.some((project) => project.id === one.id) ? null : one;
});
/** Projects of the kinds that come as tiles, on a page that lists them all the same; the map draws none of them. */
export const numerous = signal<readonly Project[]>([]);
/** All that a table lists. */
export const listable = computed(() =>
  numerous.value.length ? [...projects.value, ...numerous.value] : projects.value,
);
/** The same, and the open project where the list does not have it. */
export const everyone = computed(() => (guest.value ? [...listable.value, guest.value] : listable.value));
export const projectById = computed(() => new Map(everyone.value.map((project) => [project.id, project])));
export const kindById = computed(
  () => new Map((catalogue.value?.kinds ?? []).map((kind): [string, KindInfo] => [kind.id, kind])),
);
/** The kinds so numerous that they come as tiles. */
export const tiledKinds = computed(() =>
  [...kindById.value.values()].filter((kind) => kind.served === "tiles"),
);
export const today = computed<Day>(() => dayOf(catalogue.value?.today ?? "1970-01-01"));
export const span = computed(() => {
  const days = catalogue.value?.area.days;
  return { from: dayOf(days?.from ?? "2010-01-01"), to: dayOf(days?.to ?? "2030-12-31") };
});
export const day = computed<Day>(() =>
  clampDay(chosenDay.value ?? today.value, span.value.from, span.value.to),
);
/** The background that is shown: one that was asked for and does not exist is the first there is. */
export const base = computed<BasemapInfo | null>(() => {
  const all = catalogue.value?.basemaps ?? [];
  if (chosenBase.value === NO_BASE) return null;
  return all.find((one) => one.id === chosenBase.value) ?? all[0] ?? null;
});
export const isFiltered = computed(() => kindsOn.value !== null || phaseFilter.value.size > 0);
/** Every phase that somebody must have spoken of. */
const spokenPhases = computed(
  () =>
    new Set<string>((catalogue.value?.phases ?? []).filter((phase) => phase.code).map((phase) => phase.id)),
);
export const onlySpoken = computed(
  () =>
    phaseFilter.value.size === spokenPhases.value.size &&
    [...phaseFilter.value].every((id) => spokenPhases.value.has(id)),
);
export const isToday = computed(() => day.value === today.value);
/** Up to which day what does not follow the chosen day was reckoned, in words; empty when that is the chosen day. */
export const asOf = computed(() => {
  const t = words.value.card;
  if (known.value !== null) return t.asOf(dateIn(lang.value, isoOf(known.value)));
  return isToday.value ? "" : t.asOfToday;
});

export const kindOf = (project: Project): KindInfo => kindById.value.get(project.properties.kind)!;
export const nameOf = (project: Project): string => nameIn(lang.value, project.properties);
export const kindIsOn = (id: string): boolean => kindsOn.value === null || kindsOn.value.has(id);

// --- fetching ---------------------------------------------------------------------------------
export const asProblem = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem("页面出错了。", `Something went wrong: ${String(error)}`);

async function into<T>(target: { value: Loaded<T> }, work: Promise<T>): Promise<void> {
  try {
    target.value = { status: "ready", value: await work };
  } catch (error) {
    target.value = { status: "failed", problem: asProblem(error) };
  }
}

const knownText = (): string | null => (known.value === null ? null : isoOf(known.value));

/** Fetch what the page stands on for the first time; what fails says so and can be asked for again. */
export async function loadChart(): Promise<void> {
  chart.value = { status: "loading" };
  await into(chart, readChart(knownText()));
  if (catalogue.value) await fetchTimeline();
}

/** Fetch the catalogue alone, for a page that shows no map. */
export async function loadWords(): Promise<void> {
  chart.value = { status: "loading" };
  const coming = loadCatalogue().then((cat) => {
    vocabularies.value = cat;
    return { catalogue: cat, projects: [], textsNow: null };
  });
  await into(chart, coming);
}

/** Of several charts asked for one after the other only the last one is shown. */
let turn = 0;

/** Ask for another chart behind the one that is shown, which stays when the other does not come. */
export async function changeChart(to: Asked): Promise<void> {
  const mine = ++turn;
  batch(() => {
    asked.value = to;
    notCome.value = null;
  });
  try {
    const value = await readChart(to.known === null ? null : isoOf(to.known));
    if (mine !== turn) return;
    batch(() => {
      known.value = to.known;
      chart.value = { status: "ready", value };
    });
    void fetchDetail();
  } catch (error) {
    if (mine === turn) notCome.value = { ...to, problem: asProblem(error) };
  }
  if (mine === turn) asked.value = null;
}

async function readChart(asKnown: string | null): Promise<Chart> {
  const coming = loadCatalogue();
  const [cat, all, now] = await Promise.all([
    coming,
    loadProjects(asKnown, coming),
    asKnown === null ? null : loadProjects(null, coming),
  ]);
  vocabularies.value = cat;
  dropUnknown(cat);
  clampDays(cat);
  // A kind the catalogue does not describe cannot be drawn or named.
  const kinds = new Set(cat.kinds.map((kind) => kind.id));
  return {
    catalogue: cat,
    projects: all.filter((one) => kinds.has(one.properties.kind)),
    textsNow:
      now && asKnown! <= cat.today ? new Map(now.map((one) => [one.id, one.properties.phases ?? ""])) : null,
  };
}

/** Fetch everything anew behind what is shown. Raises Problem; then all is as it was. */
export async function refresh(): Promise<void> {
  const { from, to } = span.value;
  const [newChart, newGround] = await Promise.all([readChart(knownText()), loadGround()]);
  const newTimeline = await loadTimeline(isoOf(from), isoOf(to), newChart.catalogue);
  batch(() => {
    chart.value = { status: "ready", value: newChart };
    ground.value = { status: "ready", value: newGround };
    timeline.value = { status: "ready", value: newTimeline };
  });
  await fetchDetail(true);
}

export async function fetchGround(): Promise<void> {
  ground.value = { status: "loading" };
  await into(ground, loadGround());
}

export async function fetchTimeline(): Promise<void> {
  timeline.value = { status: "loading" };
  const { from, to } = span.value;
  await into(timeline, loadTimeline(isoOf(from), isoOf(to), catalogue.value!));
}

let asking: AbortController | null = null;

/** Fetch the selected project's claims, `quiet`: behind what is shown. A later selection cancels an earlier one. */
export async function fetchDetail(quiet = false): Promise<void> {
  asking?.abort();
  const id = selected.value;
  if (!id) return;
  const mine = new AbortController();
  asking = mine;
  if (!quiet) detail.value = { status: "loading" };
  try {
    const feature = await loadProject(id, knownText(), mine.signal);
    if (asking !== mine) return;
    batch(() => {
      // What was merged away leads on to what it became.
      if (selected.value === id && feature.id !== id) {
        selected.value = feature.id;
        toReveal.value = { id: feature.id };
      }
      opened.value = feature;
      detail.value = { status: "ready", value: feature.properties };
    });
  } catch (error) {
    if (asking === mine) detail.value = { status: "failed", problem: asProblem(error) };
  }
}

/** Kinds and phases that came with an address but do not exist are let go. */
function dropUnknown(cat: Catalogue): void {
  const kinds = new Set(cat.kinds.map((kind) => kind.id));
  const phases = new Set<string>(cat.phases.map((phase) => phase.id));
  batch(() => {
    const wanted = [...(kindsOn.value ?? []), ...phaseFilter.value];
    refuse(...wanted.filter((id) => !kinds.has(id) && !phases.has(id)).map((id) => refusal("filter", id)));
    if (kindsOn.value) {
      const kept = [...kindsOn.value].filter((id) => kinds.has(id));
      kindsOn.value = kept.length || !kindsOn.value.size ? new Set(kept) : null;
    }
    phaseFilter.value = new Set([...phaseFilter.value].filter((id) => phases.has(id)));
  });
}

/** Tell the reader what of an address could not be followed. */
export function refuse(...more: Refused[]): void {
  if (more.length) refused.value = [...refused.value, ...more];
}

/** The address says the days that are shown, also when it asked for some beyond the time bar. */
function clampDays({ area, today: now }: Catalogue): void {
  const clamp = (value: Day): Day => {
    const within = clampDay(value, dayOf(area.days.from), dayOf(area.days.to));
    if (within !== value) refuse(refusal("span", isoOf(value)));
    return within;
  };
  batch(() => {
    if (chosenDay.value !== null) chosenDay.value = clamp(chosenDay.value);
    if (compared.value !== null) compared.value = clamp(compared.value);
    if (range.value) range.value = { from: clamp(range.value.from), to: clamp(range.value.to) };
    if (known.value === null || known.value <= dayOf(now)) return;
    // Nobody knows what will have been said.
    refuse(refusal("known", isoOf(known.value)));
    known.value = null;
  });
}

// --- choosing ---------------------------------------------------------------------------------
export function setDay(value: Day): void {
  const { from, to } = span.value;
  const next = clampDay(value, from, to);
  chosenDay.value = next === today.value ? null : next;
}

let dayBefore: Day | null = null;

/** Begin to compare the chosen day with an earlier one, or leave off (null) and be where it began. */
export function setCompared(value: Day | null): void {
  batch(() => {
    if (compared.value === null) dayBefore = chosenDay.value;
    else if (value === null) chosenDay.value = dayBefore;
    compared.value = value === null ? null : clampDay(value, span.value.from, span.value.to);
  });
}

export function setRange(value: Range | null): void {
  const { from, to } = span.value;
  range.value = value && {
    from: clampDay(Math.min(value.from, value.to), from, to),
    to: clampDay(Math.max(value.from, value.to), from, to),
  };
}

export function setKnown(value: Day | null): void {
  if ((asked.value ?? { known: known.value }).known !== value) void changeChart({ known: value });
}

/** Show a background by its id, or none. */
export function setBase(id: string | null): void {
  const first = catalogue.value?.basemaps[0]?.id;
  chosenBase.value = id === first ? null : (id ?? NO_BASE);
}

export function toggleKind(id: string): void {
  const all = [...kindById.value.keys()];
  const next = new Set(kindsOn.value ?? all);
  if (!next.delete(id)) next.add(id);
  kindsOn.value = next.size === all.length ? null : next;
}

export function setAllKinds(on: boolean): void {
  kindsOn.value = on ? null : new Set();
}

export function togglePhase(id: string): void {
  const next = new Set(phaseFilter.value);
  if (!next.delete(id)) next.add(id);
  phaseFilter.value = next;
}

/** Show all that claims speak of on the day, and nothing else; once more, and everything is back. */
export function toggleSpoken(): void {
  phaseFilter.value = onlySpoken.value ? new Set() : new Set(spokenPhases.value);
}

export function clearFilters(): void {
  batch(() => {
    kindsOn.value = null;
    phaseFilter.value = new Set();
  });
}

/** Choose a project, or none; choosing it again brings it into view again. */
export function select(id: string | null, closer = false): void {
  const other = selected.value !== id;
  batch(() => {
    selected.value = id;
    place.value = null;
    toReveal.value = id ? { id, closer } : null;
    if (id) drawer.value = "closed";
  });
  if (other) void fetchDetail();
}

/** Take over a whole address, without fetching anything. */
export function applyAddress(address: Address): void {
  batch(() => {
    chosenLang.value = address.lang;
    chosenDay.value = address.day;
    known.value = address.known;
    compared.value = address.compared;
    range.value = address.range;
    timeTool.value = address.compared !== null ? "compare" : address.range ? "range" : "closed";
    kindsOn.value = address.kinds && new Set(address.kinds);
    phaseFilter.value = new Set(address.phases);
    selected.value = address.project;
    toReveal.value = address.project && !address.at ? { id: address.project, closer: true } : null;
    camera.value = address.at;
    query.value = address.query;
    marked.value = new Set(address.marked);
    chosenBase.value = address.base;
    refused.value = address.refused;
  });
}

/** The reader went back or forward: take over the address and fetch what it now asks for. */
export function goToAddress(address: Address): void {
  const before = { known: known.value, selected: selected.value };
  batch(() => {
    applyAddress(address);
    if (!catalogue.value) return;
    dropUnknown(catalogue.value);
    clampDays(catalogue.value);
    // What is shown is what was known by that day until the other chart is there.
    known.value = before.known;
  });
  if (catalogue.value) setKnown(address.known);
  else void loadChart();
  if (before.selected !== selected.value) void fetchDetail();
}
