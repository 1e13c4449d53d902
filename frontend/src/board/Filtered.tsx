/** What the filters of the table leave of a list of changes, and the words that say so. */
import { computed } from "@preact/signals";
import type { JSX } from "preact";
import type { ChangeEntry, Listed } from "../data/planning";
import { FilteredBy } from "../panels/FilteredBy";
import { isFiltered } from "../state/store";
import { progressWords } from "./asked";
import { clearTable, find, rows, text } from "./table";

/** The ids of what the table shows; null: it is not filtered. */
const left = computed(() =>
  isFiltered.value || find.value.trim() ? new Set(rows.value.map((row) => row.project.id)) : null,
);

/** Of a list that was cut off, more may pass than is known here. */
export function passed(list: Listed<ChangeEntry>): Listed<ChangeEntry> {
  const ids = left.value;
  if (!ids) return list;
  const entries = list.entries.filter(({ project }) => project && ids.has(project.id));
  return { ...list, entries, count: entries.length, at_least: list.at_least || list.more };
}

export function Filtered(): JSX.Element | null {
  const t = progressWords.value.compare;
  if (!left.value) return null;
  const typed = find.value.trim();
  return (
    <div class="notice" role="status">
      <p>{t.filtered}</p>
      <FilteredBy />
      {typed && <p>{t.named(typed)}</p>}
      <button type="button" class="button small" onClick={clearTable}>
        {text.value.table.clear}
      </button>
    </div>
  );
}
