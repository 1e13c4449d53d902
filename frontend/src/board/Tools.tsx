/** What is shown of the table: filters, groups, columns, a link to the view, downloads. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { SelectionLinks } from "../panels/Downloads";
import { RecordHere } from "../panels/Recording";
import { Swatch } from "../panels/signs";
import { isNarrow } from "../state/narrow";
import { coming, loadAgain, notListed, numerousInAll } from "../state/numerous";
import {
  catalogue,
  chosenLang,
  isFiltered,
  kindIsOn,
  lang,
  numerous,
  phaseFilter,
  setAllKinds,
  tiledKinds,
  toggleKind,
  togglePhase,
} from "../state/store";
import { listIn, nameIn } from "../text/words";
import { Tiles } from "./Attention";
import { COLUMNS, GROUPINGS, type Grouping } from "./rows";
import { chosenColumns, clearTable, columns, find, grouping, mapShown, rows, text, total } from "./table";

/** On a phone: whether the rest of the tools is shown. */
const more = signal(false);
const told = signal<"" | "copied" | "copyFailed">("");

async function copyView(): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    told.value = "copied";
  } catch {
    told.value = "copyFailed";
  }
}

/** Which kinds are looked at: those of the map. */
export function Kinds(): JSX.Element {
  const t = text.value.table;
  return (
    <details class="pick-menu">
      <summary class="button">{t.kinds}</summary>
      <div class="pick-items">
        <p>
          <button type="button" class="quiet" onClick={() => setAllKinds(true)}>
            {t.allKinds}
          </button>{" "}
          <button type="button" class="quiet" onClick={() => setAllKinds(false)}>
            {t.noKinds}
          </button>
        </p>
        {(catalogue.value?.kinds ?? []).map((kind) => (
          <label key={kind.id}>
            <input type="checkbox" checked={kindIsOn(kind.id)} onChange={() => toggleKind(kind.id)} />
            {nameIn(lang.value, kind)}
          </label>
        ))}
      </div>
    </details>
  );
}

function Columns(): JSX.Element {
  const t = text.value.table;
  return (
    <details class="pick-menu">
      <summary class="button">{t.columnsShown}</summary>
      <div class="pick-items">
        <p>
          <button
            type="button"
            class="quiet"
            onClick={() => {
              chosenColumns.value = null;
            }}
          >
            {t.usualColumns}
          </button>
        </p>
        {COLUMNS.filter((column) => column !== "name").map((column) => (
          <label key={column}>
            <input
              type="checkbox"
              checked={columns.value.includes(column)}
              onChange={(event) => {
                const on = event.currentTarget.checked;
                chosenColumns.value = COLUMNS.filter((one) =>
                  one === column ? on : columns.value.includes(one),
                );
              }}
            />
            {t.columns[column]}
          </label>
        ))}
      </div>
    </details>
  );
}

function Phases(): JSX.Element {
  const t = text.value.table;
  return (
    // biome-ignore lint/a11y/useSemanticElements: switches that belong together, not a form
    <div class="board-phases" role="group" aria-label={t.phases}>
      {(catalogue.value?.phases ?? []).map((phase) => (
        <button
          key={phase.id}
          type="button"
          class="board-phase"
          aria-pressed={phaseFilter.value.has(phase.id)}
          onClick={() => togglePhase(phase.id)}
        >
          <Swatch phase={phase.id} width={22} />
          {nameIn(lang.value, phase)}
        </button>
      ))}
    </div>
  );
}

/** What the table lacks of the kinds of which there are many, or does not have yet. */
function Numerous(): JSX.Element | null {
  const t = text.value.table;
  const names = listIn(
    lang.value,
    tiledKinds.value.map((kind) => nameIn(lang.value, kind)),
  );
  if (notListed.value)
    return (
      <p class="board-numerous" role="alert">
        {t.notCome(names)} {lang.value === "zh" ? notListed.value.zh : notListed.value.en}{" "}
        <button type="button" class="quiet" onClick={loadAgain}>
          {t.again}
        </button>
      </p>
    );
  const all = numerousInAll.value;
  if (coming.value !== null) return <p class="board-numerous">{t.coming(coming.value, all)}</p>;
  const n = numerous.value.length;
  return n && n < all ? <p class="board-numerous">{t.first(n, all, names)}</p> : null;
}

export function Tools(): JSX.Element {
  const t = text.value.table;
  return (
    <div class="board-tools">
      <Tiles />
      <p class="board-count" role="status">
        {t.count(rows.value.length, total.value)}
      </p>
      <Numerous />
      <label class="board-find">
        <span class="only-heard">{t.find}</span>
        <input
          type="search"
          placeholder={t.find}
          value={find.value}
          onInput={(event) => {
            find.value = event.currentTarget.value;
          }}
        />
      </label>
      <RecordHere />
      {isNarrow.value && (
        <button
          type="button"
          class="button"
          aria-expanded={more.value}
          aria-controls="board-more"
          onClick={() => {
            more.value = !more.value;
          }}
        >
          {t.more}
        </button>
      )}
      {(isFiltered.value || find.value) && (
        <button type="button" class="button" onClick={clearTable}>
          {t.clear}
        </button>
      )}
      <div id="board-more" class="board-more" hidden={isNarrow.value && !more.value}>
        <Kinds />
        <label class="board-group">
          {t.groupBy}{" "}
          <select
            value={grouping.value}
            onChange={(event) => {
              grouping.value = event.currentTarget.value as Grouping;
            }}
          >
            {GROUPINGS.map((one) => (
              <option key={one} value={one}>
                {t.groupings[one]}
              </option>
            ))}
          </select>
        </label>
        <Columns />
        <details class="pick-menu">
          <summary class="button">{t.downloads}</summary>
          <div class="pick-items">
            <SelectionLinks words={find.value} />
          </div>
        </details>
        <button type="button" class="button" onClick={() => void copyView()}>
          {t.view}
        </button>
        <button
          type="button"
          class="button"
          aria-pressed={mapShown.value}
          onClick={() => {
            mapShown.value = !mapShown.value;
          }}
        >
          {mapShown.value ? t.hideMap : t.map}
        </button>
        <a class="button" href={`/history${chosenLang.value ? `?lang=${chosenLang.value}` : ""}`}>
          {t.history}
        </a>
        <span role="status">{told.value && t[told.value]}</span>
        <Phases />
      </div>
    </div>
  );
}
