/** The page: bar, left column, sheet, card, time bar. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { chart, drawer, loadChart, nameOf, projectById, refusedDays, selected, words } from "../state/store";
import { Bar } from "./Bar";
import { Card } from "./Card";
import { Failure } from "./Failure";
import { closeCard } from "./focus";
import { LeftColumn } from "./Layers";
import { SheetPanel } from "./Sheet";
import { TimeBar } from "./TimeBar";

function Body(): JSX.Element {
  const state = chart.value;
  const t = words.value;
  if (state.status === "loading")
    return (
      <main class="message">
        <p role="status">{t.fail.loading}</p>
      </main>
    );
  if (state.status === "failed")
    return (
      <main class="message">
        <Failure title={t.fail.title} problem={state.problem} onRetry={() => void loadChart()} />
      </main>
    );
  return (
    <main class={`view${selected.value ? " with-card" : ""}`}>
      <LeftColumn />
      <SheetPanel />
      {selected.value && <Card key={selected.value} id={selected.value} />}
      <TimeBar />
    </main>
  );
}

function onEscape(event: KeyboardEvent): void {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  if (drawer.value !== "closed") drawer.value = "closed";
  else closeCard();
}

export function App(): JSX.Element {
  const t = words.value;
  useEffect(() => {
    addEventListener("keydown", onEscape);
    return () => removeEventListener("keydown", onEscape);
  }, []);
  useSignalEffect(() => {
    const project = projectById.value.get(selected.value ?? "");
    const product = `${words.value.product} ${words.value.productAlt}`;
    document.documentElement.lang = words.value.htmlLang;
    document.title = project ? `${nameOf(project)} · ${product}` : product;
  });
  return (
    <>
      <a class="skip" href="#map">
        {t.skip}
      </a>
      <Bar />
      {refusedDays.value.length > 0 && (
        <p class="notice" role="status">
          {t.fail.badDay(refusedDays.value.join(", "))}
          <button
            type="button"
            class="quiet"
            onClick={() => {
              refusedDays.value = [];
            }}
          >
            {t.fail.dismiss}
          </button>
        </p>
      )}
      <Body />
    </>
  );
}
