/** What a planner must look at first: six lists, each a count that opens it, each entry with why. */
import { signal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { type Attention, LISTS, type ListName, loadAttention } from "../data/planning";
import { isoOf } from "../dates";
import { Failure } from "../panels/Failure";
import { asProblem, catalogue, known, type Loaded, lang } from "../state/store";
import { progressWords, STALE_MONTHS, stale } from "./asked";
import { CitedLine, Subject } from "./Cited";
import { attentionList, part, text } from "./table";

const attention = signal<Loaded<Attention>>({ status: "loading" });

let turn = 0;

async function fetchAttention(asKnown: string | null): Promise<void> {
  const mine = ++turn;
  try {
    const value = await loadAttention(asKnown, stale.value);
    if (mine === turn) attention.value = { status: "ready", value };
  } catch (error) {
    if (mine === turn) attention.value = { status: "failed", problem: asProblem(error) };
  }
}

const again = (): Promise<void> => fetchAttention(known.value === null ? null : isoOf(known.value));

const countOf = (list: { count: number; at_least: boolean }): string =>
  list.at_least ? text.value.attention.atLeast(list.count) : String(list.count);

const listName = (name: ListName, all: Attention): string =>
  name === "stale" ? progressWords.value.attention.stale(all.stale_months) : text.value.attention.lists[name];

/** After how long a silence a project is listed. */
function Silence(): JSX.Element {
  const t = progressWords.value.attention;
  const isUsual = STALE_MONTHS.some((months) => String(months) === stale.value);
  return (
    <label class="silence">
      {t.months}{" "}
      <select
        value={stale.value}
        onChange={(event) => {
          stale.value = event.currentTarget.value;
        }}
      >
        {!isUsual && <option value={stale.value}>{stale.value}</option>}
        {STALE_MONTHS.map((months) => (
          <option key={months} value={String(months)}>
            {t.monthsOf(months)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The counts: each opens its list. */
export function Tiles(): JSX.Element | null {
  const t = text.value.attention;
  useSignalEffect(() => {
    void [known.value, catalogue.value?.revision, stale.value];
    void again();
  });
  const state = attention.value;
  if (state.status !== "ready") return null;
  return (
    <ul class="tiles" aria-label={t.title}>
      {LISTS.map((name) => (
        <li key={name}>
          <button
            type="button"
            class={`tile of-${name}`}
            aria-pressed={part.value === "attention" && attentionList.value === name}
            onClick={() => {
              part.value = "attention";
              attentionList.value = name;
            }}
          >
            <b>{countOf(state.value[name])}</b>
            <span>{listName(name, state.value)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function List(props: { name: ListName; all: Attention }): JSX.Element {
  const { name, all } = props;
  const t = text.value.attention;
  const list = all[name];
  const zh = lang.value === "zh";
  return (
    <section class="attention-list" aria-labelledby="attention-name">
      <h2 id="attention-name">
        {listName(name, all)} <b class="number">{countOf(list)}</b>
      </h2>
      <p class="lede">{zh ? list.words_zh : list.words_en}</p>
      {!list.entries.length && <p class="lede">{t.none}</p>}
      <ul>
        {list.entries.map((entry, i) => (
          <li key={`${entry.project?.id ?? entry.indicator?.code}-${i}`}>
            <Subject project={entry.project} indicator={entry.indicator} />
            <p>{zh ? entry.reason_zh : entry.reason_en}</p>
            <CitedLine said={entry.said} />
            <CitedLine said={entry.beside} />
          </li>
        ))}
      </ul>
      {list.more && <p class="lede">{t.more}</p>}
    </section>
  );
}

export function AttentionPart(): JSX.Element {
  const t = text.value.attention;
  const state = attention.value;
  return (
    <>
      <Tiles />
      <Silence />
      {state.status === "loading" && <p role="status">{t.loading}</p>}
      {state.status === "failed" && (
        <Failure title={t.failed} problem={state.problem} onRetry={() => void again()} />
      )}
      {state.status === "ready" && <List name={attentionList.value} all={state.value} />}
    </>
  );
}
