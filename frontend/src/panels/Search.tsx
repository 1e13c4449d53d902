/** Search over every name of every project: a combobox with a list of results. */
import { computed, signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Project } from "../data/types";
import { hueKey, stateOfAny } from "../state/day";
import { far, searchFar } from "../state/far";
import { hueVar } from "../state/hues";
import { isNarrow } from "../state/narrow";
import { buildIndex, find, groupHits, type Hit, type HitGroup, holds } from "../state/search";
import { kindById, kindOf, lang, nameOf, projects, query, select, words } from "../state/store";
import { nameIn } from "../text/words";
import { rememberOpener } from "./focus";
import { Icon, KindBadge, Swatch } from "./signs";

/** More than this nobody reads through; the rest is told as a number. */
const MOST = 50;

const index = computed(() => buildIndex([...projects.value]));
const farIndex = computed(() => buildIndex([...far.value]));
const hits = computed(() => [...find(index.value, query.value), ...find(farIndex.value, query.value)]);
const groups = computed(() => groupHits(hits.value.slice(0, MOST)));
/** In the order in which they stand, group after group. */
const results = computed(() => groups.value.flatMap((group) => group.hits));
/** Open from the start: an address may bring a query, and without one there is nothing to show. */
const open = signal(true);
const active = signal(-1);

const isShown = (): boolean => open.value && query.value.trim() !== "" && projects.value.length > 0;
const optionId = (i: number): string => `search-option-${i}`;

function Option(props: { hit: Hit; i: number; onPick: (project: Project) => void }): JSX.Element {
  const { hit, i } = props;
  const { project, by } = hit;
  const kind = kindOf(project);
  const hue = hueKey(project);
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
      onClick={() => props.onPick(project)}
    >
      <KindBadge kind={kind} hue={hue} />
      <span class="option-name">
        {nameOf(project)}
        {by && by !== nameOf(project) && !holds(nameOf(project), query.value) && (
          <small>{words.value.search.via(by)}</small>
        )}
      </span>
      <Swatch state={stateOfAny(project)} ink={hueVar(hue)} width={26} />
    </div>
  );
}

/** The hits of one kind under its name. */
function Group(props: { group: HitGroup; onPick: (project: Project) => void }): JSX.Element {
  const { kind, hits: own } = props.group;
  const id = `search-kind-${kind}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of options inside a list box
    <div role="group" aria-labelledby={id} class="option-group">
      <p id={id} class="option-kind" role="presentation">
        {nameIn(lang.value, kindById.value.get(kind)!)}
      </p>
      {own.map((hit) => (
        <Option key={hit.project.id} hit={hit} i={results.value.indexOf(hit)} onPick={props.onPick} />
      ))}
    </div>
  );
}

export function Search(): JSX.Element {
  const t = words.value.search;
  const input = useRef<HTMLInputElement>(null);
  const shown = isShown();
  useEffect(searchFar, []);

  const more = hits.value.length - results.value.length;

  const pick = (project: Project): void => {
    open.value = false;
    active.value = -1;
    query.value = "";
    rememberOpener(input.current);
    select(project.id);
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
      if (hit) pick(hit.project);
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
          {shown && groups.value.map((group) => <Group key={group.kind} {...{ group, onPick: pick }} />)}
        </div>
        {shown && more > 0 && <p class="more">{t.more(more)}</p>}
      </div>
      {shown && !results.value.length && (
        <p class="results none">
          {t.none(query.value.trim())} <small>{t.how}</small>
        </p>
      )}
      <p class="only-heard" role="status">
        {shown ? t.count(hits.value.length) : ""}
      </p>
    </div>
  );
}
