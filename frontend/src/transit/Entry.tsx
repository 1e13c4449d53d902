/** What is said of one thing that is near: when it opens, how surely, by whom and in which words. */
import type { ComponentChildren, JSX } from "preact";
import type { NearEntry, NearGroup, Openings } from "../data/near";
import type { Claim } from "../data/types";
import { openFrom } from "../panels/focus";
import { Icon } from "../panels/signs";
import { reportHref } from "../state/report";
import { catalogue, kindById, lang, words } from "../state/store";
import { dateIn, nameIn, slipIn } from "../text/words";
import { Commit } from "./Commit";
import { called, commitmentInfo, dateOf, name, text } from "./said";

const milestoneName = (kind: string, code: string): string => {
  const milestone = kindById.value.get(kind)?.milestones.find((one) => one.code === code);
  return milestone ? name(milestone) : code;
};

/** When it opens or opened, as a sentence. */
export function openingIn(thing: Openings & { phase: string }): string {
  const t = text.value.entry;
  if (thing.phase === "in_service") {
    if (!thing.opened) return t.openedUnknown;
    const { again, disputed } = thing.opened;
    const said = again ? t.reopened(dateOf(thing.opened)) : t.opened(dateOf(thing.opened));
    return disputed ? t.otherwise(said) : said;
  }
  if (!thing.opens) return t.nobody;
  if (thing.opens.lapsed) return t.lapsed(dateOf(thing.opens));
  return t.opens(sureDate(called(commitmentInfo(thing.opens.commitment)), dateOf(thing.opens)));
}

/** 预计 2026 年, 预计约 2029 年: a space stands only between words and figures. */
const sureDate = (sure: string, date: string): string =>
  lang.value === "zh" && /^\p{L}/u.test(date) ? sure + date : `${sure} ${date}`;

function Promised(props: { entry: NearEntry }): JSX.Element | null {
  const { opens } = props.entry;
  const t = text.value.entry;
  if (!opens) return null;
  return (
    <>
      <p class="sure">
        <Commit id={opens.commitment} />
      </p>
      <p class="moves">
        {opens.moves ? t.moves(opens.moves) : t.steady}
        {opens.first && ` · ${t.first(dateOf(opens.first))}`}
        {opens.disputed && ` · ${t.disputed}`}
      </p>
    </>
  );
}

/** A claim's words, with who said them and when. Only a source's own words stand between quotation marks. */
export function Said(props: {
  claim: Claim;
  of: string;
  id: string;
  children: ComponentChildren;
}): JSX.Element {
  const { claim, of, id } = props;
  const t = text.value;
  const { source } = claim;
  const publisher = lang.value === "zh" ? source.publisher_zh : source.publisher_en;
  const said = lang.value === "zh" ? claim.quote_zh : claim.quote_en;
  const tier = catalogue.value?.tiers.find((one) => one.id === source.tier);
  const report = reportHref({
    address: catalogue.value?.site.report_address ?? "",
    subject: words.value.report.subject(words.value.report.claim(of, claim.n)),
    lines: [
      words.value.report.claim(of, claim.n),
      words.value.report.id(id),
      location.href,
      "",
      words.value.report.wrong,
      "",
    ],
  });
  return (
    <figure class="said">
      {claim.verbatim ? (
        <blockquote lang="zh">{claim.quote}</blockquote>
      ) : (
        <p class="summary-of">
          <small>{t.entry.summary}</small> {said || claim.quote}
        </p>
      )}
      <figcaption>
        {t.entry.said(publisher, dateIn(lang.value, claim.said_on))}
        {tier && ` · ${nameIn(lang.value, tier)}`}
        {source.address && /^https?:/.test(source.address) && (
          <a href={source.address.split(" ; ")[0]} rel="noreferrer" target="_blank">
            {t.entry.toSource} <Icon name="external" size={11} />
          </a>
        )}
        {report && (
          <a href={report} rel="noreferrer" aria-label={words.value.report.ofClaim(claim.n)}>
            {t.report}
          </a>
        )}
        {props.children}
      </figcaption>
    </figure>
  );
}

export function EntryBody(props: { entry: NearEntry; group: NearGroup }): JSX.Element {
  const { entry, group } = props;
  const t = text.value.entry;
  const heard = entry.last_heard ? t.heard(dateIn(lang.value, entry.last_heard)) : t.never;
  const whole = (
    <button type="button" class="quiet" onClick={(event) => openFrom(event, entry.id)}>
      {t.whole}
    </button>
  );
  const wording = entry.said ? (
    <Said claim={entry.said} of={name(entry)} id={entry.id}>
      {whole}
    </Said>
  ) : (
    whole
  );
  return (
    <>
      {(group !== "no_date" || entry.opens) && <p class="opening">{openingIn(entry)}</p>}
      {group !== "open" && <Promised entry={entry} />}
      {entry.moved.map((one) => (
        <p key={one.milestone} class="moves">
          {t.movedStep(
            milestoneName(entry.kind, one.milestone),
            one.moves,
            slipIn(lang.value, one.slip_days, false),
          )}
        </p>
      ))}
      {entry.next && (
        <p class="next">
          {t.next(
            milestoneName(entry.kind, entry.next.milestone),
            sureDate(called(commitmentInfo(entry.next.commitment)), dateOf(entry.next)),
          )}
        </p>
      )}
      {group === "open" ? (
        <details class="source">
          <summary>
            <span>{t.source}</span>
            <small>{heard}</small>
          </summary>
          {wording}
        </details>
      ) : (
        <>
          {wording}
          {entry.last_heard !== entry.said?.said_latest && <p class="heard-last">{heard}</p>}
        </>
      )}
    </>
  );
}
