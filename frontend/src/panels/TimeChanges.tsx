/** Changes in words: a day, a project to open, and what it became. */
import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type Change, whenOf } from "../changes";
import type { PhaseId } from "../data/types";
import { isoOf } from "../dates";
import type { PhaseState } from "../phases";
import { milestoneOf, way } from "../state/changes";
import { isNarrow } from "../state/narrow";
import { catalogue, kindOf, lang, nameOf, projectById, setRange, timeTool, words } from "../state/store";
import { dateIn, nameIn } from "../text/words";
import { openFrom } from "./focus";

/** So many are said at once; the others are counted. */
const SAID = 3;
/** What is heard waits until the day rests. */
const REST_MS = 700;

function phaseName(id: PhaseId): string {
  const phase = catalogue.value?.phases.find((one) => one.id === id);
  return phase ? nameIn(lang.value, phase) : id;
}

/** A state in words: its phase, and whether that is only promised. */
export const stateName = (state: PhaseState): string =>
  state.basis === "promise"
    ? `${phaseName(state.phase)} · ${words.value.sheet.promised}`
    : phaseName(state.phase);

/** What a change made of a project: the milestone it reached where a claim names one, else its phase. */
function became(change: Change): string {
  const code = milestoneOf(change, isoOf(change.day));
  const project = projectById.value.get(change.id);
  const milestone = code && project && kindOf(project).milestones.find((one) => one.code === code);
  if (!milestone) return stateName(change.after);
  const promised = change.after.basis === "promise" ? ` · ${words.value.sheet.promised}` : "";
  return nameIn(lang.value, milestone) + promised;
}

const nameById = (id: string): string => {
  const project = projectById.value.get(id);
  return project ? nameOf(project) : id;
};

/** A project by its name; pressed, its card opens. */
export function ProjectButton(props: { id: string }): JSX.Element {
  return (
    <button type="button" class="change-project" onClick={(event) => openFrom(event, props.id)}>
      {nameById(props.id)}
    </button>
  );
}

/** `2025 年 1 月 15 日：富安东路 通车`; of two phases also the former one. */
export function ChangeItem(props: { change: Change; former?: boolean }): JSX.Element {
  const { change, former } = props;
  const colon = lang.value === "zh" ? "：" : ":";
  return (
    <li class="change">
      <span class="change-day">
        {dateIn(lang.value, whenOf(change))}
        {colon}
      </span>{" "}
      <ProjectButton id={change.id} />{" "}
      <span class="change-phase">
        {former && `${stateName(change.before)} → `}
        {former ? stateName(change.after) : became(change)}
      </span>
    </li>
  );
}

/** The same in one sentence, for whoever listens. */
function heard(): string {
  const t = words.value.time.steps;
  if (!way.value) return "";
  const { from, to, changes } = way.value;
  if (!changes.length) return t.none(isoOf(from), isoOf(to));
  const said = changes
    .slice(0, SAID)
    .map((change) => `${dateIn(lang.value, whenOf(change))} ${nameById(change.id)} ${became(change)}`);
  const rest = changes.length - said.length;
  return [to < from ? t.back : "", ...said, rest ? t.more(rest) : ""].filter(Boolean).join("; ");
}

function Heard(): JSX.Element {
  const now = useComputed(heard).value;
  const [said, say] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => say(now), REST_MS);
    return () => clearTimeout(timer);
  }, [now]);
  return (
    <p class="only-heard" role="status" aria-live="polite" aria-label={words.value.time.steps.title}>
      {said}
    </p>
  );
}

/** Look at all that lies on the way. */
function openWay(): void {
  if (!way.value) return;
  const { from, to } = way.value;
  setRange({ from: Math.min(from, to) + 1, to: Math.max(from, to) });
  timeTool.value = "range";
}

/** The line below the notes: what the way of the slider changed. */
export function StepLine(): JSX.Element {
  const t = words.value.time.steps;
  const changes = way.value?.changes ?? [];
  // Between a phone's two edges there is room for one.
  const shown = changes.slice(0, isNarrow.value ? 1 : SAID);
  const rest = changes.length - shown.length;
  const back = way.value !== null && way.value.to < way.value.from;
  return (
    <div class="steps">
      <Heard />
      {!way.value && <span class="steps-idle">{t.idle}</span>}
      {way.value && !changes.length && (
        <span class="steps-idle">{t.none(isoOf(way.value.from), isoOf(way.value.to))}</span>
      )}
      {changes.length > 0 && (
        <>
          <b class="steps-count">
            {back && `${t.back} · `}
            {t.count(changes.length)}
          </b>
          <ul aria-label={t.title}>
            {shown.map((change) => (
              <ChangeItem key={change.id} change={change} />
            ))}
          </ul>
        </>
      )}
      {rest > 0 && (
        <button type="button" class="quiet steps-more" onClick={openWay}>
          {t.more(rest)}
        </button>
      )}
    </div>
  );
}
