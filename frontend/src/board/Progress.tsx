/** How far things came: phases over time, planned against actual, and how promised dates moved. */
import { signal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { loadProgress, type Progress } from "../data/progress";
import { firstOfYear, isoOf, yearOf } from "../dates";
import { Failure } from "../panels/Failure";
import {
  asProblem,
  catalogue,
  kindsOn,
  known,
  type Loaded,
  lang,
  nameOf,
  projects,
  today,
} from "../state/store";
import { dateIn } from "../text/words";
import { measure, PERS, type Per, per, progressWords, spanFrom, spanTo, unstated, whole } from "./asked";
import { monthText } from "./month";
import { Credits, PaperHead } from "./Paper";
import { PhaseChart } from "./PhaseChart";
import { PlanChart } from "./PlanChart";
import { SlipChart } from "./SlipChart";
import { MEASURES, type Measure } from "./scales";
import { Kinds } from "./Tools";

const progress = signal<Loaded<Progress>>({ status: "loading" });
/** So many years back and ahead are shown where nobody chose. */
const YEARS_BACK = 6;
const YEARS_AHEAD = 3;

/** The first and the last month, as asked or as usual within the days of the area. */
function months(): [string, string] {
  const { days } = catalogue.value!.area;
  const year = yearOf(today.value);
  const [from, to] = [firstOfYear(year - YEARS_BACK), firstOfYear(year + YEARS_AHEAD + 1) - 1].map(monthText);
  const [first, last] = [days.from.slice(0, 7), days.to.slice(0, 7)];
  return [spanFrom.value || (from < first ? first : from), spanTo.value || (to > last ? last : to)];
}

let turn: AbortController | null = null;

async function fetchProgress(): Promise<void> {
  turn?.abort();
  const mine = new AbortController();
  turn = mine;
  const [from, to] = months();
  const query = new URLSearchParams({ step: per.value, from, to });
  if (known.value !== null) query.set("known", isoOf(known.value));
  if (kindsOn.value) query.set("kind", [...kindsOn.value].join(","));
  if (whole.value) query.set("parent", whole.value);
  if (progress.peek().status !== "ready") progress.value = { status: "loading" };
  try {
    const value = await loadProgress(query, mine.signal);
    if (turn === mine) progress.value = { status: "ready", value };
  } catch (error) {
    if (turn === mine) progress.value = { status: "failed", problem: asProblem(error) };
  }
}

const noKinds = (): boolean => kindsOn.value !== null && !kindsOn.value.size;

function Choices(): JSX.Element {
  const t = progressWords.value;
  const [from, to] = months();
  const { days } = catalogue.value!.area;
  const parents = new Set(projects.value.map((one) => one.properties.parent));
  const wholes = projects.value.filter((one) => parents.has(one.id));
  const monthField = (label: string, value: string, take: (value: string) => void): JSX.Element => (
    <label>
      {label}{" "}
      <input
        type="month"
        value={value}
        min={days.from.slice(0, 7)}
        max={days.to.slice(0, 7)}
        onChange={(event) => take(event.currentTarget.value)}
      />
    </label>
  );
  return (
    <div class="chart-choices">
      <label>
        {t.measure}{" "}
        <select
          value={measure.value}
          onChange={(event) => {
            measure.value = event.currentTarget.value as Measure;
          }}
        >
          {MEASURES.map((one) => (
            <option key={one} value={one}>
              {t.measures[one]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t.per}{" "}
        <select
          value={per.value}
          onChange={(event) => {
            per.value = event.currentTarget.value as Per;
          }}
        >
          {PERS.map((one) => (
            <option key={one} value={one}>
              {t.pers[one]}
            </option>
          ))}
        </select>
      </label>
      {monthField(t.from, from, (value) => {
        spanFrom.value = value;
      })}
      {monthField(t.to, to, (value) => {
        spanTo.value = value;
      })}
      <Kinds />
      <label>
        {t.whole}{" "}
        <select
          value={whole.value}
          onChange={(event) => {
            whole.value = event.currentTarget.value;
          }}
        >
          <option value="">{t.anyWhole}</option>
          {wholes.map((one) => (
            <option key={one.id} value={one.id}>
              {nameOf(one)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          checked={unstated.value}
          onChange={(event) => {
            unstated.value = event.currentTarget.checked;
          }}
        />{" "}
        {t.unstated}
      </label>
    </div>
  );
}

export function ProgressPart(): JSX.Element {
  const t = progressWords.value;
  useSignalEffect(() => {
    void [per.value, spanFrom.value, spanTo.value, whole.value, known.value, kindsOn.value];
    if (catalogue.value && !noKinds()) void fetchProgress();
  });
  const state = progress.value;
  return (
    <section class="paper-part" aria-labelledby="progress-title">
      <PaperHead />
      <h2 id="progress-title">{t.title}</h2>
      <p class="lede">{t.lede}</p>
      {known.value !== null && <p class="lede">{t.asKnown(dateIn(lang.value, isoOf(known.value)))}</p>}
      <Choices />
      {noKinds() ? (
        <p role="status">{t.noKinds}</p>
      ) : (
        <>
          {state.status === "loading" && <p role="status">{t.loading}</p>}
          {state.status === "failed" && (
            <Failure title={t.failed} problem={state.problem} onRetry={() => void fetchProgress()} />
          )}
          {state.status === "ready" && (
            <>
              <PhaseChart progress={state.value} />
              <PlanChart progress={state.value} />
              <SlipChart progress={state.value} />
              <Credits />
            </>
          )}
        </>
      )}
    </section>
  );
}
