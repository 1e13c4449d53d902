/** The board: the ledger of projects and the figures of the year, beside the map when it is wanted. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { isoOf } from "../dates";
import { Bar } from "../panels/Bar";
import { Card } from "../panels/Card";
import { Failure, Slow } from "../panels/Failure";
import { closeCard } from "../panels/focus";
import { Notices } from "../panels/Notices";
import { SheetPanel } from "../panels/Sheet";
import { chart, day, isToday, known, lang, loadChart, selected, words } from "../state/store";
import { dateIn } from "../text/words";
import { AttentionPart } from "./Attention";
import { Compare } from "./Compare";
import { Indicators } from "./Indicators";
import { MonthlyPart } from "./Monthly";
import { ProgressPart } from "./Progress";
import { Table } from "./Table";
import { Tools } from "./Tools";
import { mapShown, PARTS, part, text } from "./table";

function onEscape(event: KeyboardEvent): void {
  if (event.key === "Escape" && !event.defaultPrevented) closeCard();
}

function Tabs(): JSX.Element {
  const t = text.value.parts;
  // On a narrow screen not all of them are in sight: the one that is open must be.
  useEffect(() => {
    document.getElementById(`tab-${part.value}`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [part.value, t]);
  const step = (by: number): void => {
    const next = PARTS[(PARTS.indexOf(part.value) + by + PARTS.length) % PARTS.length];
    part.value = next;
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div role="tablist" class="board-tabs" aria-label={t.label}>
      {PARTS.map((one) => (
        <button
          key={one}
          type="button"
          role="tab"
          id={`tab-${one}`}
          aria-selected={part.value === one}
          aria-controls="board-part"
          tabIndex={part.value === one ? 0 : -1}
          onClick={() => {
            part.value = one;
          }}
          onKeyDown={(event) => {
            if (event.key === "ArrowRight") step(1);
            else if (event.key === "ArrowLeft") step(-1);
          }}
        >
          {t[one]}
        </button>
      ))}
    </div>
  );
}

/** Which day and whose knowledge the table is of, where that is not today and everything. */
function Times(): JSX.Element | null {
  const t = text.value.table;
  const said = [
    isToday.value ? "" : t.onDay(dateIn(lang.value, isoOf(day.value))),
    known.value === null ? "" : t.asKnown(dateIn(lang.value, isoOf(known.value))),
  ].filter(Boolean);
  return said.length ? <p class="board-times">{said.join(" · ")}</p> : null;
}

function Body(): JSX.Element {
  const t = words.value;
  const state = chart.value;
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
      </main>
    );
  const withMap = mapShown.value && part.value === "table";
  return (
    <main class={`board${withMap ? " with-map" : ""}${selected.value ? " with-card" : ""}`}>
      <div class="board-main">
        <Tabs />
        <div
          role="tabpanel"
          id="board-part"
          aria-labelledby={`tab-${part.value}`}
          class={`part-${part.value}`}
        >
          {part.value === "table" ? (
            <>
              <Times />
              <Tools />
              <Table />
            </>
          ) : part.value === "attention" ? (
            <AttentionPart />
          ) : part.value === "compare" ? (
            <Compare />
          ) : part.value === "progress" ? (
            <ProgressPart />
          ) : part.value === "monthly" ? (
            <MonthlyPart />
          ) : (
            <Indicators />
          )}
        </div>
      </div>
      {withMap && <SheetPanel />}
      {selected.value && <Card key={selected.value} id={selected.value} />}
    </main>
  );
}

export function Page(): JSX.Element {
  useEffect(() => {
    addEventListener("keydown", onEscape);
    return () => removeEventListener("keydown", onEscape);
  }, []);
  useSignalEffect(() => {
    document.documentElement.lang = words.value.htmlLang;
    document.title = `${text.value.title} · ${words.value.titleName}`;
  });
  return (
    <>
      <Bar current="board" />
      <Notices />
      <Body />
    </>
  );
}
