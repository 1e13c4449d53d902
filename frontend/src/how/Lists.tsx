/** Lists of projects, each a way to the map. */
import type { JSX } from "preact";
import type { Listed, ProjectNamed } from "../data/sources";
import { Icon, KindBadge } from "../panels/signs";
import { lang } from "../state/store";
import { nameIn } from "../text/words";
import { byKind, onMap, text } from "./state";

export function Projects(props: { projects: readonly ProjectNamed[]; missing?: number }): JSX.Element {
  const { projects, missing = 0 } = props;
  return (
    <ul class="how-projects">
      {projects.map((project) => (
        <li key={project.id}>
          <a href={onMap(`project=${encodeURIComponent(project.id)}`)}>{nameIn(lang.value, project)}</a>
        </li>
      ))}
      {missing > 0 && <li class="lede">{text.value.more(missing)}</li>}
    </ul>
  );
}

/** What opens: a word and a number in its head. */
export function Opening(props: {
  head: JSX.Element | string;
  n: number;
  children: JSX.Element;
}): JSX.Element {
  return (
    <details class="how-opening">
      <summary>
        <Icon name="chevron" size={12} />
        <span>{props.head}</span>
        <b class="number">{props.n}</b>
      </summary>
      {props.children}
    </details>
  );
}

/** A list by kinds, each of which opens. */
export function ByKind(props: { listed: Listed }): JSX.Element {
  const { listed } = props;
  return (
    <>
      {byKind(listed).map(({ kind, projects }) => (
        <Opening
          key={kind.id}
          n={projects.length}
          head={
            <>
              <KindBadge kind={kind} />
              {nameIn(lang.value, kind)}
            </>
          }
        >
          <Projects projects={projects} />
        </Opening>
      ))}
      {listed.count > listed.projects.length && (
        <p class="lede">{text.value.more(listed.count - listed.projects.length)}</p>
      )}
    </>
  );
}
