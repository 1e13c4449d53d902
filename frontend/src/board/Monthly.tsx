/** The monthly page: what became known in a month, each fact with its source; for the screen and for A4. */
import { signal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { type ChangeEntry, type Cited, LISTS } from "../data/planning";
import type { SourceCounted } from "../data/sources";
import { dayOf, isoOf } from "../dates";
import { Failure } from "../panels/Failure";
import { asProblem, catalogue, type Loaded, lang, today } from "../state/store";
import { dateIn, nameIn } from "../text/words";
import { month, progressWords, stale } from "./asked";
import { CitedLine, Subject } from "./Cited";
import { publisherOf, titleOf } from "./Documents";
import {
  apart,
  lastMonth,
  type Month,
  type MonthFault,
  monthText,
  phaseRows,
  readMonth,
  stepMonth,
} from "./month";
import { loadReport, type Report } from "./monthly-report";
import { Credits, PaperHead } from "./Paper";
import { STACK_ORDER } from "./scales";
import { text } from "./table";

const report = signal<Loaded<Report>>({ status: "loading" });
let turn = 0;

const asked = (): string => month.value || lastMonth(today.value);
const read = (): Month | MonthFault =>
  readMonth(asked(), dayOf(catalogue.value!.area.days.from), today.value);

async function fetchReport(): Promise<void> {
  const mine = ++turn;
  const wanted = read();
  if (typeof wanted === "string") return;
  report.value = { status: "loading" };
  try {
    const value = await loadReport(wanted, stale.value);
    if (mine === turn) report.value = { status: "ready", value };
  } catch (error) {
    if (mine === turn) report.value = { status: "failed", problem: asProblem(error) };
  }
}

function Picker(): JSX.Element {
  const t = progressWords.value.month;
  const found = read();
  const { days } = catalogue.value!.area;
  const now = monthText(today.value);
  const at = typeof found === "string" ? null : found.text;
  const go = (to: string): void => {
    month.value = to;
  };
  return (
    <div class="month-picker">
      <button
        type="button"
        class="button"
        disabled={!at || at <= days.from.slice(0, 7)}
        onClick={() => at && go(stepMonth(at, -1))}
      >
        ← {t.previous}
      </button>
      <label>
        {t.month}{" "}
        <input
          type="month"
          value={at ?? ""}
          min={days.from.slice(0, 7)}
          max={now}
          onChange={(event) => {
            if (event.currentTarget.value) go(event.currentTarget.value);
          }}
        />
      </label>
      <button
        type="button"
        class="button"
        disabled={!at || at >= now}
        onClick={() => at && go(stepMonth(at, 1))}
      >
        {t.next} →
      </button>
      <button type="button" class="button" disabled={!at} onClick={() => window.print()}>
        {t.print}
      </button>
    </div>
  );
}

/** The number under which a source stands at the end. */
function Ref(props: { source: string; of: Report }): JSX.Element | null {
  const n = props.of.numbers.get(props.source);
  if (!n) return null;
  return (
    <a class="ref" href={`#source-${n}`} aria-label={progressWords.value.month.ref(n)}>
      [{n}]
    </a>
  );
}

/** What happened, and can have happened long ago. */
const OF_EVENTS = ["done", "phases"] as const;
/** What is told of a day that can be long past. */
const OF_DAYS: readonly string[] = [...OF_EVENTS, "new_promises"];

interface Fact {
  project: Parameters<typeof Subject>[0]["project"];
  indicator: Parameters<typeof Subject>[0]["indicator"];
  words: string;
  said: Cited | null;
}

function Facts(props: {
  id: string;
  title: string;
  says?: string;
  facts: Fact[];
  count: number;
  of: Report;
}): JSX.Element {
  const { id, title, says, facts, count, of } = props;
  const t = progressWords.value;
  return (
    <section class="month-facts" aria-labelledby={`month-${id}`}>
      <h3 id={`month-${id}`}>
        {title} <b class="number">{count}</b>
      </h3>
      {says && <p class="lede">{says}</p>}
      {!facts.length && <p>{t.month.none}</p>}
      <ul>
        {facts.map((fact, i) => (
          <li key={i}>
            <Subject project={fact.project} indicator={fact.indicator} />
            <p>
              {fact.words} {fact.said && <Ref source={fact.said.source} of={of} />}
            </p>
            <CitedLine said={fact.said} />
          </li>
        ))}
      </ul>
      {count > facts.length && <p class="lede">{t.compare.more}</p>}
    </section>
  );
}

/** Those spoken of for the first time are many at once: names, each with the number of its source. */
function NewProjects(props: { of: Report }): JSX.Element {
  const { of } = props;
  const t = progressWords.value;
  const list = of.comparison.new_projects;
  return (
    <section class="month-facts" aria-labelledby="month-new">
      <h3 id="month-new">
        {t.month.newProjects} <b class="number">{list.count}</b>
      </h3>
      {!list.count && <p>{t.month.none}</p>}
      <ul class="month-names">
        {list.entries.map((entry) => (
          <li key={entry.project?.id}>
            <Subject project={entry.project} indicator={null} />
            {entry.said && <Ref source={entry.said.source} of={of} />}
          </li>
        ))}
      </ul>
      {list.more && <p class="lede">{t.compare.more}</p>}
    </section>
  );
}

const signed = (n: number): string => (n > 0 ? `+${n}` : `−${-n}`);

function Phases(props: { of: Report }): JSX.Element {
  const { of } = props;
  const t = progressWords.value.month;
  const { kinds, phases } = catalogue.value!;
  const rows = phaseRows(
    kinds.map((kind) => kind.id),
    of.phases,
    of.phasesBefore,
  );
  const shown = STACK_ORDER.filter((phase) => rows.some((row) => row.cells.get(phase)));
  const cell = (n: number, change: number): string => (change ? `${n} (${signed(change)})` : String(n));
  const total = (phase: (typeof shown)[number]): string => {
    const all = rows.flatMap((row) => row.cells.get(phase) ?? []);
    const sum = (name: "n" | "change"): number => all.reduce((value, one) => value + one[name], 0);
    return cell(sum("n"), sum("change"));
  };
  const zh = lang.value === "zh";
  return (
    <div class="month-phases">
      <h3 id="month-phases">{t.phases}</h3>
      <p class="lede">{t.phasesSays(dateIn(lang.value, isoOf(of.month.last)))}</p>
      {/* biome-ignore lint/a11y/useSemanticElements: a place to scroll in, named by what it holds */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard must scroll it */}
      <div class="chart-table" role="region" aria-labelledby="month-phases" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.kind}</th>
              {shown.map((phase) => (
                <th key={phase} scope="col" class="amount">
                  {nameIn(lang.value, phases.find((one) => one.id === phase)!)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.kind}>
                <th scope="row">{nameIn(lang.value, kinds.find((one) => one.id === row.kind)!)}</th>
                {shown.map((phase) => {
                  const found = row.cells.get(phase);
                  return (
                    <td key={phase} class="amount">
                      {found ? cell(found.n, found.change) : ""}
                    </td>
                  );
                })}
              </tr>
            ))}
            <tr>
              <th scope="row">{t.total}</th>
              {shown.map((phase) => (
                <td key={phase} class="amount">
                  {total(phase)}
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
      <ul class="left-out">
        {of.leftOut.slice(0, 1).map((one) => (
          <li key={one.en}>
            {progressWords.value.without(progressWords.value.counted(zh ? one.zh : one.en, one.n))}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Counts(props: { of: Report }): JSX.Element {
  const { attention } = props.of;
  const t = progressWords.value;
  const zh = lang.value === "zh";
  return (
    <section class="month-counts" aria-labelledby="month-attention">
      <h3 id="month-attention">{t.month.attention}</h3>
      <dl>
        {LISTS.map((name) => {
          const list = attention[name];
          return (
            <div key={name}>
              <dt>
                {name === "stale"
                  ? t.attention.stale(attention.stale_months)
                  : text.value.attention.lists[name]}{" "}
                <b class="number">{list.at_least ? t.compare.atLeast(list.count) : list.count}</b>
              </dt>
              <dd>{zh ? list.words_zh : list.words_en}</dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}

function SourceItem(props: { one: SourceCounted; n: number }): JSX.Element {
  const { one, n } = props;
  const t = progressWords.value.month;
  const when = one.published
    ? dateIn(lang.value, one.published)
    : t.retrieved(dateIn(lang.value, one.retrieved_on));
  return (
    <li id={`source-${n}`} value={n}>
      {publisherOf(one)} · {titleOf(one)} · {when} · {t.source(one.claims)}
      {one.address && (
        <>
          <br />
          {/^https?:\/\//.test(one.address) ? (
            <a href={one.address} target="_blank" rel="noreferrer noopener">
              {one.address}
            </a>
          ) : (
            one.address
          )}
        </>
      )}
    </li>
  );
}

function Sources(props: { of: Report }): JSX.Element {
  const { heard, earlier, numbers } = props.of;
  const t = progressWords.value.month;
  const items = (list: SourceCounted[]): JSX.Element => (
    <ol class="month-sources">
      {list.map((one) => (
        <SourceItem key={one.id} one={one} n={numbers.get(one.id) ?? 0} />
      ))}
    </ol>
  );
  return (
    <section aria-labelledby="month-sources">
      <h3 id="month-sources">
        {t.sources} <b class="number">{heard.length}</b>
      </h3>
      <p class="lede">{t.sourcesSays}</p>
      {heard.length ? items(heard) : <p>{t.none}</p>}
      {earlier.length > 0 && (
        <>
          <h4>{t.earlier}</h4>
          {items(earlier)}
        </>
      )}
    </section>
  );
}

function Written(props: { of: Report }): JSX.Element {
  const { of } = props;
  const { comparison, attention } = of;
  const t = progressWords.value.month;
  const zh = lang.value === "zh";
  const day = (value: number): string => dateIn(lang.value, isoOf(value));
  const worded = (entries: readonly ChangeEntry[]): Fact[] =>
    entries.map((entry) => ({ ...entry, words: zh ? entry.words_zh : entry.words_en }));
  const facts = (
    name: "phases" | "done" | "new_promises" | "moved_promises" | "figures",
    title: string,
  ): JSX.Element => {
    const list = comparison[name];
    const { recent, older } = OF_DAYS.includes(name)
      ? apart(list.entries, of.month)
      : { recent: list.entries, older: [] };
    return (
      <Facts
        id={`said-${name}`}
        title={title}
        says={zh ? list.words_zh : list.words_en}
        facts={worded(recent)}
        count={list.count - older.length}
        of={of}
      />
    );
  };
  const [reached, passed] = OF_EVENTS.map((name) => apart(comparison[name].entries, of.month).older);
  const inReached = new Set(reached.map((entry) => entry.project?.id));
  // A phase that follows from a milestone told here is no second event.
  const older = [...reached, ...passed.filter((entry) => !inReached.has(entry.project?.id))];
  const lapsed = apart(comparison.new_promises.entries, of.month).older;
  const longPast = (id: string, title: string, says: string, entries: ChangeEntry[]): JSX.Element | null =>
    entries.length ? (
      <Facts id={id} title={title} says={says} facts={worded(entries)} count={entries.length} of={of} />
    ) : null;
  const due = (id: string, title: string, entries: Report["dueNext"], until: number): JSX.Element => (
    <Facts
      id={id}
      title={title}
      says={t.dueSays(day(until))}
      facts={entries.map((entry) => ({ ...entry, words: zh ? entry.reason_zh : entry.reason_en }))}
      count={entries.length}
      of={of}
    />
  );
  return (
    <>
      {!of.month.over && <p class="month-note">{t.running(day(of.month.last))}</p>}
      {of.heard.length ? (
        <p class="compare-words">
          {zh ? comparison.words_zh : comparison.words_en}
          {older.length > 0 && t.olderOf(reached.length, passed.length)}
          {lapsed.length > 0 && t.lapsedOf(lapsed.length, older.length > 0)}
        </p>
      ) : (
        <p class="compare-words month-nothing">{t.nothing}</p>
      )}
      <p class="lede">{t.method(day(of.month.before), day(of.month.last))}</p>
      {of.heard.length > 0 && (
        <>
          {facts("done", t.done)}
          {facts("phases", t.changed)}
          {facts("new_promises", t.newPromises)}
          {facts("moved_promises", t.movedPromises)}
          {longPast("said-lapsed", t.lapsed, t.lapsedSays, lapsed)}
          {longPast("said-older", t.older, t.olderSays, older)}
        </>
      )}
      <Phases of={of} />
      {due("due-next", t.dueNext, of.dueNext, of.nextEnd)}
      {due("due-soon", t.dueSoon, of.dueSoon, of.month.last + 90)}
      {attention.due.more && <p class="lede">{progressWords.value.compare.more}</p>}
      <Counts of={of} />
      {of.heard.length > 0 && (
        <>
          {facts("figures", t.figures)}
          <NewProjects of={of} />
          <p class="lede">{t.rest(comparison.repeated?.count ?? 0, comparison.other?.count ?? 0)}</p>
        </>
      )}
      <Sources of={of} />
      <Credits />
    </>
  );
}

/** What is wrong with the month that was asked for, and what to ask for instead. */
function Fault(props: { fault: MonthFault }): JSX.Element {
  const { faults } = progressWords.value.month;
  const typed = asked().slice(0, 40);
  const day = (iso: string): string => dateIn(lang.value, iso);
  const words =
    props.fault === "too-early"
      ? faults["too-early"](typed, day(catalogue.value!.area.days.from))
      : props.fault === "ahead"
        ? faults.ahead(typed, day(isoOf(today.value)))
        : faults["not-a-month"](typed);
  return (
    <p class="failure" role="alert">
      {words}
    </p>
  );
}

export function MonthlyPart(): JSX.Element {
  const t = progressWords.value.month;
  useSignalEffect(() => {
    void [month.value, stale.value, catalogue.value?.revision];
    if (catalogue.value) void fetchReport();
  });
  const found = read();
  const state = report.value;
  if (typeof found === "string")
    return (
      <section class="paper-part monthly" aria-label={text.value.parts.monthly}>
        <Picker />
        <Fault fault={found} />
      </section>
    );
  const { area, revision } = catalogue.value!;
  return (
    <section class="paper-part monthly" aria-labelledby="monthly-title">
      <PaperHead />
      <Picker />
      <h2 id="monthly-title">{t.title(nameIn(lang.value, area), dateIn(lang.value, found.text))}</h2>
      <p class="lede">{t.made(dateIn(lang.value, isoOf(today.value)), revision)}</p>
      {state.status === "loading" && <p role="status">{t.loading}</p>}
      {state.status === "failed" && (
        <Failure title={t.failed} problem={state.problem} onRetry={() => void fetchReport()} />
      )}
      {state.status === "ready" && <Written of={state.value} />}
    </section>
  );
}
