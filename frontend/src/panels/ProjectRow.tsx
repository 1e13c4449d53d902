/** One project in a list. */
import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import type { Project } from "../data/types";
import type { PhaseState } from "../phases";
import { hasPhase, hueKey, partsOn, stateOf } from "../state/day";
import { hueVar } from "../state/hues";
import { catalogue, kindOf, lang, nameOf, selected, words } from "../state/store";
import { nameIn } from "../text/words";
import { openFrom } from "./focus";
import { KindBadge, Swatch } from "./signs";

function phaseWord(project: Project, state: PhaseState): string {
  const t = words.value;
  if (!project.properties.drawn) {
    const parts = [...partsOn(project.id).values()].reduce((sum, n) => sum + n, 0);
    return parts ? t.off.parts(parts) : t.off.words;
  }
  if (!hasPhase(project)) return "";
  const phase = catalogue.value!.phases.find((one) => one.id === state.phase);
  const name = phase ? nameIn(lang.value, phase) : "";
  return state.basis === "promise" ? `${name} · ${t.card.promised}` : name;
}

/** One project in a list: its name is the button's name; the phase is its description. */
export function ProjectRow(props: { project: Project; list: string }): JSX.Element {
  const { project } = props;
  const hue = hueKey(project);
  const state = useComputed(() => stateOf(project.id)).value;
  const id = `${props.list}-${project.id}`;
  return (
    <li class="row">
      <button
        type="button"
        aria-describedby={id}
        aria-current={selected.value === project.id ? "true" : undefined}
        onClick={(event) => openFrom(event, project.id)}
      >
        <KindBadge kind={kindOf(project)} hue={hue} />
        <span class="row-name">{nameOf(project)}</span>
        <span class="row-phase" id={id} aria-hidden="true">
          {hasPhase(project) && <Swatch state={state} ink={hueVar(hue)} width={22} />}
          {phaseWord(project, state)}
        </span>
      </button>
    </li>
  );
}
