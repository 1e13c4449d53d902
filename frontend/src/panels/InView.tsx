/** The list of the projects in view: in step with the map, in the order chosen, grouped if wanted. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { type Listed, SORTS, type Sort } from "../state/listing";
import { camera, clearFilters, isFiltered, lang, words } from "../state/store";
import { entriesInView, grouped, groupsInView, setOrder, sort } from "../state/walk";
import { nameIn } from "../text/words";
import { FilteredBy } from "./FilteredBy";
import { ProjectRow } from "./ProjectRow";

function Order(): JSX.Element {
  const t = words.value.inView;
  return (
    <p class="pick">
      <label for="sort">{t.sort}</label>
      <select
        id="sort"
        value={sort.value}
        onChange={(event) => setOrder({ sort: event.currentTarget.value as Sort })}
      >
        {SORTS.map((one) => (
          <option key={one} value={one}>
            {t.sorts[one]}
          </option>
        ))}
      </select>
      <label class="tick">
        <input
          type="checkbox"
          checked={grouped.value}
          onChange={(event) => setOrder({ grouped: event.currentTarget.checked })}
        />
        {t.grouped}
      </label>
    </p>
  );
}

/** Why there is nothing in the list, and the ways on. */
function Empty(): JSX.Element {
  const t = words.value.inView;
  return (
    <div class="empty why">
      <p>{isFiltered.value ? t.emptyFiltered : t.empty}</p>
      {isFiltered.value && <FilteredBy />}
      <p>
        {isFiltered.value && (
          <button type="button" class="button small" onClick={clearFilters}>
            {words.value.filters.clear}
          </button>
        )}
        {camera.value && (
          <button
            type="button"
            class="button small"
            onClick={() => {
              camera.value = null;
            }}
          >
            {words.value.sheet.home}
          </button>
        )}
      </p>
    </div>
  );
}

/** So many rows are listed at first, and more with each press. */
const PAGE = 200;
const listed = signal(PAGE);

const rows = (entries: Listed[]): JSX.Element[] =>
  entries.map(({ project }) => <ProjectRow key={project.id} project={project} list="in-view" />);

function Grouped(): JSX.Element {
  let room = listed.value;
  return (
    <ul aria-label={words.value.inView.title}>
      {groupsInView.value.map(({ kind, entries }) => {
        const shown = entries.slice(0, room);
        room -= shown.length;
        return (
          <li key={kind.id}>
            <h3 class="group-name">
              {nameIn(lang.value, kind)} <b class="number">{entries.length}</b>
            </h3>
            <ul class="rows">{rows(shown)}</ul>
          </li>
        );
      })}
    </ul>
  );
}

function More(props: { rest: number }): JSX.Element {
  return (
    <button
      type="button"
      class="button small"
      onClick={() => {
        listed.value += PAGE;
      }}
    >
      {words.value.inView.more(Math.min(PAGE, props.rest), props.rest)}
    </button>
  );
}

export function InView(): JSX.Element {
  const t = words.value.inView;
  const entries = entriesInView.value;
  return (
    <section class="block" id="projects">
      <h2>
        {t.title} <b class="number">{entries.length}</b>
        <small>{t.lede}</small>
      </h2>
      <Order />
      {entries.length === 0 && <Empty />}
      {grouped.value ? (
        <Grouped />
      ) : (
        <ul class="rows" aria-label={t.title}>
          {rows(entries.slice(0, listed.value))}
        </ul>
      )}
      {entries.length > listed.value && <More rest={entries.length - listed.value} />}
    </section>
  );
}
