/** The answer: in a sentence, and in four groups. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Problem } from "../data/fetch";
import { GROUPS, type Near, type NearEntry, type NearGroup } from "../data/near";
import { Explained } from "../panels/Explained";
import { Slow } from "../panels/Failure";
import { Icon, Swatch } from "../panels/signs";
import { catalogue, lang } from "../state/store";
import { dateIn } from "../text/words";
import { answer, ask, asking, isOther, offline, problem, putPlace, question } from "./ask";
import { Commit } from "./Commit";
import { EntryBody } from "./Entry";
import { isAsked } from "./question";
import { Share } from "./Share";
import { ageOf, away, called, ink, name, phaseInfo, reach, sayProblem, text } from "./said";

const FIRST_SHOWN = 8;
const TICK_MS = 20_000;

/** What stands large before an entry: its year, or that there is none. */
function When(props: { entry: NearEntry; group: NearGroup }): JSX.Element {
  const { entry, group } = props;
  const t = text.value.answer;
  if (group === "open")
    return (
      <p class="when open">
        {entry.opened ? <b>{entry.opened.date.slice(0, 4)}</b> : <b class="none">{t.openNow}</b>}
      </p>
    );
  if (entry.opens?.lapsed)
    return (
      <p class="when lapsed">
        <b>{entry.opens.due_latest.slice(0, 4)}</b> <small>{t.passed}</small>
      </p>
    );
  if (!entry.opens)
    return (
      <p class="when">
        <b class="none" aria-hidden="true">
          ?
        </b>
        <small>{t.noYear}</small>
      </p>
    );
  return (
    <p class="when">
      <b>{entry.opens.due_latest.slice(0, 4)}</b> <Commit id={entry.opens.commitment} brief />
    </p>
  );
}

function Entry(props: { entry: NearEntry; group: NearGroup }): JSX.Element {
  const { entry, group } = props;
  const line = entry.parent;
  return (
    <li class="near-entry" style={{ "--c": ink(line ?? entry) }}>
      <When entry={entry} group={group} />
      <div class="near-what">
        <h3>{name(entry)}</h3>
        <p class="near-where">
          <Explained of="phases" id={entry.phase}>
            <Swatch
              state={{ phase: entry.phase, basis: entry.basis, maybe: entry.maybe }}
              ink={ink(line ?? entry)}
              width={26}
            />
            {called(phaseInfo(entry.phase))}
          </Explained>
          {entry.precision === "schematic" ? (
            <Explained of="precisions" id={entry.precision}>
              {away(entry)}
            </Explained>
          ) : (
            <span>{away(entry)}</span>
          )}
        </p>
        <EntryBody entry={entry} group={group} />
      </div>
    </li>
  );
}

const opened = signal<ReadonlySet<NearGroup>>(new Set());

function Group(props: { near: Near; group: NearGroup }): JSX.Element {
  const { near, group } = props;
  const t = text.value.answer;
  const entries = near.groups[group];
  const isWhole = opened.value.has(group) || entries.length <= FIRST_SHOWN + 2;
  const listed = isWhole ? entries : entries.slice(0, FIRST_SHOWN);
  const more = entries.length - listed.length;
  const toggle = (): void => {
    const next = new Set(opened.value);
    if (!next.delete(group)) next.add(group);
    opened.value = next;
  };
  return (
    <section class={`near-group ${group}`} aria-labelledby={`group-${group}`}>
      <h2 id={`group-${group}`}>
        {t.groups[group]} <b class="number">{entries.length}</b>
      </h2>
      <p class="lede">{entries.length ? t.lede[group] : t.empty[group]}</p>
      {entries.length > 0 && (
        <ul>
          {listed.map((entry) => (
            <Entry key={entry.id} entry={entry} group={group} />
          ))}
        </ul>
      )}
      {more > 0 && (
        <button type="button" class="button more" onClick={toggle}>
          {t.more(more)}
        </button>
      )}
      {opened.value.has(group) && entries.length > FIRST_SHOWN + 2 && (
        <button type="button" class="button more" onClick={toggle}>
          {t.fewer}
        </button>
      )}
    </section>
  );
}

function Again(): JSX.Element {
  return (
    <button type="button" class="button" onClick={() => void ask()}>
      {text.value.answer.again}
    </button>
  );
}

/** What the answer is of, when it is not of the question that stands. */
function Standing(): JSX.Element | null {
  const t = text.value.answer;
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const kept = answer.value;
  if (!kept) return null;
  const age = ageOf(kept.at, Math.max(now, kept.at));
  const { near } = kept;
  const of = t.ofPlace(near.place ? name(near.place) : t.thisPoint, reach(near.radius_m));
  if (problem.value?.status === null && isOther.value)
    return (
      <p class="standing" role="status">
        {offline.value && t.offline} {t.keptOther(age, of)} <Again />
      </p>
    );
  if (problem.value?.status === null || offline.value)
    return (
      <p class="standing" role="status">
        {offline.value && t.offline} {t.kept(age)} <Again />
      </p>
    );
  return null;
}

/** What is wrong with a question, for somebody who knows nothing of parameters. */
function inWords(why: Problem): string {
  const t = text.value.answer.wrong;
  if (why.code === "outside-area") {
    const area = catalogue.value?.area;
    return t.outside(area ? name(area) : "");
  }
  const about = why.said.errors?.[0]?.pointer?.split("/").at(-1) ?? "";
  if (why.code === "bad-parameter" && about in t.of) return t.of[about as keyof typeof t.of];
  return sayProblem(why);
}

/** Why there is no answer; and of several places of one name, which. */
function Trouble(): JSX.Element | null {
  const t = text.value.answer;
  const why = problem.value;
  if (!why || asking.value || (why.status === null && answer.value)) return null;
  const places = why.code === "ambiguous-place" ? (why.said.errors ?? []) : [];
  return (
    <div class="failure" role="alert">
      <b>{places.length > 0 ? t.several : t.failed}</b>
      {places.length === 0 && <p>{inWords(why)}</p>}
      {places.length > 0 && (
        <div class="choose-place">
          <p>{t.choose}</p>
          {places.map((place) => (
            <button key={place.place} type="button" class="button" onClick={() => putPlace(place.place!)}>
              {lang.value === "zh" ? place.detail_zh : place.detail_en}
            </button>
          ))}
        </div>
      )}
      {why.status === null && (
        <button type="button" class="button" onClick={() => void ask()}>
          <Icon name="play" size={12} /> {text.value.answer.again}
        </button>
      )}
    </div>
  );
}

function LeftOut(props: { near: Near }): JSX.Element {
  const { left_out, revision, today, group } = props.near;
  const t = text.value.answer;
  const kinds = (catalogue.value?.kinds ?? []).filter((kind) => group.includes(kind.group));
  const query = new URLSearchParams({ kind: kinds.map((kind) => kind.id).join(",") });
  return (
    <div class="left-out">
      {left_out.farther > 0 && <p>{t.farther(left_out.farther)}</p>}
      {left_out.ended > 0 && <p>{t.ended(left_out.ended)}</p>}
      {left_out.unlocated > 0 && (
        <p>
          {t.leftOut(left_out.unlocated)} <a href={`/?${query}`}>{t.unlocatedList}</a>
        </p>
      )}
      <p>{t.stand(revision, dateIn(lang.value, today))}</p>
    </div>
  );
}

export function Answer(): JSX.Element {
  const t = text.value.answer;
  const kept = answer.value;
  const near = kept?.near;
  return (
    <section class="answer" aria-label={t.title} aria-busy={asking.value}>
      {asking.value && (
        <p class="looking" role="status">
          {t.asking} <Slow />
        </p>
      )}
      <Trouble />
      <Standing />
      {near && (
        <>
          <p class="answer-summary" aria-live="polite">
            {lang.value === "zh" ? near.summary_zh : near.summary_en}
          </p>
          <Share />
          {GROUPS.map((group) => (
            <Group key={group} near={near} group={group} />
          ))}
          <LeftOut near={near} />
        </>
      )}
      {!near && !asking.value && !isAsked(question.value) && <p class="hint">{t.hint}</p>}
    </section>
  );
}
