/** The page as a whole: the log, or one changeset of it. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { BarTools } from "../panels/BarTools";
import { Failure, Slow } from "../panels/Failure";
import { Mark } from "../panels/Mark";
import { Views } from "../panels/Views";
import { chart, loadChart, words } from "../state/store";
import { number } from "../upload/review";
import { Working } from "../upload/Working";
import { Log } from "./Log";
import { ready, text } from "./log";
import { Opened } from "./Opened";

function Body(): JSX.Element {
  const t = words.value.fail;
  const state = chart.value;
  if (state.status === "failed")
    return (
      <main class="message">
        <Failure title={t.title} problem={state.problem} onRetry={() => void loadChart()} />
      </main>
    );
  if (!ready.value || state.status === "loading")
    return (
      <main class="message">
        <p role="status">
          {t.loading} <Slow />
        </p>
      </main>
    );
  return number.value === null ? <Log /> : <Opened />;
}

export function Page(): JSX.Element {
  useSignalEffect(() => {
    document.documentElement.lang = words.value.htmlLang;
    document.title = `${text.value.title} · ${words.value.titleName}`;
  });
  const t = words.value;
  return (
    <>
      <header class="bar">
        <p class="logo">
          <Mark />
          <b lang="zh">{t.product}</b>
          <span>{t.productAlt}</span>
        </p>
        <Views />
        <BarTools />
      </header>
      <div class="notices">
        <Working />
      </div>
      <Body />
    </>
  );
}
