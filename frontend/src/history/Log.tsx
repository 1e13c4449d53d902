/** The log: the latest first, each with when, how, and for staff by whom, why and how much. */
import type { JSX } from "preact";
import type { ChangesetEntry, Op } from "../data/changesets";
import { lookOf, whoseDoing } from "../data/changesets";
import { Failure, Slow } from "../panels/Failure";
import { words } from "../state/store";
import { dateIn } from "../text/words";
import { Open } from "../upload/Open";
import { Undoing } from "../upload/Publish";
import { Sign } from "../upload/Sign";
import { momentIn, title, text as uploadText, vocabulary } from "../upload/said";
import { Filters } from "./Filters";
import { addressWith, asked, begins, go, load, log, nameOf, notANumber, text } from "./log";

const OPS: readonly Op[] = ["add", "change", "remove", "claim", "withdraw", "relate", "unrelate", "heard"];

function Acts(props: { of: ChangesetEntry }): JSX.Element | null {
  const acts = props.of.acts;
  if (!acts) return null;
  const present = OPS.filter((op) => acts[op]);
  if (!present.length) return <p class="acts">{text.value.nothingIn}</p>;
  return (
    <ul class="acts" aria-label={text.value.acts}>
      {present.map((op) => (
        <li key={op}>
          <Sign look={lookOf(op, "accept")} /> {uploadText.value.changes.groups[op]} <b>{acts[op]}</b>
        </li>
      ))}
    </ul>
  );
}

function Entry(props: { one: ChangesetEntry }): JSX.Element {
  const t = text.value;
  const { one } = props;
  const isPublic = one.state === "published";
  const when = isPublic ? one.published_at : one.created_at;
  const who = whoseDoing(one);
  const facts = [
    momentIn(when),
    t.kinds[one.kind],
    isPublic ? "" : t.states[one.state],
    one.rev !== null && t.rev(one.rev),
    t.numbered(one.id),
    who && t.by(who),
  ];
  return (
    <li class={`log-entry ${one.state}${typeof one.undone_by === "number" ? " is-undone" : ""}`}>
      <h2>
        <Open id={one.id}>{title(one) || t.numbered(one.id)}</Open>
      </h2>
      <p class="lede">{facts.filter(Boolean).join(" · ")}</p>
      {one.reason && <p class="why">{t.why(one.reason)}</p>}
      <Acts of={one} />
      <Undoing of={one} />
    </li>
  );
}

function Empty(): JSX.Element {
  const t = text.value;
  const first = begins.value && dateIn(vocabulary.value.lang, momentIn(begins.value).slice(0, 10));
  return (
    <div class="empty">
      <p>{Object.keys(asked.value).length ? t.none : t.noneAtAll}</p>
      {first && <p>{t.beginsOn(first)}</p>}
    </div>
  );
}

function Paging(props: { next: number | null }): JSX.Element | null {
  const t = text.value;
  const { next } = props;
  if (next === null && !asked.value.before) return null;
  const step = (to: string, label: string): JSX.Element => (
    <a
      class="button"
      href={to}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        go(to);
        scrollTo({ top: 0 });
      }}
    >
      {label}
    </a>
  );
  return (
    <nav class="paging" aria-label={t.pages}>
      {asked.value.before && step(addressWith({}), t.latest)}
      {next !== null && step(addressWith({ before: String(next) }), t.older)}
    </nav>
  );
}

function Listed(): JSX.Element {
  const t = text.value;
  const state = log.value;
  if (state.status === "loading")
    return (
      <p class="empty" role="status">
        {words.value.fail.loading} <Slow />
      </p>
    );
  if (state.status === "failed")
    return <Failure title={t.failed} problem={state.problem} onRetry={() => void load()} />;
  const { changesets, next } = state.value;
  if (!changesets.length) return <Empty />;
  return (
    <>
      <ol class="log" aria-label={t.title}>
        {changesets.map((one) => (
          <Entry key={one.id} one={one} />
        ))}
      </ol>
      <Paging next={next} />
    </>
  );
}

export function Log(): JSX.Element {
  const t = text.value;
  const { project } = asked.value;
  return (
    <main class="history">
      <header class="history-head">
        <h1>{project ? t.titleOf(nameOf(project)) : t.title}</h1>
        <p class="lede">{t.lede}</p>
      </header>
      <Filters />
      {notANumber.value !== null && (
        <p class="notice" role="alert">
          {t.notANumber(notANumber.value)}
        </p>
      )}
      <Listed />
    </main>
  );
}
