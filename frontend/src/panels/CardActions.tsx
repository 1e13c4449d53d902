/** What can be done with a project: copy its link, download, report an error. */
import { signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Project } from "../data/types";
import { print } from "../state/paper";
import { session } from "../state/session";
import { chosenLang, lang, selected, words } from "../state/store";
import { SelectionLinks } from "./Downloads";
import { RecordHere } from "./Recording";
import { ReportLink } from "./ReportLink";

const told = signal<"" | "copied" | "copyFailed">("");

async function copyLink(): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    told.value = "copied";
  } catch {
    // Without a secure origin or a permission there is no clipboard.
    told.value = "copyFailed";
  }
}

/** A menu of links under a button; pressing anything else closes it. */
function Menu(props: { label: string; children: ComponentChildren }): JSX.Element {
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const leave = (event: Event): void => {
      if (menu.current && !menu.current.contains(event.target as Node)) menu.current.open = false;
    };
    const kinds = ["pointerdown", "focusin"];
    for (const kind of kinds) addEventListener(kind, leave);
    return () => {
      for (const kind of kinds) removeEventListener(kind, leave);
    };
  }, []);
  const close = (): void => {
    menu.current!.open = false;
  };
  return (
    <details
      class="menu"
      ref={menu}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !menu.current?.open) return;
        close();
        menu.current.querySelector("summary")?.focus();
        event.preventDefault();
      }}
    >
      <summary class="button">{props.label}</summary>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the links in it take the keys */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only hears what its links do */}
      <div class="menu-items" onClick={close}>
        {props.children}
      </div>
    </details>
  );
}

function Downloads(props: { project: Project }): JSX.Element {
  const { project } = props;
  const t = words.value.card;
  return (
    <Menu label={t.download}>
      <a href={`/api/projects/${encodeURIComponent(project.id)}`} download={`${project.id}.geojson`}>
        {t.geojson}
      </a>
      <small>{words.value.download.title}</small>
      <SelectionLinks />
    </Menu>
  );
}

/** Subscriptions to what changes about it, and to what is due. */
function Follow(props: { project: Project }): JSX.Element {
  const t = words.value.card;
  const query = new URLSearchParams({ project: props.project.id, lang: lang.value });
  return (
    <Menu label={t.follow}>
      <a href={`/api/changes.atom?${query}`} type="application/atom+xml">
        {t.feed}
      </a>
      <a href={`/api/changes.ics?${query}`} type="text/calendar">
        {t.calendar}
      </a>
    </Menu>
  );
}

/** For those who may upload. */
function EditHere(props: { project: Project }): JSX.Element | null {
  if (!session.value?.may_upload) return null;
  const query = new URLSearchParams({ edit: props.project.id });
  if (chosenLang.value) query.set("lang", chosenLang.value);
  return (
    <a class="button" href={`/upload?${query}`}>
      {words.value.card.edit}
    </a>
  );
}

export function Actions(props: { project: Project }): JSX.Element {
  const { project } = props;
  const t = words.value.card;
  useEffect(() => {
    told.value = "";
  }, [selected.value]);
  return (
    <footer class="card-actions">
      <button type="button" class="button primary" onClick={() => void copyLink()}>
        {t.copy}
      </button>
      <Downloads project={project} />
      <button type="button" class="button" onClick={() => print("card")}>
        {words.value.paper.print}
      </button>
      <Follow project={project} />
      <RecordHere project={project.id} />
      <EditHere project={project} />
      <ReportLink />
      <span class="told" role="status">
        {told.value && t[told.value]}
      </span>
    </footer>
  );
}
