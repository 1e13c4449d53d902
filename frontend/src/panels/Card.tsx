/** One project's card: what it is, where and how surely, its track, and everything that was said of it. */
import type { JSX, RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Project, ProjectDetail } from "../data/types";
import { type Day, dayOf, isoOf, monthsBetween } from "../dates";
import { sinceOf } from "../since";
import { comparedById, pair } from "../state/changes";
import {
  firstEvidence,
  hasPhase,
  hueKey,
  isLastKnown,
  isLocated,
  partsOn,
  passing,
  showOnMap,
  stateOf,
} from "../state/day";
import { hueVar } from "../state/hues";
import { printing } from "../state/paper";
import {
  asOf,
  catalogue,
  day,
  detail,
  fetchDetail,
  isToday,
  kindOf,
  known,
  lang,
  nameOf,
  projectById,
  select,
  today,
  words,
} from "../state/store";
import { dateIn, either, nameIn } from "../text/words";
import { Actions } from "./CardActions";
import { Claims, showClaim } from "./CardClaims";
import { About, History, Measures, Parts, Place, Related } from "./CardFacts";
import { Milestones } from "./CardMilestones";
import { Slips } from "./CardSlips";
import { Steps, takePressed } from "./CardSteps";
import { Explained } from "./Explained";
import { Failure, Slow } from "./Failure";
import { closeCard, openedByHand } from "./focus";
import { Grip, stop } from "./Grip";
import { Icon, KindBadge, LightBadge, Swatch } from "./signs";
import { stateName } from "./TimeChanges";

const STALE_MONTHS = 12;

const dayWord = (day: Day): string => dateIn(lang.value, isoOf(day));
const nameOfPhase = (id: string): string => {
  const phase = catalogue.value!.phases.find((one) => one.id === id);
  return phase ? nameIn(lang.value, phase) : id;
};

/** Since when facts say that it is in this phase: `..` a day where they only say that it was by then. */
function sinceFacts(project: Project): string | null {
  return stateOf(project.id).basis === "fact" ? sinceOf(project.properties.phases, day.value) : null;
}

function Since(props: { project: Project }): JSX.Element | null {
  const t = words.value.card;
  const date = sinceFacts(props.project);
  if (!date) return null;
  const said = dateIn(lang.value, date.replace("..", ""));
  return <span class="since">{date.startsWith("..") ? t.sinceBy(said) : t.since(said)}</span>;
}

/** A source told what it was on a day, and none when that began. */
function BeganNote(props: { project: Project }): JSX.Element | null {
  const { project } = props;
  if (!hasPhase(project) || !sinceFacts(project)?.startsWith("..")) return null;
  const said = words.value.card.beganUnknown(nameOfPhase(stateOf(project.id).phase));
  return <p class="card-note began-note">{said}</p>;
}

/** What is promised next, for when, and how surely. */
function NextPromise(props: { project: Project }): JSX.Element | null {
  const { next } = props.project.properties;
  if (!next) return null;
  const milestone = kindOf(props.project).milestones.find((one) => one.code === next.milestone);
  const what = milestone ? nameIn(lang.value, milestone) : next.milestone;
  return (
    <p class="card-note next-promise">
      {words.value.card.nextPromise(what, dateIn(lang.value, next.date))}{" "}
      <Explained of="commitments" id={next.commitment} />
    </p>
  );
}

function PhaseBadge(props: { project: Project }): JSX.Element {
  const { project } = props;
  const t = words.value.card;
  if (!project.properties.drawn) {
    const parts = [...partsOn(project.id)];
    return (
      <span class="phase-badge">
        {parts.length ? parts.map(([id, n]) => t.partsOf(n, nameOfPhase(id))).join(" · ") : t.noPhase}
      </span>
    );
  }
  if (!hasPhase(project)) return <span class="phase-badge">{t.noPhase}</span>;
  const state = stateOf(project.id);
  return (
    <Explained of="phases" id={state.phase} also={state.basis === "promise" ? t.onlyPromised : undefined}>
      <span class={`phase-badge${isLastKnown(state) ? " pale" : ""}`}>
        <Swatch state={state} ink={hueVar(hueKey(project))} />
        <b>{nameOfPhase(state.phase)}</b>
        {isLastKnown(state) && <em>{words.value.time.lastKnown}</em>}
        <Since project={project} />
        {state.basis === "promise" && <em>{t.promised}</em>}
        {state.maybe && <span class="maybe">{t.maybe(nameOfPhase(state.maybe))}</span>}
      </span>
    </Explained>
  );
}

function Heard(props: { last: string | null }): JSX.Element {
  const t = words.value.card;
  if (!props.last) return <span class="heard">{t.neverHeard}</span>;
  const months = monthsBetween(dayOf(props.last), today.value);
  return (
    <span class={`heard${months > STALE_MONTHS ? " stale" : ""}`} title={props.last}>
      {t.heard(months)}
    </span>
  );
}

/** Nothing is due of what is in use, nor of what has no phase. */
function hasLight(project: Project): boolean {
  const { light, phase } = project.properties;
  return hasPhase(project) && !(light === "grey" && phase === "in_service");
}

function lightWord(project: Project): string {
  const { light, light_days, light_kept } = project.properties;
  const t = words.value.card;
  if ((light === "red" || light === "amber") && light_days) return t.atLeast(light_days);
  if (light === "green" && light_kept !== undefined) return light_kept ? t.lightKept : t.lightWaiting;
  const info = catalogue.value!.lights.find((one) => one.id === light);
  return info ? nameIn(lang.value, info) : light;
}

function Light(props: { project: Project }): JSX.Element | null {
  const { light, light_kept, light_evidence } = props.project.properties;
  if (!hasLight(props.project)) return null;
  return (
    <span class="light-line">
      <Explained of="lights" id={light}>
        <LightBadge
          light={light}
          waiting={light === "green" && light_kept !== true}
          word={lightWord(props.project)}
        />
      </Explained>
      {asOf.value && <span>{asOf.value}</span>}
      {light_evidence && (
        <button type="button" class="quiet" onClick={() => showClaim(light_evidence)}>
          {words.value.card.seeProof}
        </button>
      )}
    </span>
  );
}

/** Before anything is known of it: since when something is. */
function FirstEvidence(props: { project: Project }): JSX.Element | null {
  const found = firstEvidence(props.project);
  if (!found) return null;
  const said = words.value.card.firstEvidence(dayWord(found.day), nameOfPhase(found.phase), found.began);
  return <p class="card-note">{said}</p>;
}

/** The day of the last dated news of it, among what counts; null without one, undefined while its claims are on their way. */
function lastNews(project: Project): string | null | undefined {
  const last = project.properties.last_heard;
  if (!last || known.value === null || dayOf(last) <= known.value) return last;
  // There is later news than counts: then the claims that count say which is the last.
  const state = detail.value;
  if (state.status !== "ready" || state.value.id !== project.id) return undefined;
  const days = state.value.claims
    .filter((claim) => claim.said_earliest && !claim.withdrawn)
    .map((claim) => claim.said_latest);
  return days.sort().at(-1) ?? null;
}

/** Nobody has spoken of the chosen day: the phase is carried on, and that is said. */
function LastKnownNote(props: { project: Project }): JSX.Element | null {
  const { project } = props;
  const state = stateOf(project.id);
  if (!hasPhase(project) || !isLastKnown(state)) return null;
  const t = words.value.time;
  const upTo = known.value === null ? "" : dayWord(known.value);
  const last = lastNews(project);
  const phase = nameOfPhase(state.phase);
  if (last === undefined) return null;
  return (
    <p class="card-note last-known-note">
      {last ? t.lastKnownNote(dateIn(lang.value, last), phase, upTo) : t.lastKnownUndated(phase, upTo)}
    </p>
  );
}

/** Of two days that are compared: what it was on each. */
function ComparedNote(props: { project: Project }): JSX.Element | null {
  const { project } = props;
  if (!pair.value || !hasPhase(project)) return null;
  const t = words.value.time.compare;
  const [a, b] = pair.value.map(isoOf);
  const change = comparedById.value.get(project.id);
  return (
    <p class="card-note compared-note">
      {change
        ? `${t.onDay(a, stateName(change.before))} → ${t.onDay(b, stateName(change.after))}`
        : t.unchanged(a, b)}
    </p>
  );
}

/** It has a place, but the reader has switched off what it belongs to. */
function HiddenNote(props: { project: Project }): JSX.Element | null {
  const { project } = props;
  if (!isLocated(project) || passing.value.has(project.id)) return null;
  const t = words.value.filters;
  return (
    <p class="card-note hidden-note">
      {t.hidden}
      <button type="button" class="button small" onClick={() => showOnMap(project)}>
        {t.show}
      </button>
    </p>
  );
}

function Header(props: { project: Project; heading: RefObject<HTMLHeadingElement | null> }): JSX.Element {
  const { project, heading } = props;
  const kind = kindOf(project);
  const { name_zh, name_en, last_heard } = project.properties;
  const other = lang.value === "zh" ? name_en : name_zh;
  return (
    <header class="card-head">
      <div class="card-kind">
        <KindBadge kind={kind} hue={hueKey(project)} />
        {nameIn(lang.value, kind)}
        <Steps />
      </div>
      <h2 class="card-title" tabIndex={-1} ref={heading}>
        {nameOf(project)}
      </h2>
      {other && other !== nameOf(project) && (
        <p class="other-name" lang={lang.value === "zh" ? "en" : "zh"}>
          {other}
        </p>
      )}
      <div class="badges">
        <PhaseBadge project={project} />
        <Light project={project} />
        <Heard last={last_heard} />
      </div>
      <BeganNote project={project} />
      <LastKnownNote project={project} />
      <ComparedNote project={project} />
      <NextPromise project={project} />
      <FirstEvidence project={project} />
      <HiddenNote project={project} />
      {!isToday.value && project.geometry && (
        <p class="card-note">{words.value.card.outlineToday(isoOf(day.value))}</p>
      )}
      {known.value !== null && <p class="card-note">{words.value.time.known(isoOf(known.value))}</p>}
    </header>
  );
}

function Sections(props: { project: Project; value: ProjectDetail }): JSX.Element {
  const { project, value } = props;
  const reason = either(lang.value, value.light_reason_zh, value.light_reason_en);
  // A container has its parts' tracks; its own is shown only when somebody spoke of it.
  const own = value.milestones.some((one) => one.actual || one.planned || one.measure);
  const tracked = kindOf(project).tracked && (project.properties.drawn || own);
  return (
    <>
      {tracked && reason && hasLight(project) && (
        <p class="light-reason">{[asOf.value, reason].filter(Boolean).join(" · ")}</p>
      )}
      <Place detail={value} />
      <Parts project={project} />
      {tracked && <Milestones detail={value} />}
      {tracked && <Slips detail={value} />}
      <Measures detail={value} />
      <Claims detail={value} />
      <Related detail={value} />
      <About detail={value} />
      <History detail={value} />
    </>
  );
}

/** Asking again brings back neither what never was nor what was removed. */
const isGone = (status: number | null): boolean => status === 404 || status === 410;

function searchInstead(): void {
  closeCard();
  document.getElementById("search")?.focus();
}

function Missing(props: { id: string }): JSX.Element {
  const t = words.value;
  const state = detail.value;
  const successors = state.status === "failed" ? state.problem.successors : [];
  return (
    <div class="card-body">
      {state.status === "failed" ? (
        <Failure
          title={t.fail.project}
          problem={state.problem}
          onRetry={isGone(state.problem.status) ? null : () => void fetchDetail()}
        />
      ) : (
        <p class="card-loading" role="status">
          {state.status === "loading" ? t.card.loading : t.fail.noProject(props.id)} <Slow />
        </p>
      )}
      {state.status === "failed" && isGone(state.problem.status) && (
        <p class="ways-on">
          <button type="button" class="button primary" onClick={searchInstead}>
            {t.card.findOther}
          </button>
          <button type="button" class="button" onClick={closeCard}>
            {t.card.backToMap}
          </button>
        </p>
      )}
      {successors.length > 0 && (
        <div class="card-note successors">
          <p>{t.card.gone}</p>
          {successors.map((id) => (
            <button key={id} type="button" class="quiet" onClick={() => select(id)}>
              {projectById.value.has(id) ? nameOf(projectById.value.get(id)!) : id}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

export function Card(props: { id: string }): JSX.Element {
  const { id } = props;
  const t = words.value;
  const project = projectById.value.get(id);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const button = takePressed();
    // Stepping on, the sheet of a phone stays as high as it was.
    if (button) button.focus({ preventScroll: true });
    else stop.value = "half";
    if (!button && openedByHand()) heading.current?.focus({ preventScroll: true });
  }, [id]);
  const state = detail.value;
  const ready = state.status === "ready" && state.value.id === id ? state.value : null;
  return (
    <aside
      data-covers
      data-obstacle
      class={`card ${stop.value}${project ? "" : " missing"}`}
      aria-label={project ? nameOf(project) : id}
      style={project ? { "--c": hueVar(hueKey(project)) } : undefined}
    >
      <Grip />
      <button type="button" class="icon-button card-close" aria-label={t.card.close} onClick={closeCard}>
        <Icon name="close" />
      </button>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div class="card-scroll" tabIndex={0}>
        {project && <Header project={project} heading={heading} />}
        {project && ready ? <Sections project={project} value={ready} /> : <Missing id={id} />}
      </div>
      {printing.value && <p class="paper-more">{t.paper.more}</p>}
      {project && <Actions project={project} />}
    </aside>
  );
}
