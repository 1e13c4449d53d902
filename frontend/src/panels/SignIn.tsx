/** Signing in. A plain form with plain names, so that password managers and keyboards know it. */
import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX, RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Problem } from "../data/fetch";
import { choosePassword, linkIn, pageAfter, session, signIn, signOut } from "../state/session";
import { chosenLang, lang, speak, words } from "../state/store";
import { Mark } from "./Mark";

const back = (): string => pageAfter(location.search, location.origin);

function Bar(): JSX.Element {
  const t = words.value;
  const other = lang.value === "zh" ? "en" : "zh";
  const toMap = chosenLang.value ? `/?lang=${chosenLang.value}` : "/";
  return (
    <header class="signin-bar">
      <a href={toMap}>
        <Mark />
        <span lang="zh">{t.product}</span>
        <small>{t.productAlt}</small>
      </a>
      <button type="button" lang={other} onClick={() => speak(other)}>
        {t.otherLanguage}
      </button>
    </header>
  );
}

function PasswordField(props: {
  label: string;
  input: RefObject<HTMLInputElement | null>;
  isNew?: boolean;
  wrong: boolean;
}): JSX.Element {
  const shown = useSignal(false);
  return (
    <div class="field">
      <label for="password">{props.label}</label>
      <input
        id="password"
        name="password"
        ref={props.input}
        {...(shown.value ? { type: "text" as const } : { type: "password" as const })}
        autocomplete={props.isNew ? "new-password" : "current-password"}
        required
        maxLength={128}
        aria-describedby={props.wrong ? "wrong" : undefined}
      />
      <label class="shown">
        <input
          type="checkbox"
          checked={shown.value}
          onChange={(event) => {
            shown.value = event.currentTarget.checked;
          }}
        />
        {words.value.account.show}
      </label>
    </div>
  );
}

const told = (problem: Problem | null): string | null =>
  problem && (lang.value === "zh" ? problem.zh : problem.en);

/** Sends what was typed as a password, once at a time. What is refused is said, and can be typed over. */
function useSending(
  password: RefObject<HTMLInputElement | null>,
  send: (typed: string) => Promise<void>,
): { said: string | null; busy: boolean; submit: (event: Event) => Promise<void> } {
  const problem = useSignal<Problem | null>(null);
  const busy = useSignal(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    problem.value = null;
    try {
      await send(password.current!.value);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problem.value = error;
      password.current?.select();
      password.current?.focus();
    } finally {
      busy.value = false;
    }
  };
  return { said: told(problem.value), busy: busy.value, submit };
}

/** For whoever opened a link of an administrator. */
function NewPassword(props: { secret: string; name: string; onDone: (name: string) => void }): JSX.Element {
  const t = words.value.account;
  const password = useRef<HTMLInputElement>(null);
  const { said, busy, submit } = useSending(password, async (typed) =>
    props.onDone(await choosePassword(props.secret, typed)),
  );
  return (
    <form class="signin-card" method="post" action="/signin" onSubmit={(event) => void submit(event)}>
      <h1>{t.choose}</h1>
      <p class="lede">{t.chooseLede}</p>
      <p class="wrong" role="alert" id="wrong">
        {said}
      </p>
      <div class="field">
        <label for="username">{t.name}</label>
        <input id="username" type="text" autocomplete="username" readOnly value={props.name} />
      </div>
      <PasswordField label={t.newPassword} input={password} isNew wrong={!!said} />
      <button type="submit" class="button primary" disabled={busy}>
        {busy ? t.choosing : t.chooseIt}
      </button>
    </form>
  );
}

function Form(props: { renewed: string }): JSX.Element {
  const t = words.value.account;
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const { said, busy, submit } = useSending(password, async (typed) => {
    await signIn(name.current!.value, typed);
    location.assign(back());
  });
  return (
    <form class="signin-card" method="post" action="/signin" onSubmit={(event) => void submit(event)}>
      <h1>{t.title}</h1>
      <p class="lede" role="status">
        {props.renewed ? t.renewed(props.renewed) : t.lede}
      </p>
      <p class="wrong" role="alert" id="wrong">
        {said}
      </p>
      <div class="field">
        <label for="username">{t.name}</label>
        <input
          id="username"
          name="username"
          ref={name}
          type="text"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          required
          defaultValue={props.renewed}
          maxLength={80}
          aria-describedby={said ? "wrong" : undefined}
        />
      </div>
      <PasswordField label={t.password} input={password} wrong={!!said} />
      <button type="submit" class="button primary" disabled={busy}>
        {busy ? t.signingIn : t.signIn}
      </button>
      <p class="lede">{t.forgotten}</p>
    </form>
  );
}

function AlreadyIn(props: { name: string }): JSX.Element {
  const t = words.value.account;
  const failed = useSignal(false);
  return (
    <div class="signin-card">
      <h1>{t.already(props.name)}</h1>
      <a class="button primary" href={back()}>
        {t.goOn}
      </a>
      <button
        type="button"
        class="button"
        onClick={async () => {
          failed.value = !(await signOut());
        }}
      >
        {t.signOut}
      </button>
      <p class="wrong" role="alert">
        {failed.value && t.stillIn}
      </p>
    </div>
  );
}

export function SignIn(): JSX.Element {
  const link = useSignal(linkIn(location.hash));
  const renewed = useSignal("");
  useSignalEffect(() => {
    const t = words.value;
    document.getElementById("app")!.className = "signing";
    document.documentElement.lang = t.htmlLang;
    document.title = `${link.value.secret ? t.account.choose : t.account.title} · ${t.titleName}`;
  });
  useEffect(() => {
    // A link that is opened where this page is open already loads nothing anew.
    const read = (): void => {
      link.value = linkIn(location.hash);
    };
    addEventListener("hashchange", read);
    return () => removeEventListener("hashchange", read);
  }, []);
  const done = (name: string): void => {
    // It opens nothing any more, and need not stay in the history.
    history.replaceState(null, "", location.pathname + location.search);
    renewed.value = name;
    link.value = linkIn("");
  };
  const name = session.value?.name;
  return (
    <>
      <Bar />
      <main class="signin">
        {link.value.secret ? (
          <NewPassword key={link.value.secret} {...link.value} onDone={done} />
        ) : name ? (
          <AlreadyIn name={name} />
        ) : (
          <Form key={renewed.value} renewed={renewed.value} />
        )}
      </main>
    </>
  );
}
