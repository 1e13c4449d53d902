/** Every claim with its source: the source's own words in Song type and quotation marks, our summaries not. */
import type { JSX } from "preact";
import type { Claim, ProjectDetail } from "../data/types";
import { catalogue, lang, words } from "../state/store";
import { amountIn, dateIn, either, nameIn } from "../text/words";
import { Commitment, Icon } from "./signs";

const TIER_ORDER = { official: 0, press: 1, web: 2 } as const;

const languageOf = (text: string): string => (/\p{Script=Han}/u.test(text) ? "zh" : "en");

function Words(props: { claim: Claim }): JSX.Element | null {
  const { claim } = props;
  if (!claim.quote) return null;
  if (claim.verbatim)
    return (
      <blockquote lang={languageOf(claim.quote)}>
        <q>{claim.quote}</q>
      </blockquote>
    );
  return (
    <p class="summary">
      <span class="tag">{words.value.card.summary}</span>{" "}
      <span lang={languageOf(claim.quote)}>{claim.quote}</span>
    </p>
  );
}

/** Only addresses a browser may follow become links; the others are printed. */
function Address(props: { address: string | null }): JSX.Element | null {
  const { address } = props;
  if (!address) return null;
  if (/^https?:\/\//.test(address))
    return (
      <a href={address} target="_blank" rel="noreferrer noopener">
        {words.value.card.openSource} <Icon name="external" size={11} />
      </a>
    );
  return <span class="address">{address}</span>;
}

function SourceLine(props: { claim: Claim }): JSX.Element {
  const { claim } = props;
  const { source } = claim;
  const t = words.value.card;
  const tier = catalogue.value!.tiers.find((one) => one.id === source.tier);
  const commitment = catalogue.value!.commitments.find((one) => one.id === claim.commitment);
  return (
    <div class="source">
      <span class={`tier ${source.tier}`}>{tier ? nameIn(lang.value, tier) : source.tier}</span>
      <span>{either(lang.value, source.publisher_zh, source.publisher_en)}</span>
      <span>{claim.said_on ? t.said(dateIn(lang.value, claim.said_on)) : t.undatedSource}</span>
      {commitment && <Commitment level={commitment.code} word={nameIn(lang.value, commitment)} />}
      {claim.locator && <span class="locator">{claim.locator}</span>}
    </div>
  );
}

export function ClaimView(props: { claim: Claim }): JSX.Element {
  const { claim } = props;
  const { source, withdrawn } = claim;
  const t = words.value.card;
  const label = either(lang.value, claim.label_zh, claim.label_en);
  const value = amountIn(lang.value, claim.value, claim.unit);
  // An observed phase is its own label; only amounts say a value.
  const said =
    claim.property.startsWith("phase") || claim.property === "activity" ? label : `${label} ${value}`.trim();
  const standing = t.standing[claim.standing];
  return (
    <article class={`claim ${claim.standing}${withdrawn ? " withdrawn" : ""}`} id={`claim-${claim.n}`}>
      <p class="claim-head">
        <b>{said}</b>
        <span>{claim.date ? dateIn(lang.value, claim.date) : ""}</span>
      </p>
      <Words claim={claim} />
      <SourceLine claim={claim} />
      {standing && <p class="standing">{standing}</p>}
      {withdrawn && (
        <p class="standing">
          {t.withdrawn}: {withdrawn.reason}
        </p>
      )}
      <details class="source-more">
        <summary>{source.title}</summary>
        <p>
          {source.published && `${t.published} ${dateIn(lang.value, source.published)} · `}
          {t.retrieved(source.retrieved_on)}
          {source.licence && ` · ${t.licence}: ${source.licence}`}
        </p>
        <p>
          <Address address={source.address} />
        </p>
        {claim.note && <p lang="en">{claim.note}</p>}
      </details>
    </article>
  );
}

/** Two claims that cannot both be so, side by side. */
function Conflicts(props: { detail: ProjectDetail }): JSX.Element | null {
  const { claims, conflicts } = props.detail;
  const t = words.value.card;
  const find = (n: number): Claim | undefined => claims.find((claim) => claim.n === n);
  const pairs = conflicts
    .map(({ winner, loser }) => ({ winner: find(winner), loser: find(loser) }))
    .filter((pair): pair is { winner: Claim; loser: Claim } => Boolean(pair.winner && pair.loser));
  if (!pairs.length) return null;
  const side = (claim: Claim, word: string): JSX.Element => (
    <div>
      <small>{word}</small>
      <b>
        {either(lang.value, claim.label_zh, claim.label_en)} {dateIn(lang.value, claim.date)}
      </b>
      <span>{either(lang.value, claim.source.publisher_zh, claim.source.publisher_en)}</span>
    </div>
  );
  return (
    <div class="conflicts">
      <h3>{t.conflicts}</h3>
      {pairs.map(({ winner, loser }) => (
        <div class="conflict" key={`${winner.n} ${loser.n}`}>
          {side(winner, t.winner)}
          {side(loser, t.loser)}
        </div>
      ))}
    </div>
  );
}

export function Claims(props: { detail: ProjectDetail }): JSX.Element {
  const t = words.value.card;
  // The source's words first, then by who speaks, then the latest said.
  const order = (claim: Claim): number => (claim.verbatim ? 0 : 10) + TIER_ORDER[claim.source.tier];
  const claims = [...props.detail.claims].sort(
    (a, b) => order(a) - order(b) || (b.said_latest ?? "").localeCompare(a.said_latest ?? ""),
  );
  return (
    <section class="card-section">
      <h2>
        {t.claims} <b class="number">{claims.length}</b>
      </h2>
      <Conflicts detail={props.detail} />
      {!claims.length && <p class="empty">{t.noClaims}</p>}
      {claims.map((claim) => (
        <ClaimView key={claim.n} claim={claim} />
      ))}
    </section>
  );
}
