/** The question: near what, how far, until which year, and of what. */
import { batch, computed, signal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { findPlaces, type Line, type PlaceFound } from "../data/near";
import { Icon } from "../panels/signs";
import { isNarrow } from "../state/narrow";
import { fold } from "../state/search";
import { catalogue, lang } from "../state/store";
import { listIn } from "../text/words";
import { ledTo, lines, offered, put, putPlace, putPoint, question, shown } from "./ask";
import { accuracy, locate, locating, trouble } from "./here";
import { isAsked, RADII, readPair, USUAL } from "./question";
import { name, reach, shortName, text } from "./said";

const YEARS_AHEAD = 8;
const TYPING_MS = 180;
const SHOWN_OFFERS = 6;

const typed = signal("");
const editing = signal(false);
const found = signal<readonly PlaceFound[] | null>(null);
const active = signal(-1);
/** The lines of the page whose name holds what is typed, or whose number it is. */
const linesFound = computed<readonly Line[]>(() => {
  const words = fold(typed.value);
  if (!words || lines.value.status !== "ready") return [];
  return lines.value.value.filter(
    (line) =>
      fold(shortName(line)) === words ||
      (words.length > 1 && [line.name_zh, line.name_en].some((one) => fold(one).includes(words))),
  );
});
const open = computed(() => editing.value && (found.value !== null || linesFound.value.length > 0));

const optionId = (i: number): string => `place-option-${i}`;

/** What stands in the field when nobody types: the place that is asked about. */
const placeName = computed(() => {
  const { place, lon, lat } = question.value;
  const t = text.value.ask;
  if (place) {
    const known = [shown.value?.place, ...offered.value].find(
      (one) => one && (one.id === place || one.name_zh === place || one.name_en === place),
    );
    return known ? name(known) : place;
  }
  if (lon && accuracy.value !== null) return t.mine;
  return lon || lat ? t.point(shorter(lon), shorter(lat)) : "";
});

const shorter = (degrees: string): string => {
  const value = Number(degrees);
  return Number.isFinite(value) && degrees ? String(Number(value.toFixed(4))) : degrees;
};

let timer = 0;
let asking: AbortController | null = null;

/** Look for places while somebody types, a moment after the last letter. */
function look(words: string): void {
  clearTimeout(timer);
  asking?.abort();
  active.value = -1;
  if (!words.trim()) {
    found.value = null;
    return;
  }
  timer = window.setTimeout(async () => {
    const mine = new AbortController();
    asking = mine;
    if (readPair(words, catalogue.value?.area.bbox_lonlat)) {
      found.value = null;
      return;
    }
    try {
      const places = await findPlaces(words.trim(), mine.signal);
      if (asking === mine) found.value = places;
    } catch {
      // Without suggestions the name can still be asked for as it is.
      if (asking === mine) found.value = null;
    }
  }, TYPING_MS);
}

function endTyping(): void {
  batch(() => {
    editing.value = false;
    typed.value = "";
    found.value = null;
  });
}

function choose(place: PlaceFound): void {
  endTyping();
  accuracy.value = null;
  // Only a project has an id; what is only ground is found again by its name.
  putPlace(place.id || place.name_zh);
}

/** A line has no place to be near: its strip is what is wanted. */
function leadTo(line: Line): void {
  endTyping();
  // Led to once more, it is scrolled to once more.
  ledTo.value = null;
  ledTo.value = line.id;
}

/** Take what was typed as it is: a line, coordinates, or a name that the service is to find. */
function take(): void {
  const words = typed.value.trim();
  if (!words) return;
  clearTimeout(timer);
  asking?.abort();
  if (linesFound.value.length && !found.value?.length) {
    leadTo(linesFound.value[0]);
    return;
  }
  const pair = readPair(words, catalogue.value?.area.bbox_lonlat);
  endTyping();
  accuracy.value = null;
  if (pair) putPoint(pair.lon, pair.lat, "wgs84");
  else putPlace(words);
}

/** What an option is, and how sure its place. */
function kindOfOption(one: Line | PlaceFound): string {
  if ("parts" in one) return text.value.ask.line;
  const kind = name({ name_zh: one.label_zh, name_en: one.label_en });
  return one.precision === "schematic" ? `${kind} · ${text.value.entry.schematic}` : kind;
}

function PlaceField(): JSX.Element {
  const t = text.value.ask;
  const input = useRef<HTMLInputElement>(null);
  const options: readonly (Line | PlaceFound)[] = [...linesFound.value, ...(found.value ?? [])];
  const pick = (one: Line | PlaceFound): void => ("parts" in one ? leadTo(one) : choose(one));
  const step = (by: number): void => {
    const n = options.length;
    active.value = n ? (active.value + by + n + (active.value < 0 && by < 0 ? 1 : 0)) % n : -1;
    document.getElementById(optionId(active.value))?.scrollIntoView({ block: "nearest" });
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" && options.length) step(1);
    else if (event.key === "ArrowUp" && options.length) step(-1);
    else if (event.key === "Enter") {
      if (options[active.value]) pick(options[active.value]);
      else take();
      input.current?.blur();
    } else if (event.key === "Escape" && editing.value) {
      endTyping();
    } else return;
    event.preventDefault();
  };
  return (
    <div class="place-field">
      <label for="place">{t.place}</label>
      <div class="field">
        <Icon name="search" />
        <input
          ref={input}
          id="place"
          type="text"
          role="combobox"
          aria-expanded={open.value && options.length > 0}
          aria-controls="place-options"
          aria-autocomplete="list"
          aria-activedescendant={open.value && active.value >= 0 ? optionId(active.value) : undefined}
          placeholder={t.placeHint}
          autocomplete="off"
          enterkeyhint="search"
          spellcheck={false}
          value={editing.value ? typed.value : placeName.value}
          onFocus={(event) => {
            typed.value = "";
            editing.value = true;
            event.currentTarget.select();
          }}
          onBlur={() => {
            editing.value = false;
          }}
          onInput={(event) => {
            editing.value = true;
            typed.value = event.currentTarget.value;
            look(typed.value);
          }}
          onKeyDown={onKey}
        />
        {!editing.value && isAsked(question.value) && (
          <button
            type="button"
            class="icon-button"
            aria-label={t.clear}
            onClick={() => {
              putPlace("");
              input.current?.focus();
            }}
          >
            <Icon name="close" size={14} />
          </button>
        )}
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: pressing its scroll bar must not leave the field */}
      <div
        class="place-options"
        hidden={!open.value || !options.length}
        onMouseDown={(event) => event.preventDefault()}
      >
        <div id="place-options" role="listbox" aria-label={t.options}>
          {options.map((one, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox has the keyboard, as the pattern asks
            // biome-ignore lint/a11y/useFocusableInteractive: options are pointed at by aria-activedescendant
            <div
              key={one.id || one.name_zh}
              id={optionId(i)}
              role="option"
              class="place-option"
              aria-selected={active.value === i}
              onMouseMove={() => {
                active.value = i;
              }}
              onClick={() => {
                pick(one);
                input.current?.blur();
              }}
            >
              <b>{name(one)}</b>
              <small>{kindOfOption(one)}</small>
            </div>
          ))}
        </div>
      </div>
      {open.value && !options.length && <p class="place-options none">{t.none(typed.value.trim())}</p>}
      <p class="only-heard" role="status">
        {open.value && options.length ? t.several(options.length) : ""}
      </p>
    </div>
  );
}

/** Where somebody may begin who has nothing typed yet. */
function Offers(): JSX.Element | null {
  const t = text.value.ask;
  if (isAsked(question.value) || !offered.value.length) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: buttons that belong together, not a form
    <div class="offers" role="group" aria-label={t.offered}>
      <p>{t.offered}</p>
      {offered.value.slice(0, SHOWN_OFFERS).map((place) => (
        <button key={place.id} type="button" class="button" onClick={() => choose(place)}>
          {name(place)}
        </button>
      ))}
    </div>
  );
}

/** In which coordinates a point is read; it can be told otherwise afterwards. */
function DatumChoice(): JSX.Element | null {
  const { lon, datum } = question.value;
  const t = text.value.ask.datum;
  // A point of this map is in the coordinates of this map.
  if (!lon || !datum) return null;
  const isShifted = datum === "gcj02";
  return (
    <div class="datum">
      <p>
        {isShifted ? t.gcj02Said : t.wgs84Said}
        {!isShifted && accuracy.value !== null && ` ${text.value.ask.accuracy(Math.round(accuracy.value))}`}
      </p>
      <details>
        <summary>{t.off}</summary>
        <p>{t.why}</p>
        <button type="button" class="button" onClick={() => put({ datum: isShifted ? "wgs84" : "gcj02" })}>
          {isShifted ? t.wgs84 : t.gcj02}
        </button>
      </details>
    </div>
  );
}

function Radius(): JSX.Element {
  const t = text.value.ask;
  return (
    <fieldset class="choices">
      <legend>{t.radius}</legend>
      <div class="segments">
        {RADII.map((metres) => (
          <label key={metres}>
            <input
              type="radio"
              name="radius"
              value={metres}
              checked={question.value.radius_m === String(metres)}
              onChange={() => put({ radius_m: String(metres) })}
            />
            <span>{reach(metres)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

const thisYear = (): number => Number((catalogue.value?.today ?? new Date().toISOString()).slice(0, 4));

/** As the service takes it where nothing is said. */
const usualYear = (): string => String(thisYear() + 2);

function Until(): JSX.Element {
  const t = text.value.ask;
  const now = thisYear();
  const years = Array.from({ length: YEARS_AHEAD + 1 }, (_, i) => now + i);
  const chosen = question.value.by || usualYear();
  return (
    <label class="until">
      <span>{t.until}</span>
      <select value={chosen} onChange={(event) => put({ by: event.currentTarget.value })}>
        {!years.map(String).includes(chosen) && <option value={chosen}>{chosen}</option>}
        {years.map((year) => (
          <option key={year} value={String(year)}>
            {t.byYear(year)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Groups(): JSX.Element {
  const t = text.value.ask;
  const groups = (catalogue.value?.groups ?? []).filter((group) => group.id !== "context");
  // Their room is kept, so that nothing moves when they come.
  if (!groups.length) return <div class="groups waiting" />;
  const on = question.value.groups.length ? question.value.groups : USUAL;
  const toggle = (id: string): void => {
    const next = on.includes(id) ? on.filter((one) => one !== id) : [...on, id];
    const isUsual = next.length === USUAL.length && USUAL.every((one) => next.includes(one));
    put({ groups: isUsual ? [] : next });
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: switches that belong together, not a form
    <div class="groups" role="group" aria-label={t.groups}>
      {groups.map((group) => (
        <button
          key={group.id}
          type="button"
          class="chip"
          aria-pressed={on.includes(group.id)}
          onClick={() => toggle(group.id)}
        >
          {name(group)}
        </button>
      ))}
    </div>
  );
}

/** On a phone all but the place takes one line: the answer is what is wanted, and before it the map. */
const unfolded = signal(false);
const folded = computed(() => isNarrow.value && !unfolded.value);

/** The question in a line. */
function asked(): string {
  const t = text.value.ask;
  const { radius_m, by, groups } = question.value;
  const until = Number((by || shown.value?.by || usualYear()).slice(0, 4));
  const on = groups.length ? groups : USUAL;
  const names = (catalogue.value?.groups ?? []).filter((group) => on.includes(group.id)).map(name);
  const far = Number(radius_m);
  return [Number.isFinite(far) ? reach(far) : "", until ? t.byYear(until) : "", listIn(lang.value, names)]
    .filter(Boolean)
    .join(" · ");
}

export function Ask(): JSX.Element {
  const t = text.value.ask;
  // A question that came with an address is not being typed.
  useSignalEffect(() => {
    void question.value;
    found.value = null;
  });
  return (
    <section class="ask" aria-labelledby="ask-title">
      <h1 id="ask-title">{t.title}</h1>
      <PlaceField />
      <button type="button" class="button here" disabled={locating.value} onClick={locate}>
        <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor">
          <circle cx="8" cy="8" r="4.5" stroke-width="1.6" />
          <path d="M8 1v3M8 12v3M1 8h3M12 8h3" stroke-width="1.6" />
        </svg>
        {locating.value ? t.locating : t.here}
      </button>
      {trouble.value && (
        <p class="trouble" role="alert">
          {t.trouble[trouble.value]}
        </p>
      )}
      <Offers />
      <DatumChoice />
      <details class="how-far" open={!folded.value}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: a summary is the button of its details */}
        <summary
          onClick={(event) => {
            event.preventDefault();
            unfolded.value = !unfolded.value;
          }}
        >
          {asked()}
        </summary>
        <Radius />
        <Until />
        <Groups />
      </details>
    </section>
  );
}
