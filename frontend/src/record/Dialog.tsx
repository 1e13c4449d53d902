/** The dialog around the form: over the page on a desk, the whole screen on a phone. It never loses what was typed. */
import { useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentChildren, JSX, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../panels/signs";
import { isNarrow } from "../state/narrow";
import { session, signIn } from "../state/session";
import { asProblem, lang, nameOf } from "../state/store";
import { askFirst } from "../state/unload";
import { Done } from "./Done";
import { isOfAField } from "./draft";
import { Brief, EffectView } from "./Effect";
import { sayTold } from "./Fields";
import { Form, Reason } from "./Form";
import {
  atOnce,
  confirmed,
  dirty,
  doing,
  done,
  end,
  ended,
  faults,
  kind,
  leave,
  leaving,
  needsReason,
  problem,
  project,
  publish,
  text,
  tried,
  warnings,
  working,
} from "./state";

/** A phone's way back, and the browser's, ask as the other ways out do. */
function useWayBack(): void {
  useEffect(() => {
    history.pushState({ recording: true }, "", location.href);
    const onBack = (): void => {
      if (!doing.value) return;
      if (dirty.value) {
        history.pushState({ recording: true }, "", location.href);
        leaving.value = true;
      } else end();
    };
    const onUnload = (event: BeforeUnloadEvent): void => {
      if (dirty.value) askFirst(event);
    };
    addEventListener("popstate", onBack);
    addEventListener("beforeunload", onUnload);
    return () => {
      removeEventListener("popstate", onBack);
      removeEventListener("beforeunload", onUnload);
      if (history.state?.recording) history.back();
    };
  }, []);
}

function onKey(event: KeyboardEvent): void {
  if (event.isComposing) return;
  if (event.key === "Escape") leave();
  else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void publish();
  else return;
  event.preventDefault();
  // The page behind has ways of its own with these keys.
  event.stopPropagation();
}

/** The keyboard goes to the first thing to say, and after a vain try to the first that is wrong. */
function useKeyboard(dialog: RefObject<HTMLDialogElement>): void {
  // At once: who is quick types on before the next frame.
  useLayoutEffect(() => {
    const shown = dialog.current!;
    if (!shown.open) shown.showModal();
    shown
      .querySelector<HTMLElement>(".record-body input, .record-body select, .record-body textarea")
      ?.focus();
  }, [doing.value]);
  useEffect(() => {
    // Of the whole document: for a moment nothing in the dialog may have the keyboard.
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  useSignalEffect(() => {
    if (!working.value && tried.value && !done.value)
      requestAnimationFrame(() =>
        dialog.current?.querySelector<HTMLElement>(".record-body [aria-invalid='true']")?.focus(),
      );
  });
}

function SignInAgain(): JSX.Element {
  const t = text.value.signIn;
  const name = useSignal(session.value?.name ?? "");
  const password = useSignal("");
  const wrong = useSignal("");
  const busy = useSignal(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    try {
      await signIn(name.value, password.value);
      ended.value = false;
      requestAnimationFrame(() => document.getElementById("record-publish")?.focus());
    } catch (error) {
      const found = asProblem(error);
      wrong.value = lang.value === "zh" ? found.zh : found.en;
    } finally {
      busy.value = false;
    }
  };
  return (
    <form class="record-ask" method="post" onSubmit={(event) => void submit(event)}>
      <p role="alert">
        <b>{t.title}</b> {wrong.value || t.lede}
      </p>
      <div class="record-pair">
        <div class="record-field">
          <label for="record-name">{t.name}</label>
          <input
            id="record-name"
            type="text"
            autocomplete="username"
            value={name.value}
            onInput={(event) => {
              name.value = event.currentTarget.value;
            }}
          />
        </div>
        <div class="record-field">
          <label for="record-password">{t.password}</label>
          <input
            id="record-password"
            type="password"
            autocomplete="current-password"
            value={password.value}
            onInput={(event) => {
              password.value = event.currentTarget.value;
            }}
          />
        </div>
      </div>
      <button type="submit" class="button primary" disabled={busy.value}>
        {t.go}
      </button>
    </form>
  );
}

function Leaving(): JSX.Element {
  const t = text.value.leave;
  const stay = useRef<HTMLButtonElement>(null);
  useEffect(() => stay.current?.focus(), []);
  return (
    <div class="record-ask" role="alertdialog" aria-labelledby="record-leaving">
      <p id="record-leaving">
        <b>{t.title}</b>
      </p>
      <div class="record-buttons">
        <button
          type="button"
          class="button"
          ref={stay}
          onClick={() => {
            leaving.value = false;
          }}
        >
          {t.stay}
        </button>
        <button type="button" class="button record-lose" onClick={end}>
          {t.discard}
        </button>
      </div>
    </div>
  );
}

/** What stands in the way, or what is asked before it is public. */
function Told(): JSX.Element | null {
  const t = text.value;
  const list = (title: string, said: string[]): JSX.Element => (
    <div role="alert" class="record-told">
      <b>{title}</b>
      {said.length > 0 && (
        <ul>
          {said.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
    </div>
  );
  if (problem.value && problem.value.code !== "bad-body")
    return list(t.failed, [lang.value === "zh" ? problem.value.zh : problem.value.en]);
  const count = faults.value.length + (needsReason.value ? 1 : 0);
  // What is wrong with no field of the form is told here.
  const others = faults.value.filter((one) => !isOfAField(one.pointer)).map(sayTold);
  if (tried.value && count) return list(t.faults(count), others);
  return confirmed.value ? list(t.warnings, warnings.value.map(sayTold)) : null;
}

function Foot(): JSX.Element {
  const t = text.value;
  const act = doing.value?.act;
  const publishing = confirmed.value
    ? [t.publishAnyway, t.submitAnyway]
    : [act === "withdraw" ? t.withdraw : t.publish, t.submit];
  return (
    <footer class="record-foot">
      {ended.value ? <SignInAgain /> : leaving.value ? <Leaving /> : <Told />}
      {isNarrow.value && act !== "withdraw" && <Brief />}
      <div class="record-buttons">
        <button
          type="button"
          class="button primary"
          id="record-publish"
          disabled={act !== "withdraw" && !kind.value}
          aria-disabled={working.value || undefined}
          onClick={() => void publish()}
        >
          {working.value ? t.working : publishing[act === "withdraw" || atOnce.value ? 0 : 1]}
        </button>
        <small class="record-keys">{t.keys}</small>
      </div>
    </footer>
  );
}

function titleOf(): string {
  const t = text.value;
  const now = doing.value;
  if (now?.act === "correct") return t.correctClaim(now.claim.n);
  return now?.act === "withdraw" ? t.withdrawClaim(now.claim) : t.button;
}

function Body(): ComponentChildren {
  if (done.value) return <Done />;
  const now = doing.value;
  const isForm = now?.act !== "withdraw";
  return (
    <>
      <div class="record-body">
        {isForm ? (
          <Form />
        ) : (
          <>
            {project.value && <p class="record-of">{nameOf(project.value)}</p>}
            {now.quote && <blockquote class="record-said">{now.quote}</blockquote>}
            <Reason label={text.value.fields.withdrawReason} />
          </>
        )}
        {isForm && kind.value && <EffectView />}
      </div>
      <Foot />
    </>
  );
}

export function Dialog(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useWayBack();
  useKeyboard(dialog as RefObject<HTMLDialogElement>);
  return (
    <dialog
      class={`record${doing.value?.act === "withdraw" || done.value ? " small" : ""}`}
      ref={dialog}
      aria-labelledby="record-title"
      onCancel={(event) => {
        // A phone's own gesture; the key is heard above.
        event.preventDefault();
        leave();
      }}
      onClose={() => {
        // The browser may insist: then it is shown again with the question.
        if (!doing.value) return;
        if (dirty.value) {
          dialog.current?.showModal();
          leaving.value = true;
        } else end();
      }}
    >
      <header class="record-head">
        <h2 id="record-title">{titleOf()}</h2>
        <button type="button" class="icon-button" aria-label={text.value.close} onClick={leave}>
          <Icon name="close" />
        </button>
      </header>
      <Body />
    </dialog>
  );
}
