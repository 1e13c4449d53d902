/** What the reader should know of the page as a whole: cut off, a newer revision, an address half followed. */
import type { JSX } from "preact";
import { ageMinutes, check, confirmedAt, cutOff, newer, refreshing, takeNewer } from "../state/freshness";
import { catalogue, chart, refusedDays, refusedWords, words } from "../state/store";

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
  if (newer.value === null || !catalogue.value) return null;
  return (
    <p class="notice news" role="status">
      {t.newer(newer.value, catalogue.value.revision)}
      <button type="button" class="button small" disabled={refreshing.value} onClick={() => void takeNewer()}>
        {refreshing.value ? t.refreshing : t.takeNewer}
      </button>
    </p>
  );
}

/** What of the address could not be followed, and that it was understood so. */
function Refused(): JSX.Element | null {
  const t = words.value.fail;
  const said = [
    refusedDays.value.length > 0 && t.badDay(refusedDays.value.join(", ")),
    refusedWords.value.length > 0 && t.badWord(refusedWords.value.join(", ")),
  ].filter(Boolean);
  if (!said.length) return null;
  return (
    <p class="notice" role="status">
      {said.join(" ")}
      <button
        type="button"
        class="quiet"
        onClick={() => {
          refusedDays.value = [];
          refusedWords.value = [];
        }}
      >
        {t.dismiss}
      </button>
    </p>
  );
}

export function Notices(): JSX.Element {
  return (
    <div class="notices">
      <CutOff />
      <Newer />
      <Refused />
    </div>
  );
}
