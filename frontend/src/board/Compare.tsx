/** Two days, two days of knowledge, or what one document announced: what changed, as lists, on the map, on paper. */
import { signal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import {
  BESIDE,
  CHANGES,
  type ChangeEntry,
  type Comparison,
  type Listed,
  loadComparison,
} from "../data/planning";
import { addMonths, firstOfYear, isoOf, yearOf } from "../dates";
import { Failure } from "../panels/Failure";
import { MOST_MARKED } from "../state/address";
import { asProblem, catalogue, type Loaded, lang, today } from "../state/store";
import { nameIn } from "../text/words";
import { choosingSource, compareSource, progressWords } from "./asked";
import { CitedLine, Subject } from "./Cited";
import { csvOf } from "./csv";
import { choose, Documents, documentOf, lastReport, publishedOf, publisherOf, titleOf } from "./Documents";
import { Filtered, passed } from "./Filtered";
import { Credits, PaperHead } from "./Paper";
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
  const source = compareSource.value;
  const query = new URLSearchParams(source ? { source } : { from, to, by: compareBy.value });
  comparison.value = { status: "loading" };
  try {
    const value = await loadComparison(query, mine.signal);
    if (turn === mine) comparison.value = { status: "ready", value };
  } catch (error) {
    if (turn === mine) comparison.value = { status: "failed", problem: asProblem(error) };
  }
}

function take(from: string, to: string, by: "day" | "known"): void {
  compareSource.value = "";
  choosingSource.value = false;
  compareFrom.value = from;
  compareTo.value = to;
  compareBy.value = by;
}

function Presets(): JSX.Element {
  const t = progressWords.value.compare;
  const now = isoOf(today.value);
  const last = lastReport.value;
  return (
    // biome-ignore lint/a11y/useSemanticElements: buttons that belong together, not a form
    <div class="compare-presets" role="group" aria-label={t.presets}>
      <button
        type="button"
        class="button"
        onClick={() => take(isoOf(addMonths(today.value, -1)), now, "known")}
      >
        {t.monthAgo}
      </button>
      <button
        type="button"
        class="button"
        onClick={() => take(isoOf(firstOfYear(yearOf(today.value))), now, "day")}
      >
        {t.yearStart}
      </button>
      {last && (
        <button type="button" class="button" title={titleOf(last)} onClick={() => choose(last.id)}>
          {t.lastReport}
        </button>
      )}
      <button
        type="button"
        class="button"
        aria-expanded={choosingSource.value}
        onClick={() => {
          choosingSource.value = !choosingSource.value;
        }}
      >
        {t.source}
      </button>
    </div>
  );
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
    </div>
  );
}

/** The document that is looked at, and the way back to days. */
function Document(): JSX.Element {
  const t = progressWords.value.compare;
  const found = documentOf(compareSource.value);
  const address = found?.address;
  return (
    <p class="compare-document">
      {t.chosen}: <b>{found ? titleOf(found) : compareSource.value}</b>
      {found && ` · ${publisherOf(found)} · ${publishedOf(found)}`}
      {address && /^https?:\/\//.test(address) && (
        <>
          {" "}
          <a href={address} target="_blank" rel="noreferrer noopener">
            {t.open}
          </a>
        </>
      )}{" "}
      <button
        type="button"
        class="quiet"
        onClick={() => {
          compareSource.value = "";
        }}
      >
        {t.backToDays}
      </button>
    </p>
  );
}

interface Section {
  name: string;
  title: string;
  list: Listed<ChangeEntry>;
}

/** The lists in their order; what changed nothing comes last, where the service tells it. */
function sectionsOf(found: Comparison): Section[] {
  const t = progressWords.value.compare;
  const names = text.value.compare.lists;
  const beside = BESIDE.flatMap((name) => {
    const list = found[name];
    return list ? [{ name, title: t[name], list: passed(list) }] : [];
  });
  return [...CHANGES.map((name) => ({ name, title: names[name], list: passed(found[name]) })), ...beside];
}

/** The projects in which something changed, each once. */
function changedIds(found: Comparison): string[] {
  const ids = CHANGES.flatMap((name) => passed(found[name]).entries.map((entry) => entry.project?.id));
  return [...new Set(ids.filter((id): id is string => id !== undefined))].slice(0, MOST_MARKED);
}

/** Two days are compared on the map itself; what was known or told otherwise is marked there. */
function OnMap(props: { found: Comparison }): JSX.Element {
  const t = progressWords.value.compare;
  const [from, to] = days();
  const base = `lang=${lang.value}`;
  if (!compareSource.value && compareBy.value === "day")
    return (
      <a class="button" href={`/?a=${from}&b=${to}&${base}`}>
        {text.value.compare.onMap}
      </a>
    );
  const ids = changedIds(props.found);
  if (!ids.length) return <span class="lede">{t.markNothing}</span>;
  return (
    <a class="button" href={`/?${base}&mark=${ids.map(encodeURIComponent).join(",")}`}>
      {t.markOnMap(ids.length)}
    </a>
  );
}

function saveCsv(sections: readonly Section[]): void {
  const { columns, groups } = progressWords.value.compare;
  const zh = lang.value === "zh";
  const rows = sections.flatMap(({ title, list }) =>
    list.entries.map((entry) => [
      title,
      entry.group ? (groups[entry.group] ?? entry.group) : "",
      entry.project?.id ?? entry.indicator?.code ?? "",
      nameIn(lang.value, entry.project ?? entry.indicator ?? { name_zh: "", name_en: "" }),
      zh ? entry.words_zh : entry.words_en,
      (zh ? entry.said?.publisher_zh : entry.said?.publisher_en) ?? "",
      entry.said?.said_on ?? "",
      (zh ? entry.said?.quote_zh : entry.said?.quote_en) ?? "",
      entry.said?.claim ?? "",
      entry.group ?? "",
    ]),
  );
  const head = [
    columns.list,
    columns.group,
    columns.id,
    columns.name,
    columns.words,
    columns.publisher,
    columns.said,
    columns.quote,
    columns.claim,
    columns.code,
  ];
  const address = URL.createObjectURL(new Blob([csvOf([head, ...rows])], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `guatu-${compareSource.value || days().join("_")}.csv`;
  link.click();
  URL.revokeObjectURL(address);
}

function Result(props: { found: Comparison }): JSX.Element {
  const { found } = props;
  const t = progressWords.value.compare;
  const zh = lang.value === "zh";
  const sections = sectionsOf(found);
  return (
    <>
      <p class="compare-words">{zh ? found.words_zh : found.words_en}</p>
      <p class="compare-ways">
        <OnMap found={found} />
        <button type="button" class="button" onClick={() => window.print()}>
          {t.print}
        </button>
        <button type="button" class="button" title={t.csvPart} onClick={() => saveCsv(sections)}>
          {t.csv}
        </button>
      </p>
      <Filtered />
      {sections.map(({ name, title, list }) => (
        <section key={name} class="attention-list" aria-labelledby={`changes-${name}`}>
          <h3 id={`changes-${name}`}>
            {title} <b class="number">{list.at_least ? t.atLeast(list.count) : list.count}</b>
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
          {list.more && <p class="lede">{t.more}</p>}
        </section>
      ))}
      <Credits />
    </>
  );
}

export function Compare(): JSX.Element {
  const t = text.value.compare;
  useSignalEffect(() => {
    void [compareFrom.value, compareTo.value, compareBy.value, compareSource.value];
    if (catalogue.value) void fetchComparison();
  });
  const state = comparison.value;
  const source = compareSource.value;
  const found = source ? documentOf(source) : null;
  const title = source ? progressWords.value.compare.sourceTitle(found ? titleOf(found) : source) : t.title;
  return (
    <section class="paper-part" aria-labelledby="compare-title">
      <PaperHead />
      <h2 id="compare-title">{title}</h2>
      <Presets />
      <Documents />
      {source ? <Document /> : <Days />}
      {state.status === "loading" && <p role="status">{t.loading}</p>}
      {state.status === "failed" && (
        <Failure title={t.failed} problem={state.problem} onRetry={() => void fetchComparison()} />
      )}
      {state.status === "ready" && <Result found={state.value} />}
    </section>
  );
}
