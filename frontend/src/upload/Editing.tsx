/** Where those who may upload find the editor; it is fetched when somebody edits, so that nobody else waits for it. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { unreachable } from "../data/fetch";
import { Failure, Slow } from "../panels/Failure";
import { words } from "../state/store";
import { openChangeset } from "./review";
import { text } from "./said";

type Editor = typeof import("../edit/entry");
const entry = signal<Editor | null>(null);
const missing = signal(false);
/** Id of the project that is edited, "new" for a new one; null: nobody edits. */
export const editing = signal<string | null>(null);

function fetchEditor(): void {
  missing.value = false;
  import("../edit/entry").then(
    (found) => {
      entry.value = found;
    },
    () => {
      missing.value = true;
    },
  );
}

const addressOf = (subject: string | null): string => {
  const query = new URLSearchParams(location.search);
  query.delete("changeset");
  query.delete("edit");
  if (subject) query.set("edit", subject);
  const rest = query.toString();
  return rest ? `${location.pathname}?${rest}` : location.pathname;
};

/** Go to the editor, and remember it in the address. */
export function edit(subject: string): void {
  history.pushState(null, "", addressOf(subject));
  editing.value = subject;
}

/** What the address says to edit. Whoever goes back in the middle of a drawing is asked first. */
export function followEdit(): boolean {
  const wanted = new URLSearchParams(location.search).get("edit");
  const stays = editing.value !== null && wanted !== editing.value && entry.value?.holdsBack();
  if (stays) history.pushState(null, "", addressOf(editing.value));
  else editing.value = wanted;
  return editing.value !== null;
}

export function Editing(props: { onLeave: () => void }): JSX.Element {
  useEffect(() => {
    if (!entry.value) fetchEditor();
  }, []);
  const found = entry.value;
  if (found)
    return (
      <found.Editor
        subject={editing.value!}
        onSaved={(changeset) => {
          editing.value = null;
          history.replaceState(null, "", addressOf(null));
          void openChangeset(changeset);
        }}
        onLeave={() => {
          editing.value = null;
          history.pushState(null, "", addressOf(null));
          props.onLeave();
        }}
      />
    );
  return (
    <main class="message">
      {missing.value ? (
        <Failure title={text.value.start.noEditor} problem={unreachable()} onRetry={fetchEditor} />
      ) : (
        <p role="status">
          {words.value.fail.loading} <Slow />
        </p>
      )}
    </main>
  );
}
