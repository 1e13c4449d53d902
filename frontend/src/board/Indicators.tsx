/** The figures of the year as cards: what each source says, the target as stated and as implied, what can be traced. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { getJson } from "../data/fetch";
import type { Claim, Named } from "../data/types";
import { isoOf } from "../dates";
import { Failure } from "../panels/Failure";
import { asProblem, known, type Loaded, lang } from "../state/store";
import { amountIn, dateIn, nameIn, unitIn } from "../text/words";
import { text } from "./table";

interface Figure {
  value: string;
  unit: string;
  date: string;
  said_on: string;
  tier: string;
  claim: number;
}
interface Indicator extends Named {
  code: string;
  unit: string;
  unit_en: string;
  part_of: string | null;
  period: string;
  note: string;
  note_zh: string;
  value: Figure[];
  target: Figure[];
  ratio: Figure[];
  growth: Figure[];
  rank: Figure[];
  disagree: boolean;
  implied_target: { value: number; low: number; high: number; unit: string } | null;
  traceable: {
    value: number;
    unit: string;
    share_percent: number | null;
    words_zh: string;
    words_en: string;
    projects: (Named & { id: string; value: string; unit: string; claim: number })[];
  } | null;
  claims: Claim[];
}

const indicators = signal<Loaded<Indicator[]>>({ status: "loading" });

async function fetchIndicators(): Promise<void> {
  indicators.value = { status: "loading" };
  const asKnown = known.value === null ? "" : `?known=${isoOf(known.value)}`;
  try {
    const found = await getJson<{ indicators: Indicator[] }>(`/api/indicators${asKnown}`);
    indicators.value = { status: "ready", value: found.indicators };
  } catch (error) {
    indicators.value = { status: "failed", problem: asProblem(error) };
  }
}

/** A number that leads to whoever says it. */
function Said(props: { figure: Figure; of: Indicator; large?: boolean }): JSX.Element {
  const { figure, of } = props;
  const claim = of.claims.find((one) => one.n === figure.claim);
  const who = claim ? (lang.value === "zh" ? claim.source.publisher_zh : claim.source.publisher_en) : "";
  const unit = claim ? unitIn(lang.value, claim) : figure.unit;
  return (
    <a class={props.large ? "figure large" : "figure"} href={`#claim-${figure.claim}`}>
      <b>{amountIn(lang.value, figure.value, props.large ? null : unit)}</b>
      {props.large && <span class="figure-unit">{unit}</span>}
      <small>{who}</small>
    </a>
  );
}

function Row(props: { label: string; figures: Figure[]; of: Indicator }): JSX.Element | null {
  if (!props.figures.length) return null;
  return (
    <div class="figure-row">
      <dt>{props.label}</dt>
      <dd>
        {props.figures.map((figure) => (
          <Said key={figure.claim} figure={figure} of={props.of} />
        ))}
      </dd>
    </div>
  );
}

function Traceable(props: { of: Indicator }): JSX.Element | null {
  const { traceable, value } = props.of;
  const t = text.value.indicators;
  if (!traceable) return null;
  const unit = lang.value === "zh" ? traceable.unit : props.of.unit_en || traceable.unit;
  return (
    <div class="traceable">
      {traceable.share_percent !== null && (
        <>
          <b>{t.traceable(String(traceable.share_percent))}</b>
          <span class="share" aria-hidden="true">
            <i style={{ width: `${Math.min(100, traceable.share_percent)}%` }} />
          </span>
          <p>{t.traceableSum(`${traceable.value} ${unit}`, `${value[0]?.value ?? ""} ${unit}`)}</p>
        </>
      )}
      <p class="lede">{lang.value === "zh" ? traceable.words_zh : traceable.words_en}</p>
      <ul>
        {traceable.projects.map((one) => (
          <li key={one.id}>
            <a href={`/?project=${one.id}&lang=${lang.value}`}>{nameIn(lang.value, one)}</a>{" "}
            {amountIn(lang.value, one.value, one.unit)}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Card(props: { one: Indicator; all: readonly Indicator[] }): JSX.Element {
  const { one, all } = props;
  const t = text.value.indicators;
  const whole = all.find((other) => other.code === one.part_of);
  const note = lang.value === "zh" ? one.note_zh : one.note;
  const { implied_target: implied } = one;
  const unit = lang.value === "zh" ? one.unit : one.unit_en || one.unit;
  return (
    <article class="indicator" id={`indicator-${one.code}`} aria-labelledby={`indicator-name-${one.code}`}>
      <h3 id={`indicator-name-${one.code}`}>{nameIn(lang.value, one)}</h3>
      {whole && <p class="lede">{t.partOf(nameIn(lang.value, whole))}</p>}
      <div class="values">
        {one.value.map((figure) => (
          <Said key={figure.claim} figure={figure} of={one} large />
        ))}
        {!one.value.length && <p class="lede">{t.none}</p>}
      </div>
      {one.disagree && <p class="disagree">{t.disagree}</p>}
      <dl>
        <Row label={t.stated} figures={one.target} of={one} />
        <Row label={t.ratio} figures={one.ratio} of={one} />
        {implied && (
          <div class="figure-row">
            <dt>{t.implied}</dt>
            <dd>{t.impliedAbout(`${implied.value} ${unit}`, String(implied.low), String(implied.high))}</dd>
          </div>
        )}
        <Row label={t.growth} figures={one.growth} of={one} />
        <Row label={t.rank} figures={one.rank} of={one} />
      </dl>
      <Traceable of={one} />
      {note && <p class="lede">{note}</p>}
      <details>
        <summary>{t.claims(one.claims.length)}</summary>
        <ul class="indicator-claims">
          {one.claims.map((claim) => (
            <li key={claim.n} id={`claim-${claim.n}`}>
              {claim.verbatim ? (
                <blockquote lang="zh">{claim.quote}</blockquote>
              ) : (
                <p>{(lang.value === "zh" ? claim.quote_zh : claim.quote_en) || claim.quote}</p>
              )}
              <small>
                {lang.value === "zh" ? claim.source.publisher_zh : claim.source.publisher_en},{" "}
                {dateIn(lang.value, claim.said_on)}
              </small>
            </li>
          ))}
        </ul>
      </details>
    </article>
  );
}

/** A number that is pressed opens the words it stands on. */
function openClaim(): void {
  const target = document.querySelector(`[id="${CSS.escape(location.hash.slice(1))}"]`);
  const details = target?.closest("details");
  if (!details) return;
  details.open = true;
  target?.scrollIntoView({ block: "center" });
}

export function Indicators(): JSX.Element {
  const t = text.value.indicators;
  useEffect(() => {
    void fetchIndicators();
    addEventListener("hashchange", openClaim);
    return () => removeEventListener("hashchange", openClaim);
  }, []);
  const state = indicators.value;
  if (state.status === "loading") return <p role="status">{t.loading}</p>;
  if (state.status === "failed")
    return <Failure title={t.failed} problem={state.problem} onRetry={() => void fetchIndicators()} />;
  const periods = [...new Set(state.value.map((one) => one.period))].sort().reverse();
  return (
    <section class="indicators" aria-labelledby="indicators-title">
      <h2 id="indicators-title">{t.title}</h2>
      <p class="lede">{t.lede}</p>
      {periods.map((period) => (
        <section key={period} aria-label={t.period(period)}>
          <h3 class="period">{period ? dateIn(lang.value, period) : t.period("")}</h3>
          <div class="cards">
            {state.value
              .filter((one) => one.period === period)
              .map((one) => (
                <Card key={one.code} one={one} all={state.value} />
              ))}
          </div>
        </section>
      ))}
    </section>
  );
}
