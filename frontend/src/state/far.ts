/** Search among the kinds that come as tiles: the page has no list of them, so the service is asked. */
import { effect, signal } from "@preact/signals";
import { getJson } from "../data/fetch";
import type { Project } from "../data/types";
import { isoOf } from "../dates";
import { tooShort } from "./search";
import { known, query, tiledKinds } from "./store";

const PAUSE_MS = 250;
const MOST = 30;

/** What the service found for the query; empty while it is asked, and where nothing comes as tiles. */
export const far = signal<readonly Project[]>([]);

function address(words: string): string {
  const asked = new URLSearchParams({ q: words, limit: String(MOST) });
  for (const kind of tiledKinds.value) asked.append("kind", kind.id);
  if (known.value !== null) asked.set("known", isoOf(known.value));
  return `/api/projects?${asked}`;
}

/** Ask when the typing pauses. Returns what ends it. */
export function searchFar(): () => void {
  let timer = 0;
  let asking = new AbortController();
  return effect(() => {
    const words = query.value.trim();
    clearTimeout(timer);
    asking.abort();
    far.value = [];
    if (!tiledKinds.value.length || tooShort(words)) return;
    const mine = new AbortController();
    asking = mine;
    const path = address(words);
    timer = window.setTimeout(() => {
      getJson<{ features: Project[] }>(path, mine.signal).then(
        (answer) => {
          if (!mine.signal.aborted) far.value = answer.features;
        },
        // The page's own hits stay; that the service is away is told elsewhere.
        () => undefined,
      );
    }, PAUSE_MS);
  });
}
