/** Every line as a strip in its own colour: its parts one after the other, each with its stops. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import type { Line, LineState, Section, Station, Stop } from "../data/near";
import { lineStrokes } from "../map/strokes";
import { Failure } from "../panels/Failure";
import { openFrom } from "../panels/focus";
import { Swatch } from "../panels/signs";
import type { PhaseState } from "../phases";
import { lang, selected } from "../state/store";
import { dateIn, listIn, nameIn } from "../text/words";
import { fetchLines, ledTo, lines } from "./ask";
import { openingIn } from "./Entry";
import { called, ink, name, onInk, phaseInfo, shortName, text } from "./said";

const stateOf = ({ phase, basis, maybe }: LineState | Station): PhaseState => ({ phase, basis, maybe });

/** The stretch between two stops in the pattern of its phase: along the strip, whichever way that goes. */
function Stretch(props: { state: PhaseState }): JSX.Element {
  const strokes = lineStrokes(props.state, 5);
  const line = (x2: string, y2: string): JSX.Element[] =>
    strokes.map((stroke, i) => (
      <line
        key={i}
        x1={x2 === "0" ? 6 : 0}
        y1={y2 === "0" ? 6 : 0}
        x2={x2 === "0" ? 6 : x2}
        y2={y2 === "0" ? 6 : y2}
        stroke={stroke.ink === "hue" ? "var(--c)" : "var(--paper)"}
        stroke-width={stroke.width}
        stroke-dasharray={stroke.dash}
        stroke-opacity={stroke.opacity ?? 1}
        stroke-linecap={stroke.round ? "round" : "butt"}
      />
    ));
  return (
    <>
      <svg class="stretch across" aria-hidden="true">
        {line("100%", "0")}
      </svg>
      <svg class="stretch down" aria-hidden="true">
        {line("0", "100%")}
      </svg>
    </>
  );
}

function lineById(id: string): Line | undefined {
  return lines.value.status === "ready" ? lines.value.value.find((line) => line.id === id) : undefined;
}

/** The other lines with a stop of this name. */
function Meets(props: { ids: readonly string[] }): JSX.Element | null {
  const others = props.ids.flatMap((id) => lineById(id) ?? []);
  if (!others.length) return null;
  const names = listIn(lang.value, others.map(name));
  return (
    <span class="meets">
      {others.map((line) => (
        <i key={line.id} style={{ "--c": ink(line), "--on": onInk(line) }} aria-hidden="true">
          {shortName(line)}
        </i>
      ))}
      <span class="only-heard">{text.value.strips.meets(names)}</span>
    </span>
  );
}

function StopMark(props: { stop: Stop; section: Section }): JSX.Element {
  const { stop, section } = props;
  const t = text.value.strips;
  const { station } = stop;
  if (section.listed === "passes") return <i class="dot way" title={t.way} />;
  const kind = station ? `of-${station.phase}` : "named";
  return <i class={`dot ${kind}${stop.meets.length ? " meeting" : ""}`} />;
}

function StopItem(props: { stop: Stop; section: Section; isLast: boolean }): JSX.Element {
  const { stop, section, isLast } = props;
  const t = text.value.strips;
  const { station } = stop;
  const stretch = isLast ? null : <Stretch state={stateOf(section)} />;
  if (stop.gap)
    return (
      <li class="stop gap">
        {stretch}
        <span class="stop-name" aria-label={t.gap} role="note">
          …
        </span>
      </li>
    );
  const phase = station && station.phase !== section.phase ? called(phaseInfo(station.phase)) : "";
  const notes = [phase, station?.precision === "schematic" ? t.schematic : ""].filter(Boolean);
  const label = (
    <>
      <StopMark stop={stop} section={section} />
      <span class="stop-name">{nameIn(lang.value, stop)}</span>
      {notes.length > 0 && <small class="stop-note">{notes.join(" · ")}</small>}
      {station === null && section.listed === "stops" && <span class="only-heard">{t.named}</span>}
      <Meets ids={stop.meets} />
    </>
  );
  return (
    <li class={`stop${station && selected.value === station.id ? " on" : ""}`}>
      {stretch}
      {station ? (
        <button
          type="button"
          class="stop-button"
          aria-pressed={selected.value === station.id}
          onClick={(event) => openFrom(event, station.id)}
        >
          {label}
        </button>
      ) : (
        <span class="stop-button">{label}</span>
      )}
    </li>
  );
}

const publisherOf = ({ said }: Section): string =>
  said ? (lang.value === "zh" ? said.source.publisher_zh : said.source.publisher_en) : "";

/** What a source says beside phase and stops: that a part is on hold, say. */
function Word(props: { section: Section }): JSX.Element | null {
  const { word } = props.section;
  if (!word) return null;
  const zh = lang.value === "zh";
  const quote = (zh ? word.quote_zh : word.quote_en) || word.quote || "";
  const said = word.verbatim ? `“${word.quote}”` : quote;
  const who = zh ? word.source.publisher_zh : word.source.publisher_en;
  return <p class="listed">{text.value.strips.word(who, dateIn(lang.value, word.said_on), said)}</p>;
}

/** How the stops are known, and what is not. */
function ListedNote(props: { section: Section }): JSX.Element {
  const { section } = props;
  const t = text.value.strips;
  const { listed } = section;
  const who = publisherOf(section);
  const how =
    listed === "stops" || listed === "passes"
      ? who
        ? t.listed[listed](who)
        : t.listed.given
      : t.listed[listed];
  const note = section.said && (lang.value === "zh" ? section.said.note_zh : section.said.note_en);
  const counted =
    section.stations && Number(section.stations) > section.named && listed !== "passes"
      ? t.counted(section.stations, section.named)
      : "";
  const said = [how, note, counted].filter(Boolean).map((one) => one!.replace(/\.$/, ""));
  return <p class="listed">{said.join(lang.value === "zh" ? "；" : ". ")}</p>;
}

function PartButton(props: { part: LineState }): JSX.Element {
  const { part } = props;
  const precision = !part.located ? text.value.strips.unlocated : "";
  return (
    <button
      type="button"
      class={`part${selected.value === part.id ? " on" : ""}`}
      aria-pressed={selected.value === part.id}
      onClick={(event) => openFrom(event, part.id)}
    >
      <Swatch state={stateOf(part)} ink={ink(part)} width={30} />
      <b>{name(part)}</b>
      <span>{called(phaseInfo(part.phase))}</span>
      {part.precision === "schematic" && <small>{text.value.strips.schematic}</small>}
      {precision && <small>{precision}</small>}
      <em>{openingIn(part)}</em>
    </button>
  );
}

/** One line on paper, without the rest of the page. */
function printLine(id: string): void {
  const strip = document.getElementById(`line-${id}`);
  const root = document.documentElement;
  strip?.classList.add("alone");
  root.classList.add("print-alone");
  addEventListener(
    "afterprint",
    () => {
      strip?.classList.remove("alone");
      root.classList.remove("print-alone");
    },
    { once: true },
  );
  window.print();
}

function Strip(props: { line: Line }): JSX.Element {
  const { line } = props;
  const t = text.value.strips;
  const parts = line.parts.filter((part) => part.stops.length);
  return (
    <article
      class="strip"
      id={`line-${line.id}`}
      style={{ "--c": ink(line), "--on": onInk(line) }}
      aria-labelledby={`line-name-${line.id}`}
    >
      <header>
        <span class="line-badge" aria-hidden="true">
          {shortName(line)}
        </span>
        <h3 id={`line-name-${line.id}`}>{name(line)}</h3>
        <button type="button" class="quiet print-line" onClick={() => printLine(line.id)}>
          <span aria-hidden="true">{text.value.share.print}</span>
          <span class="only-heard">{text.value.share.line(name(line))}</span>
        </button>
        {(!line.drawn || line.parts[0]?.id !== line.id) && (
          <button type="button" class="quiet" onClick={(event) => openFrom(event, line.id)}>
            {t.whole}
          </button>
        )}
      </header>
      <div class="parts">
        {line.parts.map((part) => (
          <div key={part.id}>
            <PartButton part={part} />
            <ListedNote section={part} />
            <Word section={part} />
            {part.below.length > 0 && (
              <div class="below">
                {part.below.map((below) => (
                  <PartButton key={below.id} part={below} />
                ))}
              </div>
            )}
          </div>
        ))}
      </div>
      {parts.length > 0 && (
        <div class="runs">
          {parts.map((part, p) => {
            const stops = part.joins && p > 0 ? part.stops.slice(1) : part.stops;
            const goesOn = parts[p + 1]?.joins;
            return (
              <ol
                key={part.id}
                class={`run${part.joins && p > 0 ? " joined" : ""}`}
                aria-label={t.stops(name(part))}
                style={{ "--n": stops.length }}
              >
                {part.joins && p > 0 && (
                  <li class="stop join" aria-hidden="true">
                    <Stretch state={stateOf(part)} />
                  </li>
                )}
                {stops.map((stop, i) => (
                  <StopItem
                    key={`${i}-${stop.name_zh}`}
                    stop={stop}
                    section={part}
                    isLast={i === stops.length - 1 && !goesOn}
                  />
                ))}
              </ol>
            );
          })}
        </div>
      )}
    </article>
  );
}

export function Strips(): JSX.Element {
  const t = text.value.strips;
  const state = lines.value;
  useSignalEffect(() => {
    const [id, there] = [ledTo.value, lines.value.status === "ready"];
    // The answer above takes its room first.
    if (id && there)
      setTimeout(() => document.getElementById(`line-${id}`)?.scrollIntoView({ block: "start" }), 400);
  });
  return (
    <section class="strips" aria-labelledby="strips-title">
      <h2 id="strips-title">{t.title}</h2>
      <p class="lede">{t.lede}</p>
      <p class="lede">{t.legend}</p>
      {state.status === "loading" && <p role="status">{t.loading}</p>}
      {state.status === "failed" && (
        <Failure title={t.failed} problem={state.problem} onRetry={() => void fetchLines()} />
      )}
      {state.status === "ready" && state.value.map((line) => <Strip key={line.id} line={line} />)}
      <p class="lede">
        {t.hues} <a href={`/how?lang=${lang.value}#words`}>{t.words}</a>
      </p>
    </section>
  );
}
