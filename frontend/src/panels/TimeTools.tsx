/** What the time bar can do besides choosing a day: a range, two days compared, and what was known when. */
import type { JSX } from "preact";
import { grouped } from "../changes";
import { addMonths, type Day, dayOf, isoOf } from "../dates";
import {
  comparison,
  comparisonLeftOut,
  differences,
  differencesLeftOut,
  pair,
  rangeEvents,
  rangeLeftOut,
  unchanged,
} from "../state/changes";
import {
  compared,
  day,
  isFiltered,
  known,
  phaseFilter,
  range,
  setCompared,
  setDay,
  setKnown,
  setRange,
  span,
  timeTool,
  today,
  words,
} from "../state/store";
import { FilteredBy } from "./FilteredBy";
import { Icon } from "./signs";
import { ChangeItem, ProjectButton, stateName } from "./TimeChanges";

/** A look back goes so far until the reader says otherwise. */
const LOOK_BACK_MONTHS = 12;

type Tool = "range" | "compare" | "known";
const TOOLS: readonly Tool[] = ["range", "compare", "known"];

function toggleTool(tool: Tool): void {
  if (timeTool.value === tool) {
    timeTool.value = "closed";
    return;
  }
  timeTool.value = tool;
  const back = addMonths(day.value, -LOOK_BACK_MONTHS);
  if (tool === "range" && !range.value) setRange({ from: back, to: day.value });
  if (tool === "compare" && compared.value === null) setCompared(back);
}

const isOn: Record<Tool, () => boolean> = {
  range: () => range.value !== null,
  compare: () => compared.value !== null,
  known: () => known.value !== null,
};

export function ToolButtons(): JSX.Element {
  const t = words.value.time.tools;
  return (
    // biome-ignore lint/a11y/useSemanticElements: buttons that belong together, not a form
    <div class="tools" role="group" aria-label={t.title}>
      {TOOLS.map((tool) => (
        <button
          key={tool}
          type="button"
          class={`button small${isOn[tool]() ? " on" : ""}`}
          aria-expanded={timeTool.value === tool}
          onClick={() => toggleTool(tool)}
        >
          {t[tool]}
        </button>
      ))}
    </div>
  );
}

function DayField(props: {
  label: string;
  value: Day | null;
  from?: Day;
  to?: Day;
  onDay(value: Day): void;
}): JSX.Element {
  const { from = span.value.from, to = span.value.to } = props;
  return (
    <label class="day-field">
      <span>{props.label}</span>
      <input
        type="date"
        min={isoOf(from)}
        max={isoOf(to)}
        value={props.value === null ? "" : isoOf(props.value)}
        onChange={(event) => {
          // A year that is still being typed is none of the time bar's.
          const value = dayOf(event.currentTarget.value);
          if (value >= from && value <= to) props.onDay(value);
        }}
      />
    </label>
  );
}

/** By what a list is filtered, and how much the phases leave out of it. */
function LeftOut(props: { n: number }): JSX.Element | null {
  const { n } = props;
  if (!isFiltered.value) return null;
  return (
    <div class="lede" role="note">
      <FilteredBy />
      {phaseFilter.value.size > 0 && <p>{words.value.time.leftOut(n)}</p>}
    </div>
  );
}

function RangeTool(): JSX.Element {
  const t = words.value.time.range;
  const { from, to } = range.value ?? { from: null, to: null };
  const end = (value: Day | null): Day => value ?? day.value;
  const events = rangeEvents.value;
  return (
    <>
      <p class="lede">{t.lede}</p>
      <div class="day-fields">
        <DayField label={t.from} value={from} onDay={(value) => setRange({ from: value, to: end(to) })} />
        <DayField label={t.to} value={to} onDay={(value) => setRange({ from: end(from), to: value })} />
        {range.value && (
          <button
            type="button"
            class="button small"
            onClick={() => {
              setRange(null);
              timeTool.value = "closed";
            }}
          >
            {t.clear}
          </button>
        )}
      </div>
      {range.value && (
        <h3>
          {t.list} <b class="number">{events.length}</b>
        </h3>
      )}
      {range.value && <LeftOut n={rangeLeftOut.value} />}
      {range.value && !events.length && <p class="empty">{t.empty}</p>}
      <ul aria-label={t.list}>
        {events.map((change) => (
          <ChangeItem key={`${change.id} ${change.day}`} change={change} />
        ))}
      </ul>
    </>
  );
}

/** A line as it is drawn between two days: what it is, with what it was along its sides. */
export function CompareKey(): JSX.Element {
  const t = words.value.time.compare;
  const sides = <path d="M3 3h26M3 13h26" stroke="currentColor" stroke-width="1.4" fill="none" />;
  const dots = (
    <path
      d="M3 3h26M3 13h26"
      stroke="currentColor"
      stroke-width="2.2"
      stroke-linecap="round"
      stroke-dasharray="0.1 4"
      fill="none"
    />
  );
  const key = (inside: JSX.Element | null, opacity: number, label: string): JSX.Element => (
    <li>
      <svg width="32" height="16" viewBox="0 0 32 16" aria-hidden="true">
        {inside}
        <path d="M3 8h26" stroke="currentColor" stroke-width="4" opacity={opacity} />
      </svg>
      {label}
    </li>
  );
  return (
    <ul class="compare-key">
      {key(sides, 1, t.keyOld)}
      {key(dots, 1, t.keyFirst)}
      {key(null, 0.4, t.keySame)}
    </ul>
  );
}

function CompareTool(): JSX.Element {
  const t = words.value.time.compare;
  const changes = comparison.value;
  return (
    <>
      <p class="lede">{t.lede}</p>
      <div class="day-fields">
        <DayField label={t.a} value={compared.value} onDay={setCompared} />
        <DayField label={t.b} value={day.value} onDay={setDay} />
        <button type="button" class="button small" onClick={endComparison}>
          {t.end}
        </button>
      </div>
      <CompareKey />
      <LeftOut n={comparisonLeftOut.value} />
      {!changes.length && <p class="empty">{t.empty}</p>}
      {grouped(changes).map(({ group, changes: some }) => (
        <div key={group} class="change-group">
          <h3>
            {t.groups[group]} <b class="number">{some.length}</b>
          </h3>
          <p class="lede">{t.ledes[group]}</p>
          <ul aria-label={t.groups[group]}>
            {some.map((change) => (
              <ChangeItem key={change.id} change={change} former={group !== "first"} />
            ))}
          </ul>
        </div>
      ))}
      <p class="lede">{t.same(unchanged.value)}</p>
    </>
  );
}

export function endComparison(): void {
  setCompared(null);
  timeTool.value = "closed";
}

function KnownTool(): JSX.Element {
  const t = words.value.time.asKnown;
  const found = differences.value;
  return (
    <>
      <p class="lede">{t.lede}</p>
      <div class="day-fields">
        <DayField label={t.day} value={known.value} to={today.value} onDay={setKnown} />
        {day.value < today.value && known.value !== day.value && (
          <button type="button" class="button small" onClick={() => setKnown(day.value)}>
            {t.sameDay}
          </button>
        )}
        {known.value !== null && (
          <button type="button" class="button small" onClick={() => setKnown(null)}>
            {words.value.time.knownOff}
          </button>
        )}
      </div>
      {found && (
        <>
          <h3>
            {t.versus} <b class="number">{found.length}</b>
          </h3>
          <p class="lede">{found.length ? t.count(found.length) : t.none}</p>
          <LeftOut n={differencesLeftOut.value} />
          <ul aria-label={t.versus}>
            {found.map(({ id, was, now }) => (
              <li key={id} class="change">
                <ProjectButton id={id} />{" "}
                <span class="change-phase">
                  {t.was(stateName(was))} · {t.now(stateName(now))}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** What is on although its tool may be closed, and the way out of it. */
export function ToolNotes(): JSX.Element | null {
  const t = words.value.time;
  const days = pair.value;
  if (!days && known.value === null) return null;
  return (
    <>
      {days && (
        <span class="known comparing">
          {t.compare.note(isoOf(days[0]), isoOf(days[1]))}
          <button type="button" class="quiet" onClick={endComparison}>
            {t.compare.end}
          </button>
        </span>
      )}
      {known.value !== null && (
        <span class="known">
          {t.known(isoOf(known.value))}
          {differences.value && ` · ${t.asKnown.differ(differences.value.length)}`}
          <button type="button" class="quiet" onClick={() => setKnown(null)}>
            {t.knownOff}
          </button>
        </span>
      )}
    </>
  );
}

/** On the map for as long as two days are compared, also while the list is closed: what is seen, and the way out. */
export function CompareNote(): JSX.Element | null {
  const t = words.value.time.compare;
  const days = pair.value;
  if (!days) return null;
  const closed = timeTool.value !== "compare";
  return (
    // biome-ignore lint/a11y/useSemanticElements: a sign with its buttons, not a form
    <div class="on-map compare-note" role="group" aria-label={t.on} data-obstacle>
      <p>
        <b>{t.note(isoOf(days[0]), isoOf(days[1]))}</b> · {t.changes(comparison.value.length)}
      </p>
      {closed && (
        <>
          <button
            type="button"
            class="button small"
            onClick={() => {
              timeTool.value = "compare";
            }}
          >
            {t.list}
          </button>
          <button type="button" class="button small" onClick={endComparison}>
            {t.end}
          </button>
        </>
      )}
    </div>
  );
}

export function ToolPanel(): JSX.Element | null {
  const tool = timeTool.value;
  if (tool === "closed") return null;
  const t = words.value.time;
  const title = { range: t.range.title, compare: t.compare.title, known: t.asKnown.title }[tool];
  const Inside = { range: RangeTool, compare: CompareTool, known: KnownTool }[tool];
  const close = (): void => {
    timeTool.value = "closed";
  };
  return (
    <section
      class="time-tool"
      aria-label={title}
      data-obstacle
      data-covers
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        close();
      }}
    >
      <header>
        <h2>{title}</h2>
        <button
          type="button"
          class="icon-button"
          aria-label={t.tools.close}
          title={t.tools.close}
          onClick={close}
        >
          <Icon name="close" />
        </button>
      </header>
      <Inside />
    </section>
  );
}
