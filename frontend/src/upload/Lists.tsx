/** What waits for review, what was published, and which files came. */
import type { ComponentChildren, JSX } from "preact";
import { type ChangesetEntry, type ListedUpload, whoseDoing } from "../data/changesets";
import { chosenLang } from "../state/store";
import { goOn } from "./again";
import { uploadOf } from "./api";
import {
  listsProblem,
  loadLists,
  loadOlder,
  olderThan,
  published,
  refusal,
  refusedOf,
  staged,
  uploads,
} from "./flow";
import { Open } from "./Open";
import { momentIn, sayProblem, text, title } from "./said";
import { work } from "./working";

function Entry(props: { one: ChangesetEntry }): JSX.Element {
  const t = text.value.lists;
  const { one } = props;
  const who = whoseDoing(one);
  const when = one.state === "published" ? one.published_at : one.created_at;
  return (
    <li>
      <Open id={one.id}>{title(one)}</Open>
      <small>
        {one.rev !== null && `${t.rev(one.rev)} · `}
        {text.value.head.changeset(one.id)} ·{" "}
        {one.mode === "replace" && `${text.value.head.modes.replace} · `}
        {t.by(who ?? "", momentIn(when))}
        {one.reason && ` · ${one.reason}`}
        {typeof one.undone_by === "number" && ` · ${t.undone}`}
      </small>
    </li>
  );
}

function Sent(props: { one: ListedUpload }): JSX.Element {
  const t = text.value.lists;
  const { one } = props;
  const why = async (): Promise<void> => {
    refusal.value = refusedOf(await uploadOf(`/api/uploads/${one.id}`));
  };
  return (
    <li>
      {one.changeset === null ? <b>{one.name}</b> : <Open id={one.changeset}>{one.name}</Open>}
      <small>
        {t.states[one.changeset_state ?? one.state]} · {one.dataset} ·{" "}
        {t.by(one.account, momentIn(one.created_at))}
      </small>
      {one.state === "checking" && !work.value && (
        <button type="button" class="quiet" onClick={() => void goOn(one.id)}>
          {t.follow}
        </button>
      )}
      {one.state === "rejected" && (
        <button type="button" class="quiet" onClick={() => void why()}>
          {t.why}
        </button>
      )}
    </li>
  );
}

function List<T extends { id: number }>(props: {
  title: string;
  empty: string;
  entries: readonly T[];
  entry: (one: T) => JSX.Element;
  children?: ComponentChildren;
}): JSX.Element {
  const { entries, entry } = props;
  return (
    <section aria-label={props.title}>
      <h2>
        {props.title} <span class="number">{entries.length}</span>
      </h2>
      {entries.length ? <ul>{entries.map(entry)}</ul> : <p class="empty">{props.empty}</p>}
      {props.children}
    </section>
  );
}

export function Lists(): JSX.Element {
  const t = text.value.lists;
  const problem = listsProblem.value;
  const brought = published.value.filter((one) => one.kind !== "seed");
  return (
    <div class="upload-lists">
      {problem && (
        <p class="notice" role="alert">
          {t.failed} {sayProblem(problem)}
          <button type="button" class="button small" onClick={() => void loadLists()}>
            {t.retry}
          </button>
        </p>
      )}
      <List
        title={t.staged}
        empty={t.stagedEmpty}
        entries={staged.value}
        entry={(one) => <Entry key={one.id} one={one} />}
      />
      <List
        title={t.history}
        empty={t.historyEmpty}
        entries={brought}
        entry={(one) => <Entry key={one.id} one={one} />}
      >
        {olderThan.value !== null && (
          <button type="button" class="quiet" onClick={() => void loadOlder()}>
            {t.older}
          </button>
        )}
        <p>
          <a href={`/history${chosenLang.value ? `?lang=${chosenLang.value}` : ""}`}>{t.whole}</a>
        </p>
      </List>
      <List
        title={t.sent}
        empty={t.sentEmpty}
        entries={uploads.value}
        entry={(one) => <Sent key={one.id} one={one} />}
      />
    </div>
  );
}
