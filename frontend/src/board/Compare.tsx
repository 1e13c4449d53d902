/** Two days, or two days of knowledge, compared: what changed between them, as lists. */
import { signal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { CHANGES, type Comparison, loadComparison } from "../data/planning";
import { addMonths, isoOf } from "../dates";
import { Failure } from "../panels/Failure";
import { asProblem, catalogue, type Loaded, lang, today } from "../state/store";
import { CitedLine, Subject } from "./Cited";
import { compareBy, compareFrom, compareTo, text } from "./table";

const comparison = signal<Loaded<Comparison>>({ status: "loading" });
const MONTHS_BACK = 12;

let turn: AbortController | null = null;

/** The days as asked; a year back and today where nobody chose. */
function days(): [string, string] {
  const to = compareTo.value || isoOf(today.value);
  const from = compareFrom.value || isoOf(addMonths(today.value, -MONTHS_BACK));
  return [from, to];
}

async function fetchComparison(): Promise<void> {
  turn?.abort();
  const mine = new AbortController();
  turn = mine;
  const [from, to] = days();
  comparison.value = { status: "loading" };
  try {
    const value = await loadComparison(new URLSearchParams({ from, to, by: compareBy.value }), mine.signal);
    if (turn === mine) comparison.value = { status: "ready", value };
  } catch (error) {
    if (turn === mine) comparison.value = { status: "failed", problem: asProblem(error) };
  }
}

function Days(): JSX.Element {
  const t = text.value.compare;
  const [from, to] = days();
  return (
    <div class="compare-days">
      <label>
        {t.from}{" "}
        <input
          type="date"
          value={from}
          onChange={(event) => {
            compareFrom.value = event.currentTarget.value;
          }}
        />
      </label>
      <label>
        {t.to}{" "}
        <input
          type="date"
          value={to}
          onChange={(event) => {
            compareTo.value = event.currentTarget.value;
          }}
        />
      </label>
      <fieldset>
        <legend class="only-heard">{t.by}</legend>
        {(["day", "known"] as const).map((by) => (
          <label key={by}>
            <input
              type="radio"
              name="compare-by"
              checked={compareBy.value === by}
              onChange={() => {
                compareBy.value = by;
              }}
            />{" "}
            {t.bys[by]}
          </label>
        ))}
      </fieldset>
      <a class="button" href={`/?a=${from}&b=${to}&lang=${lang.value}`}>
        {t.onMap}
      </a>
    </div>
  );
}

export function Compare(): JSX.Element {
  const t = text.value.compare;
  useSignalEffect(() => {
    void [compareFrom.value, compareTo.value, compareBy.value, catalogue.value?.revision];
    if (catalogue.value) void fetchComparison();
  });
  const state = comparison.value;
  const zh = lang.value === "zh";
  return (
    <section aria-labelledby="compare-title">
      <h2 id="compare-title">{t.title}</h2>
      <Days />
      {state.status === "loading" && <p role="status">{t.loading}</p>}
      {state.status === "failed" && (
        <Failure title={t.failed} problem={state.problem} onRetry={() => void fetchComparison()} />
      )}
      {state.status === "ready" && (
        <>
          <p>{zh ? state.value.words_zh : state.value.words_en}</p>
          {CHANGES.map((name) => {
            const list = state.value[name];
            return (
              <section key={name} class="attention-list" aria-labelledby={`changes-${name}`}>
                <h3 id={`changes-${name}`}>
                  {t.lists[name]} <b class="number">{list.count}</b>
                </h3>
                <p class="lede">{zh ? list.words_zh : list.words_en}</p>
                <ul>
                  {list.entries.map((entry, i) => (
                    <li key={`${entry.project?.id ?? entry.indicator?.code}-${i}`}>
                      <Subject project={entry.project} indicator={entry.indicator} />
                      <p>{zh ? entry.words_zh : entry.words_en}</p>
                      <CitedLine said={entry.said} />
                    </li>
                  ))}
                </ul>
              </section>
            );
          })}
        </>
      )}
    </section>
  );
}
