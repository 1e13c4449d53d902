/** Planned against actual: a row for each milestone, with what was promised, what happened, how far apart. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { PlanEntry, Progress, Said } from "../data/progress";
import { type Day, dayOf } from "../dates";
import { Commitment } from "../panels/signs";
import { catalogue, lang } from "../state/store";
import { dateIn, nameIn } from "../text/words";
import { progressWords } from "./asked";
import { ChartFrame, type Point, Points, type Table, useWidth } from "./chart-parts";
import { openClaim } from "./claim";
import { linear, type Scale, yearsRound, yearTicks } from "./scales";

const ROW = 34;
const MIDDLE = 17;
const EDGE = 8;
const LEAST_PX = 6;
const POINT_PX = 24;
const FIRST = 30;

const commitmentName = (id: string): string => {
  const found = catalogue.value!.commitments.find((one) => one.id === id);
  return found ? nameIn(lang.value, found) : id;
};
const nameOf = (entry: PlanEntry): string => nameIn(lang.value, entry.project);
const wordsOf = (told: { words_zh: string; words_en: string }): string =>
  lang.value === "zh" ? told.words_zh : told.words_en;

const lastDay = (said: Said): Day => dayOf(said.due.latest ?? said.said_latest);
const firstDay = (said: Said): Day => (said.due.earliest ? dayOf(said.due.earliest) : lastDay(said));

/** How far from its promise: in the words of the service, and for what is open how long it still is. */
function apart(entry: PlanEntry, known: Day): string {
  const t = progressWords.value.plan;
  const said = [wordsOf(entry)];
  if (entry.outcome === "open") {
    const left = lastDay(entry.current) - known;
    said.push(left > 0 ? t.left(left) : left < 0 ? t.passed(-left) : t.today);
  }
  if (entry.disputed) said.push(t.disputed);
  return said.join(lang.value === "zh" ? "；" : "; ");
}

function Strip(props: { entry: PlanEntry; x: Scale; width: number; known: Day; years: Day[] }): JSX.Element {
  const { entry, x, width, known, years } = props;
  const t = progressWords.value.plan;
  const spans = entry.history.map((said) => {
    const left = x(firstDay(said));
    return { said, left, width: Math.max(LEAST_PX, x(lastDay(said) + 1) - left) };
  });
  const { actual } = entry;
  const happened = actual?.latest ? dayOf(actual.latest) : null;
  const begun = actual?.earliest ? dayOf(actual.earliest) : happened;
  const current = spans[spans.length - 1];
  const end = current.left + current.width;
  // What is open is so up to now; what was reached without anybody telling when, up to what shows it.
  const seen = entry.reached?.latest ? dayOf(entry.reached.latest) : null;
  const until = entry.outcome === "open" ? known : seen;
  const points: Point[] = spans.map(({ said, left, width: wide }, i) => ({
    key: `${said.due.claim}-${i}`,
    label: `${nameOf(entry)}: ${t.saidThen(dateIn(lang.value, said.said_on), wordsOf(said.due))}, ${commitmentName(said.commitment)}`,
    left: left + Math.min(0, wide - POINT_PX) / 2,
    top: 2,
    width: Math.max(POINT_PX, wide),
    height: ROW - 4,
    onPress: (event) => openClaim(event, entry.project.id, said.due.claim),
  }));
  if (actual && happened !== null)
    points.push({
      key: "actual",
      label: `${nameOf(entry)}: ${t.happened(wordsOf(actual))}`,
      left: x(happened) - POINT_PX / 2,
      top: 2,
      width: POINT_PX,
      height: ROW - 4,
      onPress: (event) => openClaim(event, entry.project.id, actual.claim),
    });
  const { reached } = entry;
  if (reached && seen !== null)
    points.push({
      key: "reached",
      label: `${nameOf(entry)}: ${t.reached(wordsOf(reached))}`,
      left: x(seen) - POINT_PX / 2,
      top: 2,
      width: POINT_PX,
      height: ROW - 4,
      onPress: (event) => openClaim(event, entry.project.id, reached.claim),
    });
  return (
    <div class="drawing strip">
      <svg viewBox={`0 0 ${width} ${ROW}`} width="100%" aria-hidden="true">
        {years.map((day) => (
          <line key={day} class="grid-line" x1={x(day)} x2={x(day)} y1={0} y2={ROW} />
        ))}
        <line class="now" x1={x(known)} x2={x(known)} y1={0} y2={ROW} />
        {until !== null && x(until) > end && (
          <line class="plan-open" x1={end} x2={x(until)} y1={MIDDLE} y2={MIDDLE} />
        )}
        {seen !== null && <circle class="plan-reached" cx={x(seen)} cy={MIDDLE} r={4} />}
        {spans.map(({ said, left, width: wide }, i) => (
          <rect
            key={`${said.due.claim}-${i}`}
            class={i === spans.length - 1 ? "plan-current" : "plan-earlier"}
            x={left}
            y={i === spans.length - 1 ? MIDDLE - 6 : MIDDLE - 4}
            width={wide}
            height={i === spans.length - 1 ? 12 : 8}
            rx={2}
          />
        ))}
        {happened !== null && begun !== null && (
          <>
            <line class="plan-actual" x1={x(begun)} x2={x(happened)} y1={MIDDLE} y2={MIDDLE} />
            <circle class="plan-actual" cx={x(happened)} cy={MIDDLE} r={5} />
          </>
        )}
      </svg>
      <Points points={points} size={[width, ROW]} label={nameOf(entry)} start={spans.length - 1} />
    </div>
  );
}

function Row(props: { entry: PlanEntry; x: Scale; width: number; known: Day; years: Day[] }): JSX.Element {
  const { entry } = props;
  const t = progressWords.value.plan;
  const code = catalogue.value!.commitments.find((one) => one.id === entry.current.commitment)?.code ?? 0;
  return (
    <li class="plan-row">
      <p class="plan-name">
        <button
          type="button"
          class="subject"
          onClick={(event) => openClaim(event, entry.project.id, entry.current.due.claim)}
        >
          {nameOf(entry)}
        </button>{" "}
        <span>{nameIn(lang.value, entry.milestone)}</span>
      </p>
      <Strip {...props} />
      <p class="plan-words">
        <span>{t.saidThen(dateIn(lang.value, entry.current.said_on), wordsOf(entry.current.due))}</span>{" "}
        <Commitment level={code} word={commitmentName(entry.current.commitment)} />{" "}
        <span>{apart(entry, props.known)}</span>
      </p>
    </li>
  );
}

function Key(): JSX.Element {
  const { key } = progressWords.value.plan;
  const sign = (inside: JSX.Element): JSX.Element => (
    <svg width="26" height="14" viewBox="0 0 26 14" aria-hidden="true">
      {inside}
    </svg>
  );
  return (
    <ul class="chart-key">
      <li>
        {sign(<rect class="plan-current" x="1" y="1" width="24" height="12" rx="2" />)} {key.current}
      </li>
      <li>
        {sign(<rect class="plan-earlier" x="1" y="3" width="24" height="8" rx="2" />)} {key.earlier}
      </li>
      <li>
        {sign(<circle class="plan-actual" cx="13" cy="7" r="5" />)} {key.actual}
      </li>
      <li>
        {sign(<line class="plan-open" x1="1" x2="25" y1="7" y2="7" />)} {key.open}
      </li>
      <li>
        {sign(<circle class="plan-reached" cx="13" cy="7" r="4" />)} {key.reached}
      </li>
    </ul>
  );
}

function Rows(props: { entries: readonly PlanEntry[]; known: Day }): JSX.Element {
  const { entries, known } = props;
  const [host, width] = useWidth(900);
  const [most, setMost] = useState(FIRST);
  const days = entries.flatMap((entry) => [
    ...entry.history.flatMap((said) => [firstDay(said), lastDay(said)]),
    ...[entry.actual?.latest, entry.reached?.latest].flatMap((iso) => (iso ? [dayOf(iso)] : [])),
  ]);
  const [from, to] = yearsRound(days, known);
  const x = linear([from, to], [EDGE, width - EDGE]);
  const ticks = yearTicks(from, to, width / 60);
  const years = ticks.map((tick) => tick.day);
  const left = entries.length - most;
  return (
    <>
      <Key />
      <div ref={host} class="plan-head">
        <svg viewBox={`0 0 ${width} 18`} width="100%" aria-hidden="true">
          {ticks.map((tick) => (
            <text key={tick.year} class="tick" x={x(tick.day) + 3} y={13}>
              {tick.day < to && tick.year}
            </text>
          ))}
        </svg>
      </div>
      <ol class="plan-rows">
        {entries.slice(0, most).map((entry) => (
          <Row
            key={`${entry.project.id} ${entry.milestone.code}`}
            entry={entry}
            x={x}
            width={width}
            known={known}
            years={years}
          />
        ))}
      </ol>
      {left > 0 && (
        <button type="button" class="button" onClick={() => setMost(entries.length)}>
          {progressWords.value.plan.more(left)}
        </button>
      )}
    </>
  );
}

/** Every promise on a line of its own, so that the numbers behind the drawing are all there. */
function tableOf(entries: readonly PlanEntry[], known: Day): Table {
  const t = progressWords.value.plan;
  return {
    head: [t.project, t.milestone, t.said, t.promised, t.commitment, t.actual, t.apart],
    rows: entries.flatMap((entry) =>
      entry.history.map((said, i) => [
        nameOf(entry),
        nameIn(lang.value, entry.milestone),
        dateIn(lang.value, said.said_on),
        wordsOf(said.due),
        commitmentName(said.commitment),
        entry.actual ? wordsOf(entry.actual) : entry.reached ? t.reached(wordsOf(entry.reached)) : t.notYet,
        i === entry.history.length - 1 ? apart(entry, known) : "",
      ]),
    ),
  };
}

export function PlanChart(props: { progress: Progress }): JSX.Element {
  const { plan, known } = props.progress;
  const t = progressWords.value.plan;
  const day = dayOf(known);
  return (
    <ChartFrame
      id="plan"
      title={t.title}
      says={wordsOf(plan)}
      leftOut={[
        { words: t.undated, n: plan.undated },
        { words: t.notListed, n: plan.count - plan.entries.length },
      ]}
      table={tableOf(plan.entries, day)}
    >
      {plan.entries.length ? <Rows entries={plan.entries} known={day} /> : <p>{t.none}</p>}
    </ChartFrame>
  );
}
