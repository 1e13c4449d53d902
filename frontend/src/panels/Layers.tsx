/** The left column: phases (legend and filter), layers, the projects in view, and those not on the map. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { KindInfo, PhaseInfo } from "../data/types";
import { kindCounts, offMap, phaseCounts, shownCounts } from "../state/day";
import {
  catalogue,
  clearFilters,
  drawer,
  isFiltered,
  kindIsOn,
  lang,
  onlySpoken,
  phaseFilter,
  selected,
  setAllKinds,
  toggleKind,
  togglePhase,
  toggleSpoken,
  words,
} from "../state/store";
import { either, nameIn } from "../text/words";
import { BaseSwitch } from "./BaseSwitch";
import { counted, placed } from "./counted";
import { Downloads } from "./Downloads";
import { HowLink } from "./HowLink";
import { InView } from "./InView";
import { Precisions } from "./Precisions";
import { ProjectRow } from "./ProjectRow";
import { Icon, KindBadge, Swatch } from "./signs";
import { TiledInView, TiledNote } from "./Tiled";

/** That something is filtered away, how much, and the way back. */
function FilterNote(): JSX.Element | null {
  if (!isFiltered.value) return null;
  const t = words.value.filters;
  const { n, of, containers } = shownCounts.value;
  return (
    <div class="filter-note" role="status">
      <p>
        <b>{t.on}</b> · {t.shown(n, of)}
      </p>
      <button type="button" class="button small" onClick={clearFilters}>
        {t.clear}
      </button>
      {containers > 0 && <p class="lede">{t.containers(containers)}</p>}
    </div>
  );
}

/** What the numbers on this page are numbers of. */
function Counted(): JSX.Element {
  return (
    <p class="lede counted">
      {counted()} {placed()}
    </p>
  );
}

function PhaseChip(props: { phase: PhaseInfo }): JSX.Element {
  const { phase } = props;
  const pressed = phaseFilter.value.has(phase.id);
  const count = phaseCounts.value.get(phase.id) ?? 0;
  const id = `phase-count-${phase.id}`;
  return (
    <button
      type="button"
      class="phase"
      aria-pressed={pressed}
      aria-describedby={id}
      onClick={() => togglePhase(phase.id)}
    >
      <Swatch phase={phase.id} />
      <span>{nameIn(lang.value, phase)}</span>
      <span class="count" id={id} aria-hidden="true">
        {count}
      </span>
    </button>
  );
}

/** What each phase means. Not on the chips themselves, which filter. */
function PhaseWords(props: { phases: readonly PhaseInfo[] }): JSX.Element {
  return (
    <details class="phase-words">
      <summary>{words.value.phases.meaning}</summary>
      <dl>
        {props.phases.map((phase) => (
          <div key={phase.id}>
            <dt>{nameIn(lang.value, phase)}</dt>
            <dd>{either(lang.value, phase.explain_zh, phase.explain_en)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function Phases(): JSX.Element {
  const t = words.value.phases;
  // What nobody stated comes last: it is an absence, not a stage.
  const all = catalogue.value!.phases;
  const ordered = [...all.filter((phase) => phase.code), ...all.filter((phase) => !phase.code)];
  return (
    <section class="block">
      <h2>
        {t.title}
        <small>{t.lede}</small>
      </h2>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form; these are toggles */}
      <div class="phases" role="group" aria-label={t.title}>
        {ordered.map((phase) => (
          <PhaseChip key={phase.id} phase={phase} />
        ))}
      </div>
      <button
        type="button"
        class="spoken"
        aria-pressed={onlySpoken.value && phaseFilter.value.size > 0}
        onClick={toggleSpoken}
      >
        {t.spoken}
      </button>
      <p class="phase-note">
        <Swatch state={{ phase: "in_service", basis: "promise", maybe: null }} />
        <span>{t.hollow}</span>
        {phaseFilter.value.size > 0 && (
          <button
            type="button"
            class="quiet"
            onClick={() => {
              phaseFilter.value = new Set();
            }}
          >
            {t.clear}
          </button>
        )}
      </p>
      <PhaseWords phases={ordered} />
    </section>
  );
}

function Layer(props: { kind: KindInfo }): JSX.Element {
  const { kind } = props;
  const on = kindIsOn(kind.id);
  const counts = kindCounts.value.get(kind.id) ?? { on: 0, all: 0 };
  const id = `layer-${kind.id}`;
  return (
    <li class={`layer${on ? "" : " off"}`}>
      <KindBadge kind={kind} />
      <label for={id}>{nameIn(lang.value, kind)}</label>
      <span class="count" aria-hidden="true">
        <b>{counts.on}</b> / {counts.all}
      </span>
      <span class="only-heard" id={`${id}-count`}>
        {words.value.layers.describe(counts.on, counts.all)}
      </span>
      <input
        id={id}
        type="checkbox"
        checked={on}
        aria-describedby={`${id}-count`}
        onChange={() => toggleKind(kind.id)}
      />
      <span class="switch" aria-hidden="true" />
    </li>
  );
}

function Layers(): JSX.Element {
  const t = words.value.layers;
  return (
    <section class="block" id="layers" aria-label={t.title}>
      <h2>
        {t.title}
        <small>{t.counts}</small>
      </h2>
      <ul class="layers">
        {catalogue.value!.kinds.map((kind) => (
          <Layer key={kind.id} kind={kind} />
        ))}
      </ul>
      <p class="layer-all">
        <button type="button" class="quiet" onClick={() => setAllKinds(true)}>
          {t.all}
        </button>
        <button type="button" class="quiet" onClick={() => setAllKinds(false)}>
          {t.none}
        </button>
      </p>
      <BaseSwitch />
    </section>
  );
}

function OffMap(): JSX.Element {
  const t = words.value.off;
  const groups = offMap.value;
  const total = groups.reduce((sum, entry) => sum + entry.projects.length, 0);
  return (
    <section class="block" id="off">
      <h2>
        {t.title} <b class="number">{total}</b>
      </h2>
      <p class="lede">{total ? t.lede : t.empty}</p>
      <ul aria-label={t.title}>
        {groups.map(({ group, projects }) => (
          <li key={group.id}>
            <details open>
              <summary>
                <Icon name="chevron" size={12} />
                <span>{nameIn(lang.value, group)}</span>
                <b class="number">{projects.length}</b>
              </summary>
              <ul class="rows">
                {projects.map((project) => (
                  <ProjectRow key={project.id} project={project} list="off" />
                ))}
              </ul>
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Credits(): JSX.Element {
  const t = words.value;
  const { credits, site } = catalogue.value!;
  const footer = either(lang.value, site.footer_zh, site.footer_en);
  return (
    <section class="block credits">
      <h2>{t.about}</h2>
      {credits.map((credit) => (
        <p key={credit.en}>
          {either(lang.value, credit.zh, credit.en)}
          {credit.licence && ` · ${credit.licence}`}
        </p>
      ))}
      <p>{t.sheet.outline}</p>
      {site.map_approval && (
        <p>
          {t.mapApproval} {site.map_approval}
        </p>
      )}
      {footer && <p>{footer}</p>}
      <p class="how-line">
        <HowLink />
      </p>
    </section>
  );
}

export function LeftColumn(): JSX.Element {
  const t = words.value;
  const { area, revision } = catalogue.value!;
  const shown = drawer.value;
  const column = useRef<HTMLDivElement>(null);
  const last = useRef("");
  useEffect(() => {
    if (shown === "closed") {
      // Back to the button that opened it, unless a card took over.
      if (last.current && !selected.value)
        document.querySelector<HTMLElement>(`[data-opens="${last.current}"]`)?.focus();
      last.current = "";
      return;
    }
    last.current = shown;
    const start = document.getElementById(shown);
    if (shown === "layers") column.current?.scrollTo({ top: 0 });
    else start?.scrollIntoView();
    column.current?.querySelector<HTMLElement>(".drawer-close")?.focus();
  }, [shown]);
  return (
    <div class={`left${shown === "closed" ? "" : " open"}`} ref={column}>
      <header class="place">
        <div>
          <h2>{nameIn(lang.value, area)}</h2>
          <p>{either(lang.value, area.within_zh, area.within_en)}</p>
        </div>
        <span class="revision">{t.revision(revision)}</span>
        <button
          type="button"
          class="icon-button drawer-close"
          aria-label={t.card.close}
          onClick={() => {
            drawer.value = "closed";
          }}
        >
          <Icon name="close" />
        </button>
      </header>
      <FilterNote />
      <Phases />
      <Layers />
      <Precisions />
      <Counted />
      <TiledNote />
      <InView />
      <TiledInView />
      <Downloads />
      <OffMap />
      <Credits />
    </div>
  );
}
