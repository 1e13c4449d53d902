/** In the bar: a quiet way to sign in, or who is signed in and the way out. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { session, signOut } from "../state/session";
import { chosenLang, words } from "../state/store";

function Person(props: { out?: boolean }): JSX.Element {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" fill="none" stroke="currentColor">
      <circle cx="8" cy="5.6" r="3" stroke-width="1.5" />
      <path
        d="M2.400 15.500c.4-3.300 2.700-5.200 5.600-5.200 1.300 0 2.500.4 3.400 1.100"
        stroke-width="1.5"
      />
      <path
        d={props.out ? "M11 14h5.500M14.300 11.800l2.200 2.200-2.200 2.200" : "M11.500 14h5M14 11.500v5"}
        stroke-width="1.4"
      />
    </svg>
  );
}

/** The page to sign in on, which comes back to what is looked at now. */
const signInHref = (): string => {
  const next = location.pathname + location.search;
  const lang = chosenLang.value ? `&lang=${chosenLang.value}` : "";
  return `/signin?next=${encodeURIComponent(next)}${lang}`;
};

export function Account(): JSX.Element {
  const t = words.value.account;
  const failed = useSignal(false);
  const who = session.value;
  if (!who)
    return (
      <div class="account">
        <a
          class="tool"
          href={signInHref()}
          title={t.signIn}
          onClick={(event) => {
            // The address of the page moves with the view.
            event.currentTarget.href = signInHref();
          }}
        >
          <Person />
          <span class="word">{t.signIn}</span>
        </a>
      </div>
    );
  const leave = async (): Promise<void> => {
    failed.value = !(await signOut());
  };
  return (
    <div class="account">
      <span class="name" title={t.signedIn(who.name ?? "")}>
        <span class="only-heard">{t.signedIn("")}</span>
        {who.name}
      </span>
      <button type="button" class="tool" title={t.signOut} onClick={() => void leave()}>
        <Person out />
        <span class="word">{t.signOut}</span>
      </button>
      {failed.value && (
        <span class="still-in" role="alert">
          {t.stillIn}
        </span>
      )}
    </div>
  );
}
