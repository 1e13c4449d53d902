/** What this page shows, and the words it says it in. */
import { computed, signal } from "@preact/signals";
import { fetchSources, type Listed, type ProjectNamed, type Sources } from "../data/sources";
import type { KindInfo } from "../data/types";
import { asProblem, chosenLang, kindById, type Loaded, lang } from "../state/store";
import { HOW_WORDS } from "../text/how";

export const sources = signal<Loaded<Sources>>({ status: "loading" });
export const text = computed(() => HOW_WORDS[lang.value]);

export async function loadSources(): Promise<void> {
  sources.value = { status: "loading" };
  try {
    sources.value = { status: "ready", value: await fetchSources() };
  } catch (error) {
    sources.value = { status: "failed", problem: asProblem(error) };
  }
}

const byId = computed(
  () =>
    new Map(sources.value.status === "ready" ? sources.value.value.projects.map((one) => [one.id, one]) : []),
);

/** The projects of a list that the answer has named. */
export const named = (ids: readonly string[]): ProjectNamed[] =>
  ids.flatMap((id) => byId.value.get(id) ?? []);

/** A list by kinds, in the order of the kinds. */
export function byKind(listed: Listed): { kind: KindInfo; projects: ProjectNamed[] }[] {
  const all = named(listed.projects);
  return [...kindById.value.values()]
    .map((kind) => ({ kind, projects: all.filter((one) => one.kind === kind.id) }))
    .filter(({ projects }) => projects.length);
}

/** An address of the map, in the language of this page. */
export function onMap(query = ""): string {
  const parts = [query, chosenLang.value ? `lang=${chosenLang.value}` : ""].filter(Boolean).join("&");
  return parts ? `/?${parts}` : "/";
}
