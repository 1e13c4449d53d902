/** Every document the chart rests on, by who speaks. */
import type { JSX } from "preact";
import type { SourceCounted, Sources } from "../data/sources";
import type { TierId } from "../data/types";
import { Icon } from "../panels/signs";
import { catalogue, lang } from "../state/store";
import { dateIn, either, nameIn, textIn } from "../text/words";
import { Opening, Projects } from "./Lists";
import { named, text } from "./state";

/** Of each tier the first stand there; the others open. */
const FIRST = 5;

/** The title; a link where a browser may follow the address. */
function Title(props: { source: SourceCounted }): JSX.Element {
  const { title, title_en, address } = props.source;
  const name = textIn(lang.value, title, title_en, title);
  if (address && /^https?:\/\//.test(address))
    return (
      <a href={address} target="_blank" rel="noreferrer noopener">
        {name} <Icon name="external" size={12} />
      </a>
    );
  return <>{name}</>;
}

function Document(props: { source: SourceCounted }): JSX.Element {
  const { source } = props;
  const t = text.value.sources;
  const { address, published } = source;
  const said = published
    ? t.said(dateIn(lang.value, published))
    : t.undated(dateIn(lang.value, source.retrieved_on));
  const licence = textIn(lang.value, source.licence_zh, source.licence, source.licence);
  return (
    <li class="document">
      <h4>
        <Title source={source} />
      </h4>
      {lang.value !== "zh" && source.title_en && (
        <p class="original" lang="zh">
          {source.title}
        </p>
      )}
      <p class="document-facts">
        <span>{either(lang.value, source.publisher_zh, source.publisher_en)}</span>
        <span>{said}</span>
        <b>{t.claims(source.claims)}</b>
        {source.of_figures > 0 && <span>{t.figures(source.of_figures)}</span>}
        {source.withdrawn > 0 && <span>{t.withdrawn(source.withdrawn)}</span>}
      </p>
      {(licence || (address && !address.startsWith("http"))) && (
        <p class="document-more">
          {address && !address.startsWith("http") && <span class="address">{address}</span>}
          <span>{licence}</span>
        </p>
      )}
      {source.projects > 0 && (
        <Opening head={t.projects} n={source.projects}>
          <Projects projects={named(source.speaks_of)} missing={source.projects - source.speaks_of.length} />
        </Opening>
      )}
    </li>
  );
}

function Tier(props: { tier: TierId; all: Sources }): JSX.Element | null {
  const { tier, all } = props;
  const t = text.value.sources;
  const info = catalogue.value!.tiers.find((one) => one.id === tier)!;
  const mine = all.sources.filter((source) => source.tier === tier);
  if (!mine.length) return null;
  const [first, rest] = [mine.slice(0, FIRST), mine.slice(FIRST)];
  return (
    <section class="how-tier" aria-labelledby={`tier-${tier}`}>
      <h3 id={`tier-${tier}`}>
        <span class={`tier ${tier}`}>{nameIn(lang.value, info)}</span>
        <small>{t.ofTier(mine.length, all.totals.claims_by_tier[tier])}</small>
      </h3>
      <p class="lede">{either(lang.value, info.explain_zh, info.explain_en)}</p>
      <ul class="documents">
        {first.map((source) => (
          <Document key={source.id} source={source} />
        ))}
      </ul>
      {rest.length > 0 && (
        <details class="how-rest">
          <summary class="button">{t.rest(rest.length)}</summary>
          <ul class="documents">
            {rest.map((source) => (
              <Document key={source.id} source={source} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

export function Documents(props: { all: Sources }): JSX.Element {
  // The catalogue lists the weakest first.
  const tiers = [...catalogue.value!.tiers].reverse();
  return (
    <>
      {tiers.map((tier) => (
        <Tier key={tier.id} tier={tier.id} all={props.all} />
      ))}
    </>
  );
}
