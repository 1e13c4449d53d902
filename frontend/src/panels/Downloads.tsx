/** What is shown, as files: of the day, the layers and the phases chosen. */
import type { JSX } from "preact";
import { isoOf } from "../dates";
import { downloadsOf } from "../state/downloads";
import { print, SIZES, type Size, size } from "../state/paper";
import { catalogue, day, kindsOn, known, lang, phaseFilter, words } from "../state/store";

const ORDER = ["snapshot", "xlsx", "gpkg", "shp", "kml", "geojson", "csv"] as const;

export function SelectionLinks(props: { words?: string }): JSX.Element {
  const t = words.value.download;
  const choice = {
    day: day.value,
    known: known.value,
    kinds: kindsOn.value,
    phases: phaseFilter.value,
    lang: lang.value,
    words: props.words,
  };
  const links = downloadsOf(choice);
  const geojson = `${catalogue.value!.area.id}-${isoOf(day.value)}.geojson`;
  return (
    <>
      {ORDER.map((form) => (
        <a key={form} href={links[form]} download={form === "geojson" ? geojson : true}>
          {t[form]}
        </a>
      ))}
    </>
  );
}

/** The sheet with its legend, on paper. */
function PrintSheet(): JSX.Element {
  const t = words.value.paper;
  return (
    <p class="pick">
      <label for="paper-size">{t.size}</label>
      <select
        id="paper-size"
        value={size.value}
        onChange={(event) => {
          size.value = event.currentTarget.value as Size;
        }}
      >
        {SIZES.map((one) => (
          <option key={one} value={one}>
            {t.sizes[one]}
          </option>
        ))}
      </select>
      <button type="button" class="button small" onClick={() => print(size.value)}>
        {t.printSheet}
      </button>
    </p>
  );
}

/** Without any layer there is nothing to fetch. */
export function Downloads(): JSX.Element | null {
  const t = words.value.download;
  if (kindsOn.value?.size === 0) return null;
  return (
    <section class="block downloads" aria-label={t.title}>
      <h2>
        {t.title}
        <small>{t.lede}</small>
      </h2>
      <p>
        <SelectionLinks />
      </p>
      <PrintSheet />
    </section>
  );
}
