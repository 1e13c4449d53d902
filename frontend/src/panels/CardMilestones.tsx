/** The track of a project's milestones: what happened, what was promised, what nobody spoke of. */
import type { JSX } from "preact";
import type { Milestone, MilestonePlanned, PhaseId, ProjectDetail } from "../data/types";
import { dayOf, isOneDay, isoOf } from "../dates";
import { reached } from "../phases";
import { asKnown } from "../state/day";
import { asOf, catalogue, day, lang, words } from "../state/store";
import { amountIn, dateIn, nameIn, slipIn, unitIn } from "../text/words";

type Standing = "happened" | "measured" | "promised" | "nobody";

function standingOf(milestone: Milestone): Standing {
  if (milestone.actual) return "happened";
  if (milestone.measure) return "measured";
  return milestone.planned ? "promised" : "nobody";
}

function percentOf(milestone: Milestone, unit: string | null): number | null {
  const value = Number(milestone.measure?.value);
  return unit === "%" && Number.isFinite(value) ? Math.max(0, Math.min(100, value)) : null;
}

/** Closing, reopening and ending are shown only when somebody spoke of them. */
function isShown(milestone: Milestone): boolean {
  const exceptional = ["closed", "cancelled"].includes(milestone.phase) || milestone.code === "reopened";
  return !exceptional || standingOf(milestone) !== "nobody";
}

function Dot(props: { percent: number | null }): JSX.Element {
  const { percent } = props;
  if (percent === null) return <span class="dot" />;
  const round = 2 * Math.PI * 6;
  return (
    <span class="dot">
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="6" class="rate-ground" />
        <circle
          cx="8"
          cy="8"
          r="6"
          class="rate"
          stroke-dasharray={`${(percent / 100) * round} ${round}`}
          transform="rotate(-90 8 8)"
        />
      </svg>
    </span>
  );
}

/** Whether every date this milestone was promised for is one day. */
const isExact = (planned: MilestonePlanned): boolean =>
  [planned, ...planned.history].every((one) => isOneDay(one.date));

function Promised(props: { planned: MilestonePlanned; kept: boolean }): JSX.Element {
  const { planned, kept } = props;
  const t = words.value.card;
  const commitment = catalogue.value!.commitments.find((one) => one.id === planned.commitment);
  const passed = !kept && planned.latest !== null && dayOf(planned.latest) < asKnown.value;
  return (
    <span class="promise">
      {commitment ? nameIn(lang.value, commitment) : t.promised}{" "}
      {planned.date ? dateIn(lang.value, planned.date) : t.noDate}
      {passed && <em> {t.passed(asOf.value)}</em>}
      {planned.moves > 0 && (
        <small>
          {t.moved(planned.moves)}
          {planned.slip_days !== 0 && ` · ${slipIn(lang.value, planned.slip_days, isExact(planned))}`}
        </small>
      )}
      {planned.disputed && <small>{t.disputed}</small>}
    </span>
  );
}

/** Whether what happened did so only after the chosen day. */
const isAfterDay = ({ actual, measure }: Milestone): boolean => {
  const earliest = actual ? actual.earliest : measure?.date;
  return earliest ? dayOf(earliest) > day.value : false;
};

const phaseName = (id: PhaseId): string =>
  nameIn(lang.value, catalogue.value!.phases.find((phase) => phase.id === id)!);

/** One milestone: a promise whose phase was reached by other evidence is not said to have passed. */
function Row(props: { milestone: Milestone; detail: ProjectDetail }): JSX.Element {
  const { milestone, detail } = props;
  const { actual, planned, measure } = milestone;
  const standing = standingOf(milestone);
  const claim = detail.claims.find((one) => one.n === measure?.claim);
  const measured = measure?.unit === undefined ? claim : measure;
  const unit = unitIn(lang.value, measured);
  return (
    <li class={standing}>
      <Dot percent={percentOf(milestone, measured?.unit ?? null)} />
      <span class="milestone-name">
        {nameIn(lang.value, milestone)}
        {measure && <b>{amountIn(lang.value, measure.value, unit)}</b>}
      </span>
      <span class="milestone-date">
        {actual && <span>{dateIn(lang.value, actual.date)}</span>}
        {!actual && measure && <span>{dateIn(lang.value, measure.date)}</span>}
        {isAfterDay(milestone) && <small>{words.value.card.afterDay}</small>}
        {planned && (
          <Promised planned={planned} kept={actual !== null || reached(detail.phase, milestone.phase)} />
        )}
        {planned && !actual && detail.phase && reached(detail.phase, milestone.phase) && (
          <small>{words.value.card.stageReached(phaseName(detail.phase))}</small>
        )}
        {standing === "nobody" && (
          <span>
            <span aria-hidden="true">—</span>
            <span class="only-heard">{words.value.card.nobody}</span>
          </span>
        )}
      </span>
    </li>
  );
}

export function Milestones(props: { detail: ProjectDetail }): JSX.Element | null {
  const t = words.value.card;
  const shown = props.detail.milestones.filter(isShown);
  if (!shown.length) return null;
  return (
    <section class="card-section">
      <h2>
        {t.milestones}
        <small class="track-key">
          <i class="happened" />
          {t.happened}
          <i class="promised" />
          {t.promised}
          <i class="nobody" />
          {t.nobody}
        </small>
      </h2>
      {asOf.value && <p class="lede">{t.trackAsOf(asOf.value, isoOf(day.value))}</p>}
      <ol class="track">
        {shown.map((milestone) => (
          <Row key={milestone.code} milestone={milestone} detail={props.detail} />
        ))}
      </ol>
      {shown.some((milestone) => standingOf(milestone) === "nobody") && <p class="lede">{t.emptySteps}</p>}
    </section>
  );
}
