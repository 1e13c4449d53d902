/** What can be done with a project: copy its link, download, report an error. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Project } from "../data/types";
import { isoOf } from "../dates";
import { catalogue, day, lang, selected, words } from "../state/store";

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

function reportHref(project: Project): string | null {
  const address = catalogue.value?.site.report_address ?? "";
  if (/^https?:\/\//.test(address)) return address;
  if (!/^[^\s@]+@[^\s@]+$/.test(address)) return null;
  return `mailto:${address}?subject=${encodeURIComponent(`${project.properties.name_zh} (${project.id})`)}`;
}

export function Actions(props: { project: Project }): JSX.Element {
  const { project } = props;
  const t = words.value.card;
  const id = encodeURIComponent(project.id);
  const report = reportHref(project);
  useEffect(() => {
    told.value = "";
  }, [selected.value]);
  return (
    <footer class="card-actions">
      <button type="button" class="button primary" onClick={() => void copyLink()}>
        {t.copy}
      </button>
      <details class="menu">
        <summary class="button">{t.download}</summary>
        <div class="menu-items">
          <a href={`/api/projects/${id}`} download={`${project.id}.geojson`}>
            {t.geojson}
          </a>
          <a href={`/snapshot.html?day=${isoOf(day.value)}&lang=${lang.value}`} download>
            {t.snapshot}
          </a>
          <a href={`/api/projects.csv?day=${isoOf(day.value)}`} download>
            {t.csv}
          </a>
        </div>
      </details>
      {report && (
        <a class="button" href={report} rel="noreferrer">
          {t.report}
        </a>
      )}
      <span class="told" role="status">
        {told.value && t[told.value]}
      </span>
    </footer>
  );
}
