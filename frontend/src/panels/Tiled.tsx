/** The kinds that come as tiles: what of them is in view, and what the numbers of the page leave out. */
import type { JSX } from "preact";
import { hueVar } from "../state/hues";
import { catalogue, kindById, lang, selected, tiledKinds, words } from "../state/store";
import { type TiledProject, tiledOn, tiledView, tilesAsked, tilesMissing } from "../state/tiled";
import { nameIn } from "../text/words";
import { openFrom } from "./focus";
import { KindBadge, Swatch } from "./signs";

function TiledRow(props: { project: TiledProject }): JSX.Element {
  const { id, kind, state } = props.project;
  const phase = catalogue.value!.phases.find((one) => one.id === state.phase);
  const promised = state.basis === "promise" ? words.value.card.promised : "";
  return (
    <li class="row">
      <button
        type="button"
        aria-describedby={`tiled-${id}`}
        aria-current={selected.value === id ? "true" : undefined}
        onClick={(event) => openFrom(event, id)}
      >
        <KindBadge kind={kindById.value.get(kind)!} />
        <span class="row-name">{nameIn(lang.value, props.project)}</span>
        <span class="row-phase" id={`tiled-${id}`} aria-hidden="true">
          <Swatch state={state} ink={hueVar(kind)} width={22} />
          {[phase ? nameIn(lang.value, phase) : "", promised].filter(Boolean).join(" · ")}
        </span>
      </button>
    </li>
  );
}

/** The list of what the tiles in view draw one by one, as far as it goes. */
export function TiledInView(): JSX.Element | null {
  if (!tiledOn.value.length) return null;
  const t = words.value.tiled;
  const { listed, single, crowded } = tiledView.value;
  return (
    <section class="block" id="tiled">
      <h2>
        {t.title} <b class="number">{single + crowded}</b>
        <small>{t.lede}</small>
      </h2>
      {tilesMissing.value > 0 && (
        <p class="lede" role="status">
          {t.missing(tilesMissing.value)}{" "}
          <button
            type="button"
            class="button small"
            onClick={() => {
              tilesAsked.value += 1;
            }}
          >
            {words.value.fail.retry}
          </button>
        </p>
      )}
      {crowded > 0 && <p class="lede">{t.crowded(crowded)}</p>}
      {single > listed.length && <p class="lede">{t.first(listed.length, single)}</p>}
      <ul class="rows" aria-label={t.title}>
        {listed.map((project) => (
          <TiledRow key={project.id} project={project} />
        ))}
      </ul>
    </section>
  );
}

/** What the numbers on this page do not hold. */
export function TiledNote(): JSX.Element | null {
  const kinds = tiledKinds.value;
  if (!kinds.length) return null;
  const names = kinds.map((kind) => nameIn(lang.value, kind));
  const count = kinds.reduce((sum, kind) => sum + kind.projects, 0);
  return <p class="lede counted">{words.value.tiled.leftOut(names, count)}</p>;
}
