/** Every claim with its source: the source's own words in Song type and quotation marks, our summaries not. */
import type { JSX } from "preact";
import type { Claim, ProjectDetail } from "../data/types";
import { catalogue, lang, words } from "../state/store";
import { amountIn, dateIn, either, nameIn, textIn, unitIn, valueIn } from "../text/words";
import { Explained } from "./Explained";
import { HowLink } from "./HowLink";
import { CorrectHere } from "./Recording";
import { ReportLink } from "./ReportLink";
import { Commitment, Icon } from "./signs";

const TIER_ORDER = { official: 0, press: 1, web: 2 } as const;

const languageOf = (text: string): string => (/\p{Script=Han}/u.test(text) ? "zh" : "en");

/** Bring a claim to the reader's eyes, and the keyboard to it. */
export function showClaim(n: number): void {
  const claim = document.getElementById(`claim-${n}`);
  const folded = claim?.parentElement?.closest("details");
  if (folded) folded.open = true;
  claim?.scrollIntoView({ block: "center" });
  claim?.focus({ preventScroll: true });
}

function Words(props: { claim: Claim }): JSX.Element | null {
  const { claim } = props;
  if (!claim.quote) return null;
  const summary = textIn(lang.value, claim.quote_zh, claim.quote_en, claim.quote);
  if (claim.verbatim)
    return (
      <blockquote lang={languageOf(claim.quote)}>
        <q>{claim.quote}</q>
      </blockquote>
    );
  return (
    <p class="summary">
      <span class="tag">{words.value.card.summary}</span> <span lang={languageOf(summary)}>{summary}</span>
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
  // An empty text of the language means that there is nothing to say; none at all, that the code is all we have.
  const locator = (lang.value === "zh" ? claim.locator_zh : claim.locator_en) ?? claim.locator;
  return (
    <div class="source">
      <Explained of="tiers" id={source.tier}>
        <span class={`tier ${source.tier}`}>{tier ? nameIn(lang.value, tier) : source.tier}</span>
      </Explained>
      <span>{either(lang.value, source.publisher_zh, source.publisher_en)}</span>
      <span>{claim.said_on ? t.said(dateIn(lang.value, claim.said_on)) : t.undatedSource}</span>
      {commitment && (
        <Explained of="commitments" id={commitment.id}>
          <Commitment level={commitment.code} word={nameIn(lang.value, commitment)} />
        </Explained>
      )}
      {locator && <span class="locator">{locator}</span>}
    </div>
  );
}

function ClaimView(props: { project: string; claim: Claim; proof: boolean }): JSX.Element {
  const { claim, proof } = props;
  const { source, withdrawn } = claim;
  const t = words.value.card;
  const label = either(lang.value, claim.label_zh, claim.label_en);
  const value = amountIn(lang.value, valueIn(lang.value, claim), unitIn(lang.value, claim));
  // An observed phase is its own label; only amounts say a value.
  const said =
    claim.property.startsWith("phase") || claim.property === "activity" ? label : `${label} ${value}`.trim();
  const standing = proof ? t.proves : t.standing[claim.standing];
  const note = textIn(lang.value, claim.note_zh, claim.note_en, claim.note);
  const licence = textIn(lang.value, source.licence_zh, source.licence, source.licence);
  return (
    <article
      class={`claim ${claim.standing}${withdrawn ? " withdrawn" : ""}${proof ? " proof" : ""}`}
      id={`claim-${claim.n}`}
      tabIndex={-1}
    >
      <p class="claim-head">
        <b>{said}</b>
        <span>{claim.date ? dateIn(lang.value, claim.date) : ""}</span>
      </p>
      <Words claim={claim} />
      <SourceLine claim={claim} />
      {standing && <p class="standing">{standing}</p>}
      {withdrawn && (
        <p class="standing">
          {t.withdrawn}
          {withdrawn.reason && `${words.value.steps.colon}${withdrawn.reason}`}
        </p>
      )}
      <details class="source-more">
        <summary>{textIn(lang.value, source.title, source.title_en, source.title)}</summary>
        <p>
          {source.published && `${t.published} ${dateIn(lang.value, source.published)} · `}
          {t.retrieved(source.retrieved_on)}
          {licence && ` · ${t.licence}: ${licence}`}
        </p>
        <p>
          <Address address={source.address} />
        </p>
        {note && <p lang={languageOf(note)}>{note}</p>}
        <ReportLink claim={claim.n} />
      </details>
      <CorrectHere project={props.project} claim={claim} />
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

/** What counts no more, for whoever wants to know that it was said here once. */
function Withdrawn(props: { project: string; claims: readonly Claim[] }): JSX.Element | null {
  if (!props.claims.length) return null;
  return (
    <details class="claims-withdrawn">
      <summary>{words.value.card.withdrawnCount(props.claims.length)}</summary>
      {props.claims.map((claim) => (
        <ClaimView key={claim.n} project={props.project} claim={claim} proof={false} />
      ))}
    </details>
  );
}

export function Claims(props: { detail: ProjectDetail }): JSX.Element {
  const t = words.value.card;
  // The source's words first, then by who speaks, then the latest said.
  const order = (claim: Claim): number => (claim.verbatim ? 0 : 10) + TIER_ORDER[claim.source.tier];
  const all = [...props.detail.claims].sort(
    (a, b) => order(a) - order(b) || (b.said_latest ?? "").localeCompare(a.said_latest ?? ""),
  );
  const claims = all.filter((claim) => !claim.withdrawn);
  const gone = all.filter((claim) => claim.withdrawn);
  return (
    <section class="card-section">
      <h2>
        {t.claims} <b class="number">{claims.length}</b>
      </h2>
      <Conflicts detail={props.detail} />
      {claims.length ? (
        <p class="how-line">
          <HowLink at="sources" />
        </p>
      ) : (
        <p class="empty">{t.noClaims}</p>
      )}
      {claims.map((claim) => (
        <ClaimView
          key={claim.n}
          project={props.detail.id}
          claim={claim}
          proof={claim.n === props.detail.light_evidence}
        />
      ))}
      <Withdrawn project={props.detail.id} claims={gone} />
    </section>
  );
}
