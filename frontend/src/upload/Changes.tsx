/** What a changeset does, as a list: counted, filtered, decided one by one or many at once, by hand or by key. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Change, type Counts, type Filter, lookOf, type Op } from "../data/changesets";
import { Failure } from "../panels/Failure";
import { Difference } from "./Difference";
import { decidable, gist, mayDecide, nameOf, rowIn, Verdict } from "./OneChange";
import { comparedIn, countOf, opsOf, projectsOf } from "./reading";
import {
  asked,
  carried,
  changes,
  choose,
  chosen,
  decide,
  filter,
  followsView,
  followView,
  list,
  listing,
  listMore,
  narrow,
  next,
  open,
  upload,
  widen,
} from "./review";
import { Sign } from "./Sign";
import { say, text } from "./said";
import { work } from "./working";

const follows = (change: Change, above: Change | undefined): boolean =>
  change.op !== "heard" && change.about !== "" && change.about === above?.about;

/** `follows`: it speaks of the project of the change above it. */
function Item(props: { change: Change; follows: boolean; apart: boolean }): JSX.Element {
  const { change, follows, apart } = props;
  const isChosen = chosen.value === change.n;
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isChosen) row.current?.scrollIntoView({ block: "nearest" });
  }, [isChosen]);
  return (
    <li
      ref={row}
      class={`change ${lookOf(change.op, change.decision)}${isChosen ? " chosen" : ""}${follows ? " follows" : ""}`}
      data-n={change.n}
    >
      <button
        type="button"
        class="change-name"
        aria-expanded={isChosen}
        onClick={() => void choose(isChosen ? null : change.n)}
      >
        <Sign look={lookOf(change.op, change.decision)} />
        <span>
          {follows ? (
            gist(change)
          ) : (
            <>
              <b>{change.op === "heard" ? text.value.changes.groups.heard : nameOf(change)}</b>
              <small>
                {change.row !== null && `${rowIn(change.row)} · `}
                {gist(change)}
              </small>
            </>
          )}
          {!follows && change.along.length > 0 && (
            <small class="along">{text.value.changes.along(change.along.length)}</small>
          )}
          {change.issues.map((issue, i) => (
            <small key={i} class={`issue ${issue.severity}`}>
              {say(issue)}
            </small>
          ))}
        </span>
      </button>
      <Verdict change={change} />
      {isChosen && <Difference change={change} apart={apart} />}
    </li>
  );
}

function Groups(): JSX.Element {
  const t = text.value.changes;
  const { counts, state } = open.value!;
  const faulty = countOf(counts, null, "blocked");
  /** Of what is public, what was done; of what is staged, what can be. */
  const doneOf = (of: Counts, op: Op): number =>
    countOf(of, op, "accept") + (state === "staged" ? countOf(of, op, "reject") : 0);
  // One change says of all of them that they are heard of again.
  const countIn = (op: Op): number => (op === "heard" && upload.value?.report?.heard) || doneOf(counts, op);
  const button = (op: Op | undefined, label: string, count: number): JSX.Element => (
    <button
      key={label}
      type="button"
      aria-pressed={filter.value.op === op}
      onClick={() => narrow({ op: filter.value.op === op ? undefined : op })}
    >
      <b>{count}</b>
      <span>
        {op && <Sign look={lookOf(op, "accept")} />} {label}
      </span>
    </button>
  );
  const compared = comparedIn({ state, counts }, upload.value?.report?.counts.same ?? null, text.value);
  // One change says of all of them that they are heard of again: it stands by itself.
  const single = opsOf(counts)
    .filter((op) => op !== "heard")
    .reduce((sum, op) => sum + doneOf(counts, op), faulty);
  const blockedRows = projectsOf(counts, null, "blocked");
  return (
    <>
      <p class="compared">
        <b>{compared}</b>
        {blockedRows > 0 && <small>{text.value.report.blocked(blockedRows, state === "published")}</small>}
        {single > 0 && <small>{t.single(single)}</small>}
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that belong together, not a form */}
      <div class="groups" role="group" aria-label={t.filter}>
        {opsOf(counts).map((op) => button(op, t.groups[op], countIn(op)))}
        {faulty > 0 && (
          <button
            type="button"
            aria-pressed={filter.value.decision === "blocked"}
            onClick={() =>
              narrow({ decision: filter.value.decision === "blocked" ? undefined : "blocked", op: undefined })
            }
          >
            <b>{faulty}</b>
            <span>
              <Sign look="blocked" /> {t.decisions.blocked}
            </span>
          </button>
        )}
      </div>
    </>
  );
}

function Filters(props: { apart: boolean }): JSX.Element {
  const t = text.value.changes;
  const { counts } = open.value!;
  const now = filter.value;
  const isOn = Object.keys(now).length > 0 || followsView.value;
  const searching = useRef(0);
  const field = (
    id: keyof Filter,
    label: string,
    any: string,
    options: readonly [value: string, said: string][],
  ): JSX.Element => (
    <label>
      <span>{label}</span>
      <select
        value={now[id] ?? ""}
        onChange={(event) => narrow({ [id]: event.currentTarget.value || undefined })}
      >
        <option value="">{any}</option>
        {options.map(([value, said]) => (
          <option key={value} value={value}>
            {said}
          </option>
        ))}
      </select>
    </label>
  );
  const decisions = (["accept", "reject", "blocked", "conflict"] as const).filter((one) =>
    countOf(counts, null, one),
  );
  return (
    <details class="narrowing" open={isOn}>
      <summary>{t.narrowing}</summary>
      <div class="filters">
        <label class="wide">
          <span>{t.search}</span>
          <input
            type="search"
            value={now.q ?? ""}
            onInput={(event) => {
              const q = event.currentTarget.value.trim();
              clearTimeout(searching.current);
              searching.current = window.setTimeout(() => narrow({ q: q || undefined }), 250);
            }}
          />
        </label>
        {field(
          "decision",
          t.decision,
          t.anyDecision,
          decisions.map((one) => [one, t.decided(t.decisions[one], countOf(counts, null, one))]),
        )}
        {counts.issues.length > 0 &&
          field(
            "issue",
            t.issue,
            t.anyIssue,
            counts.issues.map((one) => [
              one.code,
              `${say(one)} (${text.value.report.count(one.count, upload.value !== null)})`,
            ]),
          )}
        {!props.apart && (
          <label class="wide check">
            <input
              type="checkbox"
              checked={followsView.value}
              onChange={(event) => followView(event.currentTarget.checked)}
            />
            {t.inView}
          </label>
        )}
        {isOn && (
          <button type="button" class="quiet" onClick={widen}>
            {t.clear}
          </button>
        )}
      </div>
    </details>
  );
}

function Bulk(): JSX.Element | null {
  const t = text.value.changes;
  if (!mayDecide.value || !changes.value.length) return null;
  const filtered = Object.keys(filter.value).length > 0;
  return (
    <p class="bulk">
      <span>{followsView.value ? t.bulkInView : t.bulk(filtered)}</span>
      {(["accept", "reject"] as const).map((one) => (
        <button
          key={one}
          type="button"
          class="button small"
          disabled={work.value !== null}
          onClick={() => void decide(asked(), one)}
        >
          {one === "accept" ? t.acceptAll : t.rejectAll}
        </button>
      ))}
      <span role="status" class="carried">
        {carried.value > 0 && t.carried(carried.value)}
      </span>
    </p>
  );
}

/** Look at a change, and give its row the keyboard. */
function goTo(list: HTMLElement, n: number): void {
  void choose(n);
  list.querySelector<HTMLElement>(`[data-n="${n}"] .change-name`)?.focus();
}

/** ↑ and ↓ go from change to change, A accepts, R rejects: the row that has the keyboard, and no other that may be
 * chosen on the map meanwhile. A key that is held down decides once. */
function onKey(event: KeyboardEvent): void {
  const list = event.currentTarget as HTMLElement;
  const row = (event.target as HTMLElement).closest<HTMLElement>("[data-n]");
  const all = changes.value;
  const at = all.findIndex((one) => one.n === Number(row?.dataset.n));
  const key = event.key.toLowerCase();
  if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
  if (key === "arrowdown" || key === "arrowup") {
    event.preventDefault();
    goTo(list, (all[at + (key === "arrowdown" ? 1 : -1)] ?? all[at]).n);
  } else if ((key === "a" || key === "r") && !event.repeat && mayDecide.value && !work.value) {
    const verdict = key === "a" ? "accept" : "reject";
    if (decidable(all[at].decision) && all[at].decision !== verdict) void decide({ n: [all[at].n] }, verdict);
    // On to the next: many are decided one after the other.
    const after = all.slice(at + 1).find((one) => one.about !== all[at].about);
    if (after) goTo(list, after.n);
  }
}

/** `apart`: there is no map beside it. */
export function Changes(props: { apart?: boolean }): JSX.Element {
  const { apart = false } = props;
  const t = text.value.changes;
  const now = open.value!;
  const state = listing.value;
  const total = countOf(now.counts, null);
  return (
    <section class="changes" aria-label={t.list}>
      <h2>{now.state === "staged" ? t.title : t.titleDone}</h2>
      <Groups />
      {total > 0 && <Filters apart={apart} />}
      <Bulk />
      {state.status === "failed" && (
        <Failure title={t.failed} problem={state.problem} onRetry={() => void list()} />
      )}
      {!total && <p class="empty">{t.nothing}</p>}
      {total > 0 && state.status === "ready" && !changes.value.length && <p class="empty">{t.none}</p>}
      {state.status === "loading" && !changes.value.length && (
        <p class="empty" role="status">
          {t.loading}
        </p>
      )}
      <ul class="change-list" aria-label={t.list} onKeyDown={onKey}>
        {changes.value.map((change, i) => (
          <Item
            key={change.n}
            change={change}
            follows={follows(change, changes.value[i - 1])}
            apart={apart}
          />
        ))}
      </ul>
      {next.value !== null && (
        <button type="button" class="button" onClick={() => void listMore()}>
          {t.more}
        </button>
      )}
      {changes.value.length > 0 && <p class="lede keys">{mayDecide.value ? t.keys : t.keysToLook}</p>}
    </section>
  );
}
