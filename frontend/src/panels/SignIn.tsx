/** Signing in. A plain form with plain names, so that password managers and keyboards know it. */
import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { Problem } from "../data/fetch";
import { pageAfter, session, signIn, signOut } from "../state/session";
import { chosenLang, lang, words } from "../state/store";
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
      <button
        type="button"
        lang={other}
        onClick={() => {
          chosenLang.value = other;
        }}
      >
        {t.otherLanguage}
      </button>
    </header>
  );
}

function Form(): JSX.Element {
  const t = words.value.account;
  const problem = useSignal<Problem | null>(null);
  const busy = useSignal(false);
  const shown = useSignal(false);
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    problem.value = null;
    try {
      await signIn(name.current!.value, password.current!.value);
      location.assign(back());
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problem.value = error;
      password.current?.select();
      password.current?.focus();
    } finally {
      busy.value = false;
    }
  };
  const said = problem.value && (lang.value === "zh" ? problem.value.zh : problem.value.en);
  return (
    <form class="signin-card" method="post" action="/signin" onSubmit={(event) => void submit(event)}>
      <h1>{t.title}</h1>
      <p class="lede">{t.lede}</p>
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
          maxLength={80}
          aria-describedby={said ? "wrong" : undefined}
        />
      </div>
      <div class="field">
        <label for="password">{t.password}</label>
        <input
          id="password"
          name="password"
          ref={password}
          {...(shown.value ? { type: "text" as const } : { type: "password" as const })}
          autocomplete="current-password"
          required
          maxLength={128}
          aria-describedby={said ? "wrong" : undefined}
        />
        <label class="shown">
          <input
            type="checkbox"
            checked={shown.value}
            onChange={(event) => {
              shown.value = event.currentTarget.checked;
            }}
          />
          {t.show}
        </label>
      </div>
      <button type="submit" class="button primary" disabled={busy.value}>
        {busy.value ? t.signingIn : t.signIn}
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
  useSignalEffect(() => {
    document.getElementById("app")!.className = "signing";
    document.documentElement.lang = words.value.htmlLang;
    document.title = `${words.value.account.title} · ${words.value.titleName}`;
  });
  const name = session.value?.name;
  return (
    <>
      <Bar />
      <main class="signin">{name ? <AlreadyIn name={name} /> : <Form />}</main>
    </>
  );
}
