/** The page as a whole: bar, what is being done, and the part that is at work: beginning, question, review. */
import { signal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { BarTools } from "../panels/BarTools";
import { Failure, Slow } from "../panels/Failure";
import { Mark } from "../panels/Mark";
import { Views } from "../panels/Views";
import { loadSession, session } from "../state/session";
import { chart, chosenLang, loadChart, words } from "../state/store";
import { Asking } from "./Asking";
import { findSent, goOn } from "./again";
import { Editing, editing, followEdit } from "./Editing";
import { listsProblem, loadLists, refusal } from "./flow";
import { Review } from "./Review";
import { number, openChangeset, refused } from "./review";
import { Start } from "./Start";
import { text } from "./said";
import { Working } from "./Working";

/** Who is signed in is known. */
const ready = signal(false);

export async function begin(): Promise<void> {
  await loadSession();
  ready.value = true;
  if (!session.value?.may_upload) return;
  void loadLists();
  follow();
}

/** Go where the address says: to a changeset, or to the beginning. */
function follow(): void {
  if (followEdit()) return;
  const query = new URLSearchParams(location.search);
  const wanted = Number(query.get("changeset"));
  const checking = Number(query.get("upload"));
  if (Number.isInteger(wanted) && wanted > 0) void openChangeset(wanted, false);
  else {
    number.value = null;
    void loadLists();
    if (Number.isInteger(checking) && checking > 0) void goOn(checking);
    else void findSent();
  }
}

const signInHref = (): string => {
  const lang = chosenLang.value ? `&lang=${chosenLang.value}` : "";
  return `/signin?next=${encodeURIComponent(location.pathname + location.search)}${lang}`;
};

/** The session ended meanwhile: a way to sign in that loses nothing of this page. */
function Lapsed(): JSX.Element | null {
  const t = text.value.again;
  const lapsed = [refusal, refused, listsProblem].some(({ value }) => value?.status === 401);
  if (!lapsed) return null;
  return (
    <p class="notice" role="alert">
      {t.lapsed}
      <a href={signInHref()} target="_blank" rel="noopener">
        {t.open}
      </a>
      {t.after}
    </p>
  );
}

/** Nobody is signed in, or somebody whose role may not: who may, and what to do instead. */
function Closed(): JSX.Element {
  const t = text.value.signIn;
  const query = new URLSearchParams(chosenLang.value ? { lang: chosenLang.value } : {});
  const to = (path: string): string => (query.size ? `${path}?${query}` : path);
  const asked = new URLSearchParams(location.search).get("changeset");
  if (!session.value)
    return (
      <main class="upload-closed">
        <h1>{t.needed}</h1>
        <p class="lede">{t.who}</p>
        <a class="button primary" href={signInHref()}>
          {t.go}
        </a>
        <a href={to("/")}>{t.toMap}</a>
      </main>
    );
  return (
    <main class="upload-closed">
      <h1>{t.forbidden(session.value.name ?? "")}</h1>
      <p>{t.who}</p>
      <p>{t.instead}</p>
      <p class="choices">
        <a class="button primary" href={to("/")}>
          {t.toMap}
        </a>
        <a class="button" href={to("/board")}>
          {t.toBoard}
        </a>
        {asked && /^\d+$/.test(asked) && (
          <a
            class="button"
            href={`/history?${new URLSearchParams({ changeset: asked, ...Object.fromEntries(query) })}`}
          >
            {t.toChangeset(Number(asked))}
          </a>
        )}
      </p>
    </main>
  );
}

function Body(): JSX.Element {
  const t = words.value.fail;
  const state = chart.value;
  if (!ready.value || state.status === "loading")
    return (
      <main class="message">
        <p role="status">
          {t.loading} <Slow />
        </p>
      </main>
    );
  if (!session.value?.may_upload) return <Closed />;
  if (state.status === "failed")
    return (
      <main class="message">
        <Failure title={t.title} problem={state.problem} onRetry={() => void loadChart()} />
      </main>
    );
  if (editing.value !== null) return <Editing onLeave={follow} />;
  if (refusal.value) return <Asking problem={refusal.value} />;
  return number.value === null ? <Start /> : <Review />;
}

export function Page(): JSX.Element {
  useSignalEffect(() => {
    document.documentElement.lang = words.value.htmlLang;
    document.title = `${text.value.title} · ${words.value.titleName}`;
  });
  useEffect(() => {
    addEventListener("popstate", follow);
    return () => removeEventListener("popstate", follow);
  }, []);
  const t = words.value;
  return (
    <>
      <header class="bar">
        <p class="logo">
          <Mark />
          <b lang="zh">{t.product}</b>
          <span>{t.productAlt}</span>
        </p>
        <Views current="upload" />
        <BarTools />
      </header>
      <div class="notices">
        <Lapsed />
        <Working />
      </div>
      <Body />
    </>
  );
}
