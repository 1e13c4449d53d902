/** The page as a whole: what the chart says of itself, with the numbers behind it. */
import { useSignalEffect } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Sources } from "../data/sources";
import { BarTools } from "../panels/BarTools";
import { Failure, Slow } from "../panels/Failure";
import { Mark } from "../panels/Mark";
import { PrecisionSign } from "../panels/Precisions";
import { Views } from "../panels/Views";
import { reportHref } from "../state/report";
import { catalogue, chart, chosenLang, lang, loadWords, words } from "../state/store";
import { dateIn, either, nameIn } from "../text/words";
import { Documents } from "./Documents";
import { Glossary } from "./Glossary";
import { ByKind, Opening } from "./Lists";
import { loadSources, onMap, sources, text } from "./state";

const PARTS = ["know", "sources", "schematic", "unknown", "words", "licences", "report", "data"] as const;
type Part = (typeof PARTS)[number];

function Section(props: { id: Part; children: ComponentChildren }): JSX.Element {
  return (
    <section id={props.id} class="how-section" aria-labelledby={`${props.id}-title`}>
      <h2 id={`${props.id}-title`}>{text.value.parts[props.id]}</h2>
      {props.children}
    </section>
  );
}

function Contents(): JSX.Element {
  const t = text.value;
  return (
    <nav class="how-contents" aria-label={t.contents}>
      <ol>
        {PARTS.map((id) => (
          <li key={id}>
            <a href={`#${id}`}>{t.parts[id]}</a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Head(props: { all: Sources }): JSX.Element {
  const { totals, known, revision } = props.all;
  const t = text.value;
  const figures = [
    { n: totals.sources, word: t.figures.sources },
    { n: totals.claims, word: t.figures.claims },
    { n: totals.claims_verbatim, word: t.figures.verbatim },
    { n: totals.projects, word: t.figures.projects },
  ];
  return (
    <header class="how-head">
      <p class="how-place">{nameIn(lang.value, catalogue.value!.area)}</p>
      <h1>{t.title}</h1>
      <p class="how-lede">{t.lede}</p>
      <dl class="how-figures">
        {figures.map(({ n, word }) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{n}</dd>
          </div>
        ))}
      </dl>
      <p class="lede">{t.asOf(dateIn(lang.value, known), revision)}</p>
    </header>
  );
}

function Know(props: { all: Sources }): JSX.Element {
  const { totals } = props.all;
  const t = text.value.know;
  const { done } = totals.claims_by_commitment;
  const paragraphs = [
    {
      title: t.claim,
      said: t.claimSaid(totals.claims, totals.claims_verbatim, totals.claims_summarised),
    },
    { title: t.times, said: t.timesSaid(totals.claims_undated) },
    { title: t.promise, said: t.promiseSaid(done, totals.claims - done) },
    { title: t.nobody, said: t.nobodySaid },
  ];
  return (
    <div class="how-cards">
      {paragraphs.map(({ title, said }) => (
        <div key={title}>
          <h3>{title}</h3>
          <p>{said}</p>
        </div>
      ))}
    </div>
  );
}

/** How surely things are placed, as bars of one scale. */
function Places(props: { all: Sources }): JSX.Element {
  const counts = props.all.totals.projects_by_precision;
  const all = catalogue.value!.precisions.filter((one) => counts[one.id]);
  const most = Math.max(...all.map((one) => counts[one.id]));
  return (
    <ul class="how-places" aria-label={words.value.precisions.title}>
      {all.map((one) => (
        <li key={one.id} class={one.id}>
          <PrecisionSign precision={one.id} />
          <span>{nameIn(lang.value, one)}</span>
          <i style={{ width: `${(counts[one.id] / most) * 100}%` }} aria-hidden="true" />
          <b>{counts[one.id]}</b>
        </li>
      ))}
    </ul>
  );
}

function Schematic(props: { all: Sources }): JSX.Element {
  const t = text.value.schematic;
  const { schematic } = props.all.lists;
  return (
    <>
      <p>{t.why(schematic.count)}</p>
      <p>{t.drawn}</p>
      <Places all={props.all} />
      <h3>{t.which}</h3>
      <ByKind listed={schematic} />
    </>
  );
}

function Unknown(props: { all: Sources }): JSX.Element {
  const t = text.value.unknown;
  const { lists, totals } = props.all;
  const placeable = Object.values(totals.projects_by_precision).reduce((sum, n) => sum + n, 0);
  const others = totals.projects - placeable;
  const kinds = [
    { listed: lists.without_phase, title: t.phase, said: t.phaseSaid, map: "phase=unknown" },
    { listed: lists.unlocated, title: t.place, said: t.placeSaid(others), map: "" },
    {
      listed: lists.promised_without_date,
      title: t.date,
      said: t.dateSaid(totals.promises_without_date),
      map: "",
    },
  ];
  return (
    <>
      <p>{t.lede}</p>
      {kinds.map(({ listed, title, said, map }) => (
        <div key={title} class="how-unknown">
          <h3>{title}</h3>
          <p>{said}</p>
          {listed.count > 0 && (
            <Opening head={t.open} n={listed.count}>
              <div>
                {map && (
                  <p>
                    <a href={onMap(map)}>{t.onMap}</a>
                  </p>
                )}
                <ByKind listed={listed} />
              </div>
            </Opening>
          )}
        </div>
      ))}
    </>
  );
}

function Licences(): JSX.Element {
  const t = text.value.licences;
  const { credits, site } = catalogue.value!;
  const footer = either(lang.value, site.footer_zh, site.footer_en);
  return (
    <>
      <p>{t.lede}</p>
      <ul class="how-credits">
        {credits.map((credit) => (
          <li key={credit.en}>
            {either(lang.value, credit.zh, credit.en)}
            {credit.licence && <small>{credit.licence}</small>}
          </li>
        ))}
        <li>{words.value.sheet.outline}</li>
        {site.map_approval && (
          <li>
            {words.value.mapApproval} {site.map_approval}
          </li>
        )}
        {footer && <li>{footer}</li>}
      </ul>
    </>
  );
}

function Report(): JSX.Element {
  const t = text.value.report;
  const href = reportHref({
    address: catalogue.value!.site.report_address,
    subject: words.value.report.subject(text.value.title),
    lines: [location.href, "", words.value.report.wrong, ""],
  });
  if (!href) return <p>{t.nobody}</p>;
  return (
    <>
      <p>{t.how}</p>
      <p>
        <a class="button" href={href} rel="noreferrer">
          {words.value.card.report}
        </a>
      </p>
    </>
  );
}

function Data(): JSX.Element {
  const t = text.value.data;
  const files = [
    { href: "/api/projects.geojson", name: t.geojson, said: t.geojsonSaid },
    { href: "/api/projects.gpkg", name: t.gpkg, said: t.gpkgSaid },
    { href: `/api/projects.xlsx?lang=${lang.value}`, name: t.xlsx, said: t.xlsxSaid },
    { href: `/api/projects.csv?lang=${lang.value}`, name: t.csv, said: t.csvSaid },
    { href: "/api/sources", name: t.sources, said: t.sourcesSaid },
    { href: "/api/openapi.json", name: t.openapi, said: t.openapiSaid },
  ];
  return (
    <>
      <p>{t.lede}</p>
      <dl class="how-files">
        {files.map(({ href, name, said }) => (
          <div key={href}>
            <dt>
              <a href={href}>{name}</a>
            </dt>
            <dd>{said}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** The sections came after the address was read: go where it points. */
function goToPart(): void {
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

function Content(props: { all: Sources }): JSX.Element {
  const { all } = props;
  useEffect(goToPart, []);
  const t = text.value;
  return (
    <main class="how">
      <Head all={all} />
      <Contents />
      <div class="how-body">
        <Section id="know">
          <Know all={all} />
        </Section>
        <Section id="sources">
          <p>{t.sources.lede}</p>
          <Documents all={all} />
        </Section>
        <Section id="schematic">
          <Schematic all={all} />
        </Section>
        <Section id="unknown">
          <Unknown all={all} />
        </Section>
        <Section id="words">
          <p>{t.words.lede}</p>
          <Glossary />
        </Section>
        <Section id="licences">
          <Licences />
        </Section>
        <Section id="report">
          <Report />
        </Section>
        <Section id="data">
          <Data />
        </Section>
        <p class="how-back">
          <a class="button primary" href={onMap()}>
            {t.toMap}
          </a>
        </p>
      </div>
    </main>
  );
}

function Body(): JSX.Element {
  const t = words.value.fail;
  const found = sources.value;
  const failed = [found, chart.value].find((one) => one.status === "failed");
  if (failed?.status === "failed")
    return (
      <main class="message">
        <Failure
          title={text.value.failed}
          problem={failed.problem}
          onRetry={() => {
            void loadWords();
            void loadSources();
          }}
        />
      </main>
    );
  if (found.status !== "ready" || !catalogue.value)
    return (
      <main class="message">
        <p role="status">
          {t.loading} <Slow />
        </p>
      </main>
    );
  return <Content all={found.value} />;
}

/** The language is part of the address, as on the map. */
function keepAddress(): void {
  const query = new URLSearchParams(location.search);
  if (chosenLang.value) query.set("lang", chosenLang.value);
  const search = query.toString() && `?${query}`;
  if (search !== location.search)
    history.replaceState(null, "", `${location.pathname}${search}${location.hash}`);
}

export function Page(): JSX.Element {
  useSignalEffect(() => {
    document.documentElement.lang = words.value.htmlLang;
    document.title = `${text.value.title} · ${words.value.titleName}`;
    keepAddress();
  });
  const t = words.value;
  return (
    <>
      <header class="bar">
        <p class="logo">
          <Mark />
          <b lang="zh">{t.product}</b>
          <span>{t.productAlt}</span>
        </p>
        <Views />
        <BarTools />
      </header>
      <Body />
    </>
  );
}
