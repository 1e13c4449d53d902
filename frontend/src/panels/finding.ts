/** Finding a project for a field: among those that the page has, and by asking for those that come as tiles. */
import { computed, type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { getJson } from "../data/fetch";
import type { Project } from "../data/types";
import { buildIndex, find, tooShort } from "../state/search";
import { kindOf, lang, nameOf, projects, tiledKinds } from "../state/store";
import { nameIn } from "../text/words";
import type { Found } from "./Combobox";

const index = computed(() => buildIndex([...projects.value]));
const MOST = 12;
const PAUSE_MS = 250;

/** Among the kinds of which the page has no list the service is asked. */
async function farAway(words: string, signal: AbortSignal): Promise<Project[]> {
  const asked = new URLSearchParams({ q: words, limit: String(MOST) });
  for (const kind of tiledKinds.value) asked.append("kind", kind.id);
  return (await getJson<{ features: Project[] }>(`/api/projects?${asked}`, signal)).features;
}

/** What is found of what is typed, nearest first; may be asked at any time, also before anything is drawn anew. */
export function useProjects(typed: Signal<string>): () => Project[] {
  const far = useSignal<readonly Project[]>([]);
  const words = typed.value.trim();
  useEffect(() => {
    far.value = [];
    if (!tiledKinds.value.length || tooShort(words)) return;
    const asking = new AbortController();
    const timer = setTimeout(() => {
      farAway(words, asking.signal).then(
        (found) => {
          if (!asking.signal.aborted) far.value = found;
        },
        () => undefined,
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [words]);
  return () =>
    [index.value, buildIndex([...far.value])]
      .flatMap((one) => find(one, typed.value.trim()))
      .slice(0, MOST)
      .map((hit) => hit.project);
}

export const aboutOf = (one: Project): Found => ({
  id: one.id,
  name: nameOf(one),
  about: nameIn(lang.value, kindOf(one)),
});
