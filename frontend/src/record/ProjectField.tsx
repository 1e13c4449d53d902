/** Which project the fact is about, found by any of its names. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Project } from "../data/types";
import { aboutOf, useProjects } from "../panels/finding";
import { tooShort } from "../state/search";
import { nameOf } from "../state/store";
import { Search } from "./Fields";
import { project, target, text } from "./state";

export function ProjectField(props: { onPick: (found: Project) => void }): JSX.Element {
  const t = text.value.project;
  const typed = useSignal("");
  const words = typed.value.trim();
  const hits = useProjects(typed);
  const chosen = project.value;
  return (
    <Search
      at="project"
      label={t.label}
      hint={t.hint}
      typed={chosen ? nameOf(chosen) : typed.value}
      find={() => hits().map(aboutOf)}
      none={!chosen && !tooShort(words) && !hits().length ? t.none(words) : ""}
      onType={(said) => {
        target.value = "";
        typed.value = said;
      }}
      onPick={(id) => {
        const one = hits().find((each) => each.id === id);
        if (one) props.onPick(one);
      }}
    />
  );
}
