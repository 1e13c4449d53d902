/** Which project the fact is about, found by any of its names. */
import { computed, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { getJson } from "../data/fetch";
import type { Project } from "../data/types";
import { buildIndex, find, tooShort } from "../state/search";
import { kindOf, lang, nameOf, projects, tiledKinds } from "../state/store";
import { nameIn } from "../text/words";
import { Search } from "./Fields";
import { project, target, text } from "./state";

const index = computed(() => buildIndex([...projects.value]));
const MOST = 12;
const PAUSE_MS = 250;

/** Among the kinds of which the page has no list the service is asked. */
async function farAway(words: string, signal: AbortSignal): Promise<Project[]> {
  const asked = new URLSearchParams({ q: words, limit: String(MOST) });
  for (const kind of tiledKinds.value) asked.append("kind", kind.id);
  return (await getJson<{ features: Project[] }>(`/api/projects?${asked}`, signal)).features;
}

export function ProjectField(props: { onPick: (found: Project) => void }): JSX.Element {
  const t = text.value.project;
  const typed = useSignal("");
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
  const hits = (): Project[] =>
    [index.value, buildIndex([...far.value])]
      .flatMap((one) => find(one, typed.value.trim()))
      .slice(0, MOST)
      .map((hit) => hit.project);
  const chosen = project.value;
  return (
    <Search
      at="project"
      label={t.label}
      hint={t.hint}
      typed={chosen ? nameOf(chosen) : typed.value}
      find={() =>
        hits().map((one) => ({ id: one.id, name: nameOf(one), about: nameIn(lang.value, kindOf(one)) }))
      }
      none={!chosen && !tooShort(words) && !hits().length ? t.none(words) : ""}
      onType={(said) => {
        target.value = "";
        typed.value = said;
      }}
      onPick={(id) => {
        const one = hits().find((each) => each.id === id);
        if (one) props.onPick(one);
      }}
    />
  );
}
