/** What stands round the map on paper only: the title with the day, and the legend of what is shown. */
import type { JSX } from "preact";
import { grouped } from "../changes";
import { isoOf } from "../dates";
import { comparison, pair } from "../state/changes";
import { kindCounts, phaseCounts } from "../state/day";
import {
  catalogue,
  day,
  isFiltered,
  isToday,
  kindIsOn,
  known,
  lang,
  phaseFilter,
  today,
  words,
} from "../state/store";
import { either, nameIn } from "../text/words";
import { FilteredBy } from "./FilteredBy";
import { KindBadge, Swatch } from "./signs";
import { CompareKey } from "./TimeTools";

export function PaperTitle(): JSX.Element {
  const t = words.value;
  const { area, revision } = catalogue.value!;
  const days = pair.value?.map(isoOf);
  const note = isToday.value ? t.time.today : day.value > today.value ? t.time.ahead : t.time.past;
  return (
    <header class="paper-title">
      <h1>
        {nameIn(lang.value, area)} <small>{either(lang.value, area.within_zh, area.within_en)}</small>
      </h1>
      <p class="paper-day">
        {days ? (
          <b>{t.time.compare.paper(days[0], days[1])}</b>
        ) : (
          <>
            <b>{isoOf(day.value)}</b> {note}
          </>
        )}
        {known.value !== null && ` · ${t.time.known(isoOf(known.value))}`}
      </p>
      <p class="paper-from">
        {t.product} {t.productAlt} · {t.revision(revision)} · {t.paper.printed(isoOf(today.value))}
        <br />
        {t.paper.address(location.href)}
      </p>
    </header>
  );
}

/** The phases that occur, and how a promise is drawn. */
function PhaseKey(): JSX.Element {
  const t = words.value.phases;
  const asked = phaseFilter.value;
  const present = catalogue.value!.phases.filter(
    (phase) => phaseCounts.value.get(phase.id) && (!asked.size || asked.has(phase.id)),
  );
  return (
    <section>
      <h2>{t.title}</h2>
      <ul>
        {present.map((phase) => (
          <li key={phase.id}>
            <Swatch phase={phase.id} />
            <span>{nameIn(lang.value, phase)}</span>
            <span class="count">{phaseCounts.value.get(phase.id)}</span>
          </li>
        ))}
        <li>
          <Swatch state={{ phase: "in_service", basis: "promise", maybe: null }} />
          <span>{t.hollow}</span>
        </li>
      </ul>
    </section>
  );
}

/** The kinds that are on and have something on the map. */
function KindKey(): JSX.Element | null {
  const on = (id: string): number => kindCounts.value.get(id)?.on ?? 0;
  const present = catalogue.value!.kinds.filter((kind) => kindIsOn(kind.id) && on(kind.id) > 0);
  if (!present.length) return null;
  return (
    <section>
      <h2>{words.value.paper.kinds}</h2>
      <ul>
        {present.map((kind) => (
          <li key={kind.id}>
            <KindBadge kind={kind} />
            <span>{nameIn(lang.value, kind)}</span>
            <span class="count">{on(kind.id)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How two days are told apart on the map, and how much changed between them. */
function ComparedKey(): JSX.Element | null {
  const t = words.value.time.compare;
  if (!pair.value) return null;
  const [a, b] = pair.value.map(isoOf);
  return (
    <section>
      <h2>{t.title}</h2>
      <p>
        {t.a} {a}
        <br />
        {t.b} {b}
      </p>
      <CompareKey />
      <p>
        {t.changed(comparison.value.length)}
        <br />
        <small class="paper-changes">
          {grouped(comparison.value)
            .map(({ group, changes }) => `${t.groups[group]} ${changes.length}`)
            .join(" · ")}
        </small>
      </p>
    </section>
  );
}

export function PaperKey(): JSX.Element {
  const t = words.value;
  return (
    <div class={`paper-key${pair.value ? " compared" : ""}`}>
      <ComparedKey />
      <PhaseKey />
      <KindKey />
      {isFiltered.value && (
        <section>
          <h2>{t.filters.on}</h2>
          <FilteredBy />
        </section>
      )}
    </div>
  );
}
