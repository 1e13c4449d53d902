/** How the promised date of each milestone moved: the day it was said, and the date that was promised. */
import type { JSX } from "preact";
import type { Milestone, ProjectDetail, PromiseSaid } from "../data/types";
import { type Day, dayOf, firstOfYear, isoOf, yearOf } from "../dates";
import { reached } from "../phases";
import { asKnown } from "../state/day";
import { lang, today, words } from "../state/store";
import { dateIn, nameIn } from "../text/words";

const WIDTH = 338;
const ROW_PX = 38;
const HEAD_PX = 16;
const EDGE = 5;
const MIN_SPAN_PX = 5;

interface Row {
  milestone: Milestone;
  said: PromiseSaid;
  happened: Day | null;
  /** The day of the claim that proves that it was late. */
  proved: Day | null;
  /** It happened, or the phase it leads to was reached on a day nobody named. */
  kept: boolean;
}
interface Scale {
  from: number;
  to: number;
  x(day: Day): number;
}

const dayOr = (iso: string | null, other: Day): Day => (iso ? dayOf(iso) : other);

/** The day a promise was made, from text that may name only a month or a year. */
function saidDay(said: PromiseSaid): Day | null {
  const match = /(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/.exec(said.said_on ?? "");
  if (!match) return null;
  const day = dayOf(`${match[1]}-${match[2] ?? "07"}-${match[3] ?? (match[2] ? "15" : "01")}`);
  return Number.isFinite(day) ? day : null;
}

function rowsOf(detail: ProjectDetail): Row[] {
  const proof = detail.claims.find((claim) => claim.n === detail.light_evidence);
  return detail.milestones.flatMap((milestone) => {
    const happened = milestone.actual?.latest ? dayOf(milestone.actual.latest) : null;
    const kept = happened !== null || reached(detail.phase, milestone.phase);
    const late = proof && milestone.code === detail.light_milestone;
    const proved = late ? dayOf(proof.said_latest) : null;
    return (milestone.planned?.history ?? []).map((said) => ({ milestone, said, happened, proved, kept }));
  });
}

function scaleOf(rows: Row[]): Scale {
  const days = rows.flatMap(({ said, happened, proved }) =>
    [
      saidDay(said),
      said.latest && dayOf(said.latest),
      said.earliest && dayOf(said.earliest),
      happened,
      proved,
    ].filter((day): day is Day => typeof day === "number" && Number.isFinite(day)),
  );
  const from = yearOf(Math.min(today.value, ...days));
  const to = yearOf(Math.max(today.value, ...days)) + 1;
  const [first, last] = [firstOfYear(from), firstOfYear(to)];
  const x = (day: Day): number =>
    EDGE + ((Math.max(first, Math.min(last, day)) - first) / (last - first)) * (WIDTH - 2 * EDGE);
  return { from, to, x };
}

function Promised(props: { row: Row; scale: Scale; y: number }): JSX.Element {
  const { row, scale, y } = props;
  const { said, happened, proved, milestone, kept } = row;
  const t = words.value.card;
  const at = saidDay(said);
  const start = scale.x(at ?? firstOfYear(scale.from));
  const left = scale.x(dayOr(said.earliest, dayOr(said.latest, today.value)));
  const right = Math.max(scale.x(dayOr(said.latest, today.value)), left + MIN_SPAN_PX);
  const now = scale.x(asKnown.value);
  const passed = !kept && said.latest !== null && dayOf(said.latest) < asKnown.value;
  const label = `${t.said(dateIn(lang.value, said.said_on))} · ${nameIn(lang.value, milestone)} ${dateIn(lang.value, said.date)}`;
  return (
    <g>
      <text class="slip-label" x={4} y={y - 10}>
        {label}
      </text>
      {left > start + 5 && <line class="slip-lead" x1={start + 4} x2={left - 2} y1={y} y2={y} />}
      <rect
        class={passed ? "slip-date passed" : "slip-date"}
        x={left}
        y={y - 4}
        width={right - left}
        height={8}
        rx={1}
      />
      {passed && now > right + 3 && <path class="slip-over" d={`M${right + 2} ${y}H${now}`} />}
      {at !== null && <circle class="slip-said" cx={start} cy={y} r={3} />}
      {proved !== null && (
        <path class="slip-proof" d={`M${scale.x(proved)} ${y - 5}l5 9h-10z`}>
          <title>{`${t.proofDay} ${dateIn(lang.value, isoOf(proved))}`}</title>
        </path>
      )}
      {happened !== null && <circle class="slip-done" cx={scale.x(happened)} cy={y} r={4} />}
    </g>
  );
}

function Chart(props: { rows: Row[] }): JSX.Element {
  const { rows } = props;
  const scale = scaleOf(rows);
  const height = HEAD_PX + rows.length * ROW_PX + 4;
  const years = Array.from({ length: scale.to - scale.from + 1 }, (_, i) => scale.from + i);
  const every = Math.max(1, Math.ceil(years.length / 8));
  return (
    <svg
      class="slips"
      width="100%"
      viewBox={`0 0 ${WIDTH} ${height}`}
      role="img"
      aria-label={words.value.card.slips}
    >
      {years.map((year) => (
        <line
          key={year}
          class="slip-year"
          x1={scale.x(firstOfYear(year))}
          x2={scale.x(firstOfYear(year))}
          y1={13}
          y2={height - 4}
        />
      ))}
      {years
        .filter((year) => year < scale.to && (year - scale.from) % every === 0)
        .map((year) => (
          <text key={year} class="slip-year-name" x={scale.x(firstOfYear(year)) + 2} y={9}>
            {year}
          </text>
        ))}
      <line class="today-line" x1={scale.x(today.value)} x2={scale.x(today.value)} y1={13} y2={height - 2} />
      {rows.map((row, i) => (
        <Promised
          key={`${row.said.claim} ${row.milestone.code}`}
          row={row}
          scale={scale}
          y={HEAD_PX + i * ROW_PX + 26}
        />
      ))}
    </svg>
  );
}

/** Promises without a date are words: they are listed, not drawn. */
function Undated(props: { detail: ProjectDetail }): JSX.Element | null {
  const t = words.value.card;
  const undated = props.detail.milestones.flatMap((milestone) =>
    (milestone.planned?.undated ?? []).map((n) => ({
      milestone,
      claim: props.detail.claims.find((claim) => claim.n === n),
    })),
  );
  if (!undated.length) return null;
  return (
    <ul class="undated">
      {undated.map(({ milestone, claim }) => (
        <li key={`${milestone.code} ${claim?.n}`}>
          {claim && `${t.said(dateIn(lang.value, claim.said_on))} · `}
          {nameIn(lang.value, milestone)} · {t.noDate}
        </li>
      ))}
    </ul>
  );
}

export function Slips(props: { detail: ProjectDetail }): JSX.Element {
  const t = words.value.card;
  const rows = rowsOf(props.detail);
  const any = rows.length || props.detail.milestones.some((milestone) => milestone.planned?.undated.length);
  return (
    <section class="card-section">
      <h2>{t.slips}</h2>
      {!any && <p class="empty">{t.noPromise}</p>}
      {rows.length > 0 && <Chart rows={rows} />}
      <Undated detail={props.detail} />
      {rows.length > 0 && (
        <p class="slip-key">
          <span>
            <i class="said" />
            {t.saidDay}
          </span>
          <span>
            <i class="date" />
            {t.saidDate}
          </span>
          <span>
            <i class="done" />
            {t.happened}
          </span>
          {rows.some((row) => row.proved !== null) && (
            <span>
              <svg width="12" height="10" viewBox="0 0 12 10" aria-hidden="true">
                <path class="slip-proof" d="M6 .5l5 9H1z" />
              </svg>
              {t.proofDay}
            </span>
          )}
        </p>
      )}
    </section>
  );
}
