/** What publishing would do to the project, in words; and what is odd about what was typed. */
import type { JSX } from "preact";
import type { Effect, LightToday, MilestoneToday, PhaseToday } from "../data/recording";
import type { Named } from "../data/types";
import { catalogue, lang, words } from "../state/store";
import { dateIn, either, nameIn, slipIn } from "../text/words";
import { sayTold } from "./Fields";
import { current, faults, lookAgain, looked, lookProblem, text, warnings } from "./state";

const named = (list: readonly (Named & { id: string })[] | undefined, id: string | null): string => {
  const found = list?.find((one) => one.id === id);
  return found ? nameIn(lang.value, found) : (id ?? "");
};
export const commitmentName = (id: string | null): string => named(catalogue.value?.commitments, id);

function phaseSaid({ phase, basis }: PhaseToday): string {
  if (basis === "none") return text.value.effect.nobody;
  const name = named(catalogue.value?.phases, phase);
  return basis === "promise" ? `${name} · ${words.value.card.promised}` : name;
}

function lightSaid({ light, kept }: LightToday): string {
  const t = words.value.card;
  if (light === "green") return kept ? t.lightKept : t.lightWaiting;
  return named(catalogue.value?.lights, light);
}

function dateSaid(milestone: MilestoneToday | null): string {
  const t = text.value.effect;
  if (milestone?.actual) return t.happened(dateIn(lang.value, milestone.actual.date));
  if (!milestone?.planned) return t.nobody;
  const { date, commitment } = milestone.planned;
  return t.promised(dateIn(lang.value, date), commitmentName(commitment));
}

function slipSaid(milestone: MilestoneToday | null): string {
  const { moves = 0, slip_days = 0 } = milestone?.planned ?? {};
  const t = text.value.effect;
  return moves ? t.moved(slipIn(lang.value, slip_days, false), moves) : t.unmoved;
}

/** One thing about the project, as it is and as it would be. */
interface Line {
  name: string;
  before: string;
  after: string;
  why?: string;
}

function linesOf({ phase, light, milestone }: Effect): Line[] {
  const t = text.value.effect;
  const why = either(lang.value, light.after.reason_zh, light.after.reason_en);
  const ofMilestone = (name: string, said: (one: MilestoneToday | null) => string): Line[] =>
    milestone ? [{ name, before: said(milestone.before), after: said(milestone.after) }] : [];
  return [
    ...ofMilestone(t.date, dateSaid),
    ...ofMilestone(t.slip, slipSaid),
    { name: t.phase, before: phaseSaid(phase.before), after: phaseSaid(phase.after) },
    { name: t.light, before: lightSaid(light.before), after: lightSaid(light.after), why },
  ];
}

/** The same in a line, where the whole is out of sight. */
export function Brief(): JSX.Element | null {
  const t = text.value.effect;
  const effect = current.value ? looked.value?.answer.effect : null;
  if (!effect) return null;
  const changed = linesOf(effect).filter(({ before, after }) => before !== after);
  const said = changed.map(({ name, before, after }) => t.line(name, before, after));
  return <p class="record-brief">{said.join(" · ") || t.nothing}</p>;
}

function Row(props: Line): JSX.Element {
  const { name, before, after } = props;
  const isSame = before === after;
  return (
    <div class={isSame ? "same" : "changed"}>
      <dt>{name}</dt>
      <dd>
        {isSame ? text.value.effect.same(after) : `${before} → ${after}`}
        {props.why && <small>{props.why}</small>}
      </dd>
    </div>
  );
}

function Rows(props: { effect: Effect }): JSX.Element {
  const { amounts, standing, conflicts, settled } = props.effect;
  const t = text.value.effect;
  return (
    <>
      <dl>
        {linesOf(props.effect).map((line) => (
          <Row key={line.name} {...line} />
        ))}
      </dl>
      <p>{t.standing[standing]}</p>
      {amounts.length > 1 && <p>{t.amounts(amounts.length)}</p>}
      {conflicts.length > 0 && <p class="record-odd">{t.conflicts(conflicts.length)}</p>}
      {settled.length > 0 && <p>{t.settled(settled.length)}</p>}
    </>
  );
}

export function EffectView(): JSX.Element {
  const t = text.value.effect;
  const effect = looked.value?.answer.effect ?? null;
  const isWaiting = looked.value === null || (current.value && !effect);
  return (
    <section class="record-effect" aria-labelledby="record-effect">
      <h3 id="record-effect">{t.title}</h3>
      {/* Told when the typing pauses, not letter by letter. */}
      <div role="status" aria-busy={!current.value} class={current.value ? "" : "old"}>
        {effect && <Rows effect={effect} />}
        {isWaiting && <p class="empty">{faults.value.length ? t.mend : t.waiting}</p>}
        {!isWaiting && !effect && <p class="empty">{t.asking}</p>}
        {warnings.value.length > 0 && (
          <>
            <p class="record-odd">{t.odd}</p>
            <ul>
              {warnings.value.map((one) => (
                <li key={one.pointer + one.code}>{sayTold(one)}</li>
              ))}
            </ul>
          </>
        )}
      </div>
      {lookProblem.value && (
        <p class="record-odd">
          {t.lost} {lang.value === "zh" ? lookProblem.value.zh : lookProblem.value.en}{" "}
          <button type="button" class="quiet" onClick={() => void lookAgain()}>
            {t.again}
          </button>
        </p>
      )}
    </section>
  );
}
