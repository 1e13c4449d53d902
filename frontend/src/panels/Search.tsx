/** Search over every name of every project, and of the ground: a combobox with a list of results. */
import { batch, computed, signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Project } from "../data/types";
import { hueKey, stateOfAny } from "../state/day";
import { far, searchFar } from "../state/far";
import { hueVar } from "../state/hues";
import { isNarrow } from "../state/narrow";
import {
  buildIndex,
  find,
  findPlaces,
  groupHits,
  type Hit,
  type HitGroup,
  holds,
  type Place,
} from "../state/search";
import {
  ground,
  kindById,
  kindOf,
  lang,
  nameOf,
  place,
  projects,
  query,
  select,
  words,
} from "../state/store";
import { nameIn } from "../text/words";
import { rememberOpener } from "./focus";
import { Icon, KindBadge, Swatch } from "./signs";

/** More than this nobody reads through; the rest is told as a number. */
const MOST = 50;

const index = computed(() => buildIndex([...projects.value]));
const farIndex = computed(() => buildIndex([...far.value]));
const hits = computed(() => [...find(index.value, query.value), ...find(farIndex.value, query.value)]);
const groups = computed(() => groupHits(hits.value.slice(0, MOST)));
/** What of the ground is called so, after the projects. */
const places = computed(() =>
  findPlaces(ground.value.status === "ready" ? ground.value.value.features : [], query.value),
);
/** In the order in which they stand, group after group. */
const results = computed<(Hit | Place)[]>(() => [
  ...groups.value.flatMap((group) => group.hits),
  ...places.value,
]);
/** Open from the start: an address may bring a query, and without one there is nothing to show. */
const open = signal(true);
const active = signal(-1);

const isShown = (): boolean => open.value && query.value.trim() !== "" && projects.value.length > 0;
const optionId = (i: number): string => `search-option-${i}`;

function Option(props: { i: number; onPick: () => void; children: ComponentChildren }): JSX.Element {
  const { i } = props;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox has the keyboard, as the pattern asks
    // biome-ignore lint/a11y/useFocusableInteractive: options are pointed at by aria-activedescendant
    <div
      id={optionId(i)}
      role="option"
      class="option"
      aria-selected={active.value === i}
      onMouseDown={(event) => event.preventDefault()}
      onMouseMove={() => {
        active.value = i;
      }}
      onClick={props.onPick}
    >
      {props.children}
    </div>
  );
}

function ProjectOption(props: { hit: Hit; onPick: (project: Project) => void }): JSX.Element {
  const { project, by } = props.hit;
  const hue = hueKey(project);
  const name = nameOf(project);
  return (
    <Option i={results.value.indexOf(props.hit)} onPick={() => props.onPick(project)}>
      <KindBadge kind={kindOf(project)} hue={hue} />
      <span class="option-name">
        {name}
        {by && by !== name && !holds(name, query.value) && <small>{words.value.search.via(by)}</small>}
      </span>
      <Swatch state={stateOfAny(project)} ink={hueVar(hue)} width={26} />
    </Option>
  );
}

/** Hits under the name of what they are. */
function Group(props: { id: string; name: string; children: ComponentChildren }): JSX.Element {
  const id = `search-kind-${props.id}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of options inside a list box
    <div role="group" aria-labelledby={id} class="option-group">
      <p id={id} class="option-kind" role="presentation">
        {props.name}
      </p>
      {props.children}
    </div>
  );
}

function Groups(props: { onPick: (hit: Hit | Place) => void }): JSX.Element {
  return (
    <>
      {groups.value.map(({ kind, hits: own }: HitGroup) => (
        <Group key={kind} id={kind} name={nameIn(lang.value, kindById.value.get(kind)!)}>
          {own.map((hit) => (
            <ProjectOption key={hit.project.id} hit={hit} onPick={() => props.onPick(hit)} />
          ))}
        </Group>
      ))}
      {places.value.length > 0 && (
        <Group id="places" name={words.value.search.places}>
          {places.value.map((one) => (
            <Option key={one.id} i={results.value.indexOf(one)} onPick={() => props.onPick(one)}>
              <span class="option-name">{nameIn(lang.value, one.properties)}</span>
            </Option>
          ))}
        </Group>
      )}
    </>
  );
}

export function Search(): JSX.Element {
  const t = words.value.search;
  const input = useRef<HTMLInputElement>(null);
  const shown = isShown();
  useEffect(searchFar, []);

  const more = Math.max(0, hits.value.length - MOST);

  const pick = (hit: Hit | Place): void => {
    batch(() => {
      open.value = false;
      active.value = -1;
      query.value = "";
      if ("project" in hit) {
        rememberOpener(input.current);
        select(hit.project.id, true);
      } else {
        select(null);
        place.value = hit;
      }
    });
  };
  const step = (by: number): void => {
    const n = results.value.length;
    open.value = true;
    active.value = n ? (active.value + by + n + (active.value < 0 && by < 0 ? 1 : 0)) % n : -1;
    document.getElementById(optionId(active.value))?.scrollIntoView({ block: "nearest" });
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    // A key may come before the list is drawn anew: ask what is so, not what was drawn.
    else if (event.key === "Enter" && isShown()) {
      const hit = results.value[Math.max(0, active.value)];
      if (hit) pick(hit);
    } else if (event.key === "Escape" && query.value) {
      if (isShown()) open.value = false;
      else query.value = "";
      event.stopPropagation();
    } else return;
    event.preventDefault();
  };

  return (
    <div class="search">
      <Icon name="search" />
      <input
        ref={input}
        id="search"
        type="text"
        role="combobox"
        aria-label={t.label}
        aria-expanded={shown}
        aria-controls="search-results"
        aria-autocomplete="list"
        aria-activedescendant={shown && active.value >= 0 ? optionId(active.value) : undefined}
        placeholder={isNarrow.value ? t.placeholderShort : t.placeholder}
        autocomplete="off"
        spellcheck={false}
        value={query.value}
        onInput={(event) => {
          query.value = event.currentTarget.value;
          active.value = -1;
          open.value = true;
        }}
        onFocus={() => {
          open.value = true;
        }}
        onBlur={() => {
          open.value = false;
        }}
        onKeyDown={onKey}
      />
      {query.value && (
        <button
          type="button"
          class="icon-button clear"
          aria-label={t.clear}
          onClick={() => {
            query.value = "";
            input.current?.focus();
          }}
        >
          <Icon name="close" size={14} />
        </button>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: pressing its scroll bar must not leave the field */}
      <div
        class="results"
        hidden={!shown || !results.value.length}
        onMouseDown={(event) => event.preventDefault()}
      >
        <div id="search-results" role="listbox" aria-label={t.options}>
          {shown && <Groups onPick={pick} />}
        </div>
        {shown && more > 0 && <p class="more">{t.more(more)}</p>}
      </div>
      {shown && !results.value.length && (
        <p class="results none">
          {t.none(query.value.trim())} <small>{t.how}</small>
        </p>
      )}
      <p class="only-heard" role="status">
        {shown ? t.count(hits.value.length + places.value.length) : ""}
      </p>
    </div>
  );
}
