/** One changeset of the log: who, when, why, all that it did, and for those who may, taking it back. */
import type { JSX } from "preact";
import { type Changeset, whoseDoing } from "../data/changesets";
import { Failure, Slow } from "../panels/Failure";
import { session } from "../state/session";
import { chosenLang, words } from "../state/store";
import { Changes } from "../upload/Changes";
import { Publish, Refused, Undo, Undoing } from "../upload/Publish";
import { addressOf, changeset, number, openChangeset, upload } from "../upload/review";
import { momentIn, title } from "../upload/said";
import { go, isStaff, text } from "./log";

const back = (): void => {
  go(addressOf(null));
};

function Back(): JSX.Element {
  return (
    <button type="button" class="button small" onClick={back}>
      {text.value.back}
    </button>
  );
}

function Head(props: { of: Changeset }): JSX.Element {
  const t = text.value;
  const { of } = props;
  const isPublic = of.state === "published";
  const when = isPublic ? of.published_at : of.created_at;
  const who = whoseDoing(of);
  const facts = [
    momentIn(when),
    t.states[of.state],
    t.kinds[of.kind],
    of.rev !== null && t.rev(of.rev),
    t.numbered(of.id),
    of.dataset,
    upload.value?.name,
    who && t.by(who),
  ];
  return (
    <header class="history-head">
      <Back />
      <h1>{title(of) || t.numbered(of.id)}</h1>
      <p class="lede">{facts.filter(Boolean).join(" · ")}</p>
      {of.reason && !session.value?.may_upload && <p class="why">{t.why(of.reason)}</p>}
    </header>
  );
}

/** What strangers learn of it, and where those who may know more go. */
function Apart(props: { of: Changeset }): JSX.Element {
  const t = text.value;
  const query = new URLSearchParams({ next: location.pathname + location.search });
  if (chosenLang.value) query.set("lang", chosenLang.value);
  return (
    <div class="history-apart">
      <Undoing of={props.of} />
      <p>{t.forStaff}</p>
      <a class="button" href={`/signin?${query}`}>
        {t.signIn}
      </a>
    </div>
  );
}

/** What a person recorded by hand, another who may record takes back here. */
function Recorded(props: { of: Changeset }): JSX.Element {
  const { of } = props;
  const mayUndo =
    session.value?.may_record && of.recorded && of.state === "published" && typeof of.undone_by !== "number";
  return (
    <div class="publish">
      <Refused />
      <Undoing of={of} />
      {mayUndo && <Undo recorded />}
    </div>
  );
}

function Body(props: { of: Changeset }): JSX.Element {
  const { of } = props;
  if (!isStaff.value || !of.counts) return <Apart of={of} />;
  return (
    <>
      {session.value?.may_upload ? <Publish of={of} onward={<Back />} /> : <Recorded of={of} />}
      <Changes apart />
    </>
  );
}

export function Opened(): JSX.Element {
  const state = changeset.value;
  if (state.status === "loading")
    return (
      <main class="message">
        <p role="status">
          {words.value.fail.loading} <Slow />
        </p>
      </main>
    );
  if (state.status === "failed")
    return (
      <main class="message">
        <Failure
          title={text.value.failed}
          problem={state.problem}
          onRetry={() => void openChangeset(number.value!, false)}
        />
        <Back />
      </main>
    );
  return (
    <main class="history opened">
      <Head of={state.value} />
      <Body of={state.value} />
    </main>
  );
}
