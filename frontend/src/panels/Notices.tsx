/** What the reader should know of the page as a whole: cut off, a newer revision, an address half followed. */
import type { JSX } from "preact";
import { isoOf } from "../dates";
import { isLocated } from "../state/day";
import {
  ageMinutes,
  check,
  confirmedAt,
  cutOff,
  newer,
  refreshing,
  refreshProblem,
  takeNewer,
} from "../state/freshness";
import {
  asked,
  catalogue,
  changeChart,
  chart,
  lang,
  marked,
  notCome,
  projectById,
  refused,
  words,
} from "../state/store";
import { either } from "../text/words";
import { Slow } from "./Failure";

/** The hour and minute of the reader's clock; the date too when it is another day. */
function clock(at: number): string {
  const date = new Date(at);
  const two = (n: number): string => String(n).padStart(2, "0");
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (date.toDateString() === new Date().toDateString()) return time;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

function CutOff(): JSX.Element | null {
  const t = words.value.fail;
  if (!cutOff.value || chart.value.status !== "ready") return null;
  return (
    <p class="notice" role="status">
      {t.cutOff(clock(confirmedAt.value), ageMinutes.value)}
      <button type="button" class="quiet" onClick={() => void check()}>
        {t.retryNow}
      </button>
    </p>
  );
}

function Newer(): JSX.Element | null {
  const t = words.value.fail;
  const problem = refreshProblem.value;
  if (newer.value === null || !catalogue.value) return null;
  return (
    <p class="notice news" role="status">
      {t.newer(newer.value, catalogue.value.revision)}
      {problem && !refreshing.value && (
        <span role="alert">{t.notTaken(either(lang.value, problem.zh, problem.en))}</span>
      )}
      <button type="button" class="button small" disabled={refreshing.value} onClick={() => void takeNewer()}>
        {refreshing.value ? t.refreshing : t.takeNewer}
      </button>
    </p>
  );
}

/** Another chart is on its way. */
function OnItsWay(): JSX.Element | null {
  const t = words.value.fail;
  if (!asked.value) return null;
  const { known } = asked.value;
  return (
    <p class="notice" role="status">
      {known === null ? t.askingNow : t.asking(isoOf(known))} <Slow />
    </p>
  );
}

/** Another chart did not come: why, that this is still the former one, and a way to ask again. */
function NotCome(): JSX.Element | null {
  const t = words.value.fail;
  const failed = notCome.value;
  if (!failed) return null;
  const why = either(lang.value, failed.problem.zh, failed.problem.en);
  return (
    <p class="notice" role="alert">
      {failed.known === null ? t.notComeNow(why) : t.notCome(isoOf(failed.known), why)}
      <button type="button" class="button small" onClick={() => void changeChart({ known: failed.known })}>
        {t.retry}
      </button>
      <button
        type="button"
        class="quiet"
        onClick={() => {
          notCome.value = null;
        }}
      >
        {t.dismiss}
      </button>
    </p>
  );
}

/** Which parts of the address could not be followed, and what the page does without them. */
function Refused(): JSX.Element | null {
  const t = words.value.fail;
  if (!refused.value.length) return null;
  const said = refused.value.map(({ part, value }) => t.refused[part](value));
  return (
    <p class="notice" role="status">
      {[...new Set(said)].join(" ")}
      <button
        type="button"
        class="quiet"
        onClick={() => {
          refused.value = [];
        }}
      >
        {t.dismiss}
      </button>
    </p>
  );
}

/** Some projects stand out, as an address asked. */
function Marked(): JSX.Element | null {
  const t = words.value.marked;
  if (!marked.value.size || chart.value.status !== "ready") return null;
  const known = [...marked.value].map((id) => projectById.value.get(id));
  const missing = known.filter((project) => !project || !isLocated(project)).length;
  return (
    <p class="notice" role="status">
      {t.title(marked.value.size)} {missing > 0 && t.notDrawn(missing)}
      <button
        type="button"
        class="quiet"
        onClick={() => {
          marked.value = new Set();
        }}
      >
        {t.clear}
      </button>
    </p>
  );
}

export function Notices(): JSX.Element {
  return (
    <div class="notices">
      <CutOff />
      <Newer />
      <OnItsWay />
      <NotCome />
      <Marked />
      <Refused />
    </div>
  );
}
