/** The rest of the card: where and how surely, figures, relatives, notes, and what was published when. */
import type { ComponentChildren, JSX } from "preact";
import type { Former, PlaceInfo, Project, ProjectDetail, Relative } from "../data/types";
import { hasPhase, hueKey, partsOf, stateOf } from "../state/day";
import { hueVar } from "../state/hues";
import { catalogue, chosenLang, kindById, lang, nameOf, projectById, select, words } from "../state/store";
import { amountIn, dateIn, either, listIn, nameIn, textIn, unitIn, valueIn } from "../text/words";
import { Explained } from "./Explained";
import { PrecisionSign } from "./Precisions";
import { Swatch } from "./signs";

/** What a shape rests on, in one line. */
function restsOn(place: PlaceInfo): string {
  const said = (zh: string | null | undefined, plain: string | null): string =>
    textIn(lang.value, zh, plain, plain);
  return [
    said(place.source_zh, place.source),
    said(place.licence_zh, place.licence),
    said(place.datum_zh, place.datum),
    said(place.note_zh, place.note),
  ]
    .filter(Boolean)
    .join(" · ");
}

/** How surely it is known where the thing is, and from what. */
export function Place(props: { detail: ProjectDetail }): JSX.Element {
  const { detail } = props;
  const t = words.value.card;
  const info = catalogue.value!.precisions.find((one) => one.id === detail.precision);
  if (!detail.drawn)
    return (
      <section class="precision whole">
        <div>
          <b>{t.container}</b>
          <p>{t.containerPlace}</p>
        </div>
      </section>
    );
  return (
    <section class="precision">
      <PrecisionSign precision={detail.precision} />
      <div>
        <b>{info ? nameIn(lang.value, info) : detail.precision}</b>
        <p>{info && either(lang.value, info.explain_zh, info.explain_en)}</p>
        {detail.partial && <p>{t.partial}</p>}
        {detail.place.length > 0 && (
          <details class="source-more">
            <summary>{t.place}</summary>
            {detail.place.map((place) => (
              <p key={place.id}>
                {place.id} · {restsOn(place)}
              </p>
            ))}
          </details>
        )}
      </div>
    </section>
  );
}

/** Sizes that a source may state and that are measured of the shape, too: by code, the word for what is stated. */
const STATED: Record<string, "areaStated" | "lengthStated"> = {
  area_ha: "areaStated",
  length_km: "lengthStated",
  length_m: "lengthStated",
};

/** What a source states, never by the name of what is measured on the map. */
function statedName(of: { code: string; name_zh: string; name_en: string }): string {
  const own = STATED[of.code];
  return own ? words.value.card[own] : nameIn(lang.value, of);
}

export function Measures(props: { detail: ProjectDetail }): JSX.Element | null {
  const { detail } = props;
  const t = words.value.card;
  const rows: { key: string; name: string; value: string; date: ComponentChildren }[] = detail.measures.map(
    (measure) => ({
      key: `${measure.code} ${measure.claim}`,
      name: statedName(measure),
      value: amountIn(lang.value, valueIn(lang.value, measure), unitIn(lang.value, measure)),
      date: measure.date ? dateIn(lang.value, measure.date) : "",
    }),
  );
  const drawn = <Explained of="precisions" id={detail.precision} />;
  if (detail.area_ha !== null)
    rows.unshift({
      key: "area",
      name: t.areaMeasured,
      value: `${detail.area_ha.toFixed(2)} ha`,
      date: drawn,
    });
  if (detail.length_km !== null)
    rows.unshift({
      key: "length",
      name: t.lengthMeasured,
      value: `${detail.length_km.toFixed(2)} km`,
      date: drawn,
    });
  if (!rows.length) return null;
  return (
    <section class="card-section">
      <h2>{t.measures}</h2>
      <dl class="figures">
        {rows.map((row) => (
          <div key={row.key}>
            <dt>{row.name}</dt>
            <dd>
              <b>{row.value}</b> <span>{row.date}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function RelativeRow(props: { relative: Relative; word: string }): JSX.Element {
  const { relative, word } = props;
  const project = projectById.value.get(relative.id);
  return (
    <li>
      <small>{word}</small>
      <button type="button" onClick={() => select(relative.id)}>
        {nameIn(lang.value, relative)}
      </button>
      {project && hasPhase(project) && (
        <Swatch state={stateOf(relative.id)} ink={hueVar(relative.kind)} width={26} />
      )}
    </li>
  );
}

/** What it came from has no card any more: its name leads to all that was published of it. */
function FormerRow(props: { former: Former }): JSX.Element {
  const { id } = props.former;
  return (
    <li>
      <small>{words.value.card.formerly}</small>
      <a href={historyOf(id)} title={words.value.card.formerlyHistory}>
        {nameIn(lang.value, props.former)}
      </a>
    </li>
  );
}

/** Of a whole that is not drawn itself: every part and its parts, with their phases on the day. */
export function Parts(props: { project: Project }): JSX.Element | null {
  const { project } = props;
  const parts = project.properties.drawn ? [] : partsOf(project.id);
  if (!parts.length) return null;
  const phases = new Map(catalogue.value!.phases.map((phase) => [phase.id, nameIn(lang.value, phase)]));
  return (
    <section class="card-section">
      <h2>
        {words.value.card.partsTitle} <b class="number">{parts.length}</b>
      </h2>
      <ul class="relatives parts">
        {parts.map((part) => (
          <li key={part.id}>
            <button type="button" onClick={() => select(part.id)}>
              {nameOf(part)}
            </button>
            <small>
              {hasPhase(part)
                ? phases.get(stateOf(part.id).phase)
                : part.properties.drawn
                  ? ""
                  : words.value.off.whole}
            </small>
            {hasPhase(part) && <Swatch state={stateOf(part.id)} ink={hueVar(hueKey(part))} width={26} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Related(props: { detail: ProjectDetail }): JSX.Element | null {
  const { parents, predecessors, successors, formerly, differs_from_parts } = props.detail;
  // The parts of a whole that is not drawn have their own list.
  const children = props.detail.drawn ? props.detail.children : [];
  const t = words.value.card;
  const others = [parents, children, predecessors, successors, formerly].some((some) => some.length > 0);
  if (!others && !differs_from_parts) return null;
  return (
    <section class="card-section">
      <h2>{t.related}</h2>
      {differs_from_parts && <p class="card-note">{t.differs}</p>}
      <ul class="relatives">
        {parents.map((relative) => (
          <RelativeRow key={relative.id} relative={relative} word={t.parent} />
        ))}
        {children.map((relative) => (
          <RelativeRow key={relative.id} relative={relative} word={t.child} />
        ))}
        {predecessors.map((relative) => (
          <RelativeRow key={relative.id} relative={relative} word={t.splitFrom} />
        ))}
        {successors.map((relative) => (
          <RelativeRow key={relative.id} relative={relative} word={t.splitOff} />
        ))}
        {formerly.map((former) => (
          <FormerRow key={former.id} former={former} />
        ))}
      </ul>
    </section>
  );
}

/** Other names, community, public attributes and the editor's notes. */
export function About(props: { detail: ProjectDetail }): JSX.Element | null {
  const { detail } = props;
  const t = words.value.card;
  const note = either(lang.value, detail.note_zh, detail.note_en);
  const fields = new Map(kindById.value.get(detail.kind)?.fields.map((field) => [field.code, field]));
  const rows: [string, string][] = [];
  if (detail.aliases.length) rows.push([t.aliases, listIn(lang.value, detail.aliases)]);
  if (detail.community) rows.push([t.community, detail.community]);
  for (const [code, value] of Object.entries(detail.attrs)) {
    const field = fields.get(code);
    if (!field || value === null || value === "") continue;
    const named = field.values.find((one) => one.value === value);
    const english = lang.value === "en" ? detail.attrs_en?.[code] : undefined;
    const shown = named
      ? nameIn(lang.value, named)
      : [english ?? value, unitIn(lang.value, field)].filter(Boolean).join(" ");
    rows.push([statedName(field), shown]);
  }
  if (note) rows.push([t.notes, note]);
  if (!rows.length) return null;
  return (
    <section class="card-section">
      <h2>{t.attributes}</h2>
      <dl class="about">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The day of an instant where the area is. */
function localDay(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  return new Intl.DateTimeFormat("sv-SE", { timeZone: catalogue.value!.area.tz, dateStyle: "short" }).format(
    date,
  );
}

function historyOf(id: string): string {
  const query = new URLSearchParams({ project: id });
  if (chosenLang.value) query.set("lang", chosenLang.value);
  return `/history?${query}`;
}

export function History(props: { detail: ProjectDetail }): JSX.Element | null {
  const t = words.value.card;
  const { history, id } = props.detail;
  if (!history.length) return null;
  return (
    <section class="card-section">
      <h2>{t.history}</h2>
      <ul class="history">
        {history.map((entry) => (
          <li key={entry.revision}>
            <b>{t.revision(entry.revision)}</b>
            <span>
              {either(lang.value, entry.title_zh, entry.title_en)} ·{" "}
              {listIn(
                lang.value,
                entry.ops.map((op) => t.ops[op] ?? op),
              )}
            </span>
            <time dateTime={entry.published_at}>{localDay(entry.published_at)}</time>
          </li>
        ))}
      </ul>
      <a href={historyOf(id)}>{t.wholeHistory}</a>
    </section>
  );
}
