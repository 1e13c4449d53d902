/** Of what a project is part: found by any of its names, or by its id. */
import { signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { getJson } from "../data/fetch";
import type { Project } from "../data/types";
import { Combobox } from "../panels/Combobox";
import { aboutOf, useProjects } from "../panels/finding";
import { fold, tooShort } from "../state/search";
import { nameOf, projectById } from "../state/store";
import { Field } from "./Field";
import { change, draft, faultsOf, noParent, text } from "./state";

/** Those that were found elsewhere than in the list of the page: what they are called. */
const met = signal<ReadonlyMap<string, Project>>(new Map());

const known = (id: string): Project | undefined => projectById.value.get(id) ?? met.value.get(id);
const remember = (one: Project): void => {
  met.value = new Map([...met.value, [one.id, one]]);
};

export function Parent(): JSX.Element {
  const t = text.value.fields;
  const { id: own, parent } = draft.value;
  /** Null: nothing was typed since one was chosen. */
  const typed = useSignal<string | null>(null);
  const words = useSignal("");
  const found = useProjects(words);
  const hits = (): Project[] => found().filter((one) => one.id !== own);
  useEffect(() => {
    if (!parent || known(parent)) return;
    const asking = new AbortController();
    getJson<Project>(`/api/projects/${encodeURIComponent(parent)}`, asking.signal).then(
      remember,
      // The service tells, when it is asked about the edit, that there is none.
      () => undefined,
    );
    return () => asking.abort();
  }, [parent]);
  const choose = (id: string): void => {
    typed.value = null;
    noParent.value = false;
    if (id !== draft.peek().parent) change({ parent: id }, false);
  };
  const type = (said: string): void => {
    typed.value = said;
    words.value = said;
    noParent.value = false;
    if (!said.trim()) choose("");
  };
  /** Who pastes an id, or types a whole name, need not choose from the list. */
  const settle = (): void => {
    if (typed.value === null) return;
    const said = typed.value.trim();
    const same = hits().filter((one) => one.id === said || fold(nameOf(one)) === fold(said));
    const meant = same.find((one) => one.id === said) ?? (same.length === 1 ? same[0] : undefined);
    if (meant) {
      remember(meant);
      choose(meant.id);
    } else if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(said)) choose(said);
    else noParent.value = true;
  };
  const one = known(parent);
  const faults = faultsOf("parent");
  const wrong = noParent.value ? t.parentUnknown : "";
  const said = typed.value ?? (one ? nameOf(one) : parent);
  const none = typed.value !== null && !tooShort(said) && !hits().length;
  return (
    <Field
      at="parent"
      label={t.parent}
      hint={one && typed.value === null ? t.parentId(parent) : t.parentHint}
      faults={faults}
      wrong={wrong}
    >
      <Combobox
        described={{
          id: "edit-parent",
          "aria-describedby": "edit-parent-hint",
          "aria-invalid": faults.length > 0 || Boolean(wrong) || undefined,
        }}
        options={t.parents}
        typed={said}
        find={() => (typed.value === null ? [] : hits().map(aboutOf))}
        none={none ? t.parentNone(said.trim()) : ""}
        onType={type}
        onPick={(id) => {
          const hit = hits().find((each) => each.id === id);
          if (hit) remember(hit);
          choose(id);
        }}
        onLeave={settle}
      />
    </Field>
  );
}
