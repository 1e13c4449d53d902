/** The page: bar, left column, sheet, card, time bar. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { printing } from "../state/paper";
import {
  catalogue,
  chart,
  drawer,
  lang,
  loadChart,
  nameOf,
  place,
  projectById,
  selected,
  words,
} from "../state/store";
import { nameIn } from "../text/words";
import { Bar } from "./Bar";
import { Card } from "./Card";
import { Failure, Slow } from "./Failure";
import { closeCard } from "./focus";
import { stop } from "./Grip";
import { LeftColumn } from "./Layers";
import { Notices } from "./Notices";
import { PaperKey, PaperTitle } from "./PaperKey";
import { SheetPanel } from "./Sheet";
import { TimeBar } from "./TimeBar";

function Body(): JSX.Element {
  const state = chart.value;
  const t = words.value;
  if (state.status === "loading")
    return (
      <main class="message">
        <p role="status">
          {t.fail.loading} <Slow />
        </p>
      </main>
    );
  if (state.status === "failed")
    return (
      <main class="message">
        <Failure title={t.fail.title} problem={state.problem} onRetry={() => void loadChart()} />
        <p class="lede">{t.fail.byItself}</p>
      </main>
    );
  return (
    <main class={`view${selected.value ? ` with-card at-${stop.value}` : ""}`}>
      {printing.value && <PaperTitle />}
      {printing.value && <PaperKey />}
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
  else {
    place.value = null;
    closeCard();
  }
}

/** On a phone the projects stand in a drawer, which has to open first. */
function toProjects(): void {
  const list = document.getElementById("projects");
  if (list?.offsetParent === null) drawer.value = "projects";
  else list?.querySelector("button")?.focus();
}

/** Ways past the bar, once there is something to skip to. */
function SkipLinks(): JSX.Element | null {
  const t = words.value.skip;
  if (chart.value.status !== "ready") return null;
  return (
    <>
      <a class="skip" href="#map">
        {t.map}
      </a>
      <button type="button" class="skip" onClick={toProjects}>
        {t.projects}
      </button>
      <a class="skip" href="#time">
        {t.time}
      </a>
    </>
  );
}

export function App(): JSX.Element {
  useEffect(() => {
    addEventListener("keydown", onEscape);
    return () => removeEventListener("keydown", onEscape);
  }, []);
  useSignalEffect(() => {
    const project = projectById.value.get(selected.value ?? "");
    const area = catalogue.value?.area;
    const place = project ? nameOf(project) : area && nameIn(lang.value, area);
    const { titleName } = words.value;
    document.documentElement.lang = words.value.htmlLang;
    document.title = project ? `${place} · ${titleName}` : [titleName, place].filter(Boolean).join(" · ");
  });
  return (
    <>
      <SkipLinks />
      <Bar />
      <Notices />
      <Body />
    </>
  );
}
