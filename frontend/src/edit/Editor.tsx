/** The editor in the page: tools and map at the left, what is wrong and the form at the right. */
import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import "../styles/edit.css";
import { Failure, Slow } from "../panels/Failure";
import { chosenLang, words } from "../state/store";
import { name, say, sayProblem } from "../upload/said";
import { Faults } from "./Field";
import { Coordinates, Cutting, Form } from "./Form";
import { Sheet } from "./Sheet";
import { sizeOf } from "./sizes";
import {
  atStake,
  begun,
  change,
  corners,
  dirty,
  draft,
  ended,
  failed,
  faults,
  faultsOf,
  isFine,
  isUnchanged,
  leaving,
  open,
  problem,
  projectsAfter,
  redo,
  restored,
  save,
  startAnew,
  subject,
  text,
  undo,
  warnings,
  working,
} from "./state";
import { Others, Tools } from "./Tools";
import { finish, giveUp, Unfinished, unsent } from "./Unfinished";

/** Fields that tell of their faults themselves. */
const OWN = ["name_zh", "name_en", "parent", "precision", "parts"];

function Found(): JSX.Element {
  const t = text.value;
  const rest = faults.value.filter((one) => !faultsOf(...OWN).includes(one));
  const parts = draft.value.cut ? projectsAfter.value.filter((one) => !one.removed) : [];
  return (
    <div role="status" class="edit-found">
      {isFine.value && <p>{t.fine}</p>}
      {rest.length > 0 && (
        <section aria-label={t.found.errors}>
          <h2>{t.found.errors}</h2>
          <Faults of={rest} />
        </section>
      )}
      {warnings.value.length > 0 && (
        <section aria-label={t.found.warnings}>
          <h2>{t.found.warnings}</h2>
          <ul class="edit-odd">
            {warnings.value.map((one) => (
              <li key={one.pointer + one.code + one.detail_zh}>{say(one)}</li>
            ))}
          </ul>
        </section>
      )}
      {parts.length > 1 && !rest.length && (
        <section aria-label={t.pieces}>
          <h2>{t.pieces}</h2>
          <ul class="edit-parts">
            {parts.map((one, n) => (
              <li key={one.id}>{t.piece(n + 1, name(one), sizeOf(one))}</li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

const signInHref = (): string => {
  const lang = chosenLang.value ? `&lang=${chosenLang.value}` : "";
  return `/signin?next=${encodeURIComponent("/upload")}${lang}`;
};

/** Why the last act was not done; nothing of the page is lost. */
function Trouble(): JSX.Element | null {
  const t = text.value;
  const found = problem.value;
  if (!found)
    return isUnchanged.value ? (
      <p class="notice" role="alert">
        {t.unchanged}
      </p>
    ) : null;
  if (ended.value)
    return (
      <p class="notice" role="alert">
        {t.lapsed}{" "}
        <a href={signInHref()} target="_blank" rel="noopener">
          {t.signIn}
        </a>{" "}
        {t.signedIn}
      </p>
    );
  return (
    <div class="notice" role="alert">
      <p>{found.status === 409 ? t.moved : sayProblem(found)}</p>
      {found.status === 409 && (
        <>
          <ul>
            {(found.said.errors ?? []).map((one) => (
              <li key={one.pointer}>{say(one)}</li>
            ))}
          </ul>
          <button type="button" class="button small" onClick={() => void startAnew()}>
            {t.anew}
          </button>
        </>
      )}
    </div>
  );
}

function Asked(props: { onLeave: () => void }): JSX.Element | null {
  const t = text.value;
  if (leaving.value && atStake.value) {
    const told = [dirty.value && t.leave.ask, corners.value > 0 && t.leave.drawing].filter(Boolean).join(" ");
    return (
      // biome-ignore lint/a11y/useSemanticElements: a question with its answers, not fields
      <div class="notice" role="group" aria-label={told}>
        <p>{told}</p>
        <button type="button" class="button small" onClick={props.onLeave}>
          {t.leave.go}
        </button>
        <button
          type="button"
          class="button small"
          onClick={() => {
            leaving.value = false;
          }}
        >
          {t.leave.stay}
        </button>
      </div>
    );
  }
  if (!restored.value || !dirty.value) return null;
  return (
    <p class="notice" role="status">
      {t.restored}
      <button type="button" class="button small" onClick={() => void startAnew()}>
        {t.discard}
      </button>
    </p>
  );
}

/** A key while something is being drawn. Answers whether it was for the drawing. */
function drawingKey(event: KeyboardEvent): boolean {
  if (event.defaultPrevented) return false;
  if (event.key === "Backspace") undo();
  else if (event.key === "Escape") giveUp();
  // On a button or a link the key presses that.
  else if (event.key === "Enter" && !(event.target as HTMLElement).closest?.("button, a, summary")) finish();
  else return false;
  return true;
}

function keys(event: KeyboardEvent): void {
  const typing = (event.target as HTMLElement).closest?.("input, textarea, select");
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!typing && isPlain && corners.value > 0 && drawingKey(event)) {
    event.preventDefault();
    return;
  }
  if (typing || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key === "z" && !event.shiftKey) undo();
  else if (key === "y" || key === "z") redo();
  else return;
  event.preventDefault();
}

/** Bring into view why it was not sent. */
function showWhy(): void {
  const field = document.querySelector<HTMLElement>(
    ".edit-unfinished button:not(:disabled), .edit-form [aria-invalid=true]",
  );
  if (field) field.focus();
  else document.querySelector(".edit-form")?.scrollTo({ top: 0 });
}

/** `onSaved`: with the number of the staged changeset. `onLeave`: back to where one came from. */
export function Editor(props: {
  subject: string;
  onSaved: (changeset: number) => void;
  onLeave: () => void;
}): JSX.Element {
  const t = text.value;
  const title = useSignal("");
  useEffect(() => void open(props.subject), [props.subject]);
  useEffect(() => {
    addEventListener("keydown", keys);
    return () => removeEventListener("keydown", keys);
  }, []);
  useSignalEffect(() => {
    const { id } = begun.value;
    title.value = id ? text.value.of(name(begun.value)) : text.value.newTitle;
    document.title = `${title.value} · ${words.value.titleName}`;
  });
  const leave = (): void => {
    if (atStake.value && !leaving.value) leaving.value = true;
    else props.onLeave();
  };
  const send = async (): Promise<void> => {
    if (corners.value > 0) {
      unsent.value = true;
      requestAnimationFrame(showWhy);
      return;
    }
    const number = await save();
    if (number !== null) props.onSaved(number);
    else requestAnimationFrame(showWhy);
  };
  if (failed.value)
    return (
      <main class="message">
        <Failure title={t.title} problem={failed.value} onRetry={() => void open(props.subject)} />
        <button type="button" class="button" onClick={props.onLeave}>
          {t.back}
        </button>
      </main>
    );
  if (subject.value === null)
    return (
      <main class="message">
        <p role="status">
          {t.loading} <Slow />
        </p>
      </main>
    );
  return (
    <main class="edit">
      <div class="edit-main">
        <Tools />
        <Sheet />
      </div>
      <aside class="edit-form" aria-label={title.value}>
        <h1>{title.value}</h1>
        <Asked
          onLeave={() => {
            leaving.value = false;
            props.onLeave();
          }}
        />
        <Trouble />
        <Unfinished />
        <Found />
        <Others />
        <Cutting />
        <Form />
        <Coordinates />
        {begun.value.id && (
          <label class="check">
            <input
              type="checkbox"
              checked={draft.value.remove}
              onChange={(event) => change({ remove: event.currentTarget.checked })}
            />
            {t.fields.remove}
          </label>
        )}
        <p class="edit-buttons">
          <button type="button" class="button primary" disabled={working.value} onClick={() => void send()}>
            {working.value ? t.saving : t.save}
          </button>
          <button type="button" class="button" onClick={leave}>
            {t.back}
          </button>
        </p>
      </aside>
    </main>
  );
}
