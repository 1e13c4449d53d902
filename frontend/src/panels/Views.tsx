/** The views of the product, in the bar of each of its pages. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { session } from "../state/session";
import { chosenLang, words } from "../state/store";

export type View = "map" | "transit" | "board" | "upload";

const PATHS: Record<View, string> = { map: "/", transit: "/transit", board: "/board", upload: "/upload" };
/** Somebody wanted to go on while there was no network. */
const lost = signal(false);

const EVERYBODY: readonly View[] = ["map", "transit", "board"];

/**
 * `current`: the view that is shown; its link leads nowhere, and least of all away from what is looked at. On a
 * page that is none of them each link is a way out.
 */
export function Views(props: { current?: View }): JSX.Element {
  const t = words.value.nav;
  const query = chosenLang.value ? `?lang=${chosenLang.value}` : "";
  // Whose role may not is not offered it, not even there; of a stranger nobody knows yet.
  const offers = session.value ? session.value.may_upload : props.current === "upload";
  const views: readonly View[] = offers ? [...EVERYBODY, "upload"] : EVERYBODY;
  return (
    <nav class="views" aria-label={t.main}>
      {views.map((view) => {
        const isCurrent = view === props.current;
        return (
          <a
            key={view}
            href={PATHS[view] + query}
            aria-current={isCurrent ? "page" : undefined}
            onClick={(event) => {
              lost.value = !navigator.onLine && !isCurrent;
              if (isCurrent || lost.value) event.preventDefault();
            }}
          >
            {t[view]}
          </a>
        );
      })}
      {lost.value && (
        <p class="views-lost" role="status">
          {t.offline}
        </p>
      )}
    </nav>
  );
}
