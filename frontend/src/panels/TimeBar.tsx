/** The time bar: a day to choose, what is dated around it, and playing through the years. */
import { effect, signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { addMonths, isoOf } from "../dates";
import { followSteps } from "../state/changes";
import { spokenOf } from "../state/day";
import {
  day,
  fetchTimeline,
  isFiltered,
  isToday,
  playing,
  setDay,
  span,
  timeline,
  today,
  words,
} from "../state/store";
import { counted } from "./counted";
import { Icon } from "./signs";
import { StepLine } from "./TimeChanges";
import { Graph } from "./TimeGraph";
import { ToolButtons, ToolNotes, ToolPanel } from "./TimeTools";

const STEP_MS = { slow: 500, normal: 140, fast: 60 } as const;
type Speed = keyof typeof STEP_MS;
const speed = signal<Speed>("normal");

/** Step a month at a time while `playing`; stop at the end. */
function followPlaying(): () => void {
  let timer = 0;
  const stop = effect(() => {
    clearInterval(timer);
    if (!playing.value) return;
    timer = window.setInterval(() => {
      const next = addMonths(day.peek(), 1);
      if (next >= span.peek().to) playing.value = false;
      setDay(next);
    }, STEP_MS[speed.value]);
  });
  return () => {
    clearInterval(timer);
    stop();
  };
}

function togglePlay(): void {
  // From today or the end there is little to see: begin at the beginning.
  if (!playing.value && (isToday.value || day.value >= span.value.to)) setDay(span.value.from);
  playing.value = !playing.value;
}

function SpeedChoice(): JSX.Element {
  const t = words.value.time;
  return (
    <select
      class="speed"
      aria-label={t.speed}
      title={t.speed}
      value={speed.value}
      onChange={(event) => {
        speed.value = event.currentTarget.value as Speed;
      }}
    >
      {(Object.keys(STEP_MS) as Speed[]).map((one) => (
        <option key={one} value={one}>
          {t.speeds[one]}
        </option>
      ))}
    </select>
  );
}

function Notes(): JSX.Element {
  const t = words.value.time;
  const { n, of } = spokenOf.value;
  return (
    <div class="time-notes">
      <span class="speaks" data-testid="speaks" title={counted()}>
        {isFiltered.value ? t.speaksFiltered(n, of) : t.speaks(n, of)}
      </span>
      <ToolNotes />
      {day.value > today.value && <span class="last-known">{t.lastKnownKey}</span>}
      <span class="key">
        <i class="key-bar" />
        {t.keyDay}
      </span>
      <span class="key">
        <i class="key-slab" />
        {t.keyYear}
      </span>
      <span class="key">
        <i class="key-promise" />
        {t.keyPromise}
      </span>
      {timeline.value.status === "failed" && (
        <span class="time-failure" role="alert">
          {words.value.fail.timeline}
          <button type="button" class="quiet" onClick={() => void fetchTimeline()}>
            {words.value.fail.retry}
          </button>
        </span>
      )}
    </div>
  );
}

export function TimeBar(): JSX.Element {
  const t = words.value.time;
  useEffect(followPlaying, []);
  useEffect(followSteps, []);
  const note = isToday.value ? t.today : day.value > today.value ? t.ahead : t.past;
  return (
    <section class="time" aria-label={t.region}>
      <div class={`time-control${playing.value ? " playing" : ""}`}>
        <button type="button" class="play" aria-label={playing.value ? t.pause : t.play} onClick={togglePlay}>
          <Icon name={playing.value ? "pause" : "play"} filled={!playing.value} />
        </button>
        <div class="time-day">
          <b>{isoOf(day.value)}</b>
          <span>{note}</span>
        </div>
        <div class="time-side">
          <button
            type="button"
            class={`button small to-today${isToday.value ? " idle" : ""}`}
            onClick={() => setDay(today.value)}
          >
            {t.backToToday}
          </button>
          <SpeedChoice />
        </div>
      </div>
      <div class="time-main">
        <Notes />
        <div class="time-second">
          <ToolButtons />
          <StepLine />
        </div>
        <Graph />
      </div>
      <ToolPanel />
    </section>
  );
}
