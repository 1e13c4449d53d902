/** The end of a review: publish, give up, or, once it is public, take it back. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { type Changeset, type ChangesetEntry, whoseDoing } from "../data/changesets";
import { Open } from "./Open";
import { countOf, isNothing, projectsOf } from "./reading";
import { discard, outcome, publish, rebase, refused, takeBack, undo, unpublished, upload } from "./review";
import { momentIn, say, sayProblem, text } from "./said";
import { work } from "./working";

const FEW = 5;

export function Refused(): JSX.Element | null {
  const t = text.value.publish;
  const problem = refused.value;
  if (!problem) return null;
  const moved = problem.code === "moved-on" ? (problem.said.errors ?? []) : [];
  return (
    <div class="wrong" role="alert">
      <b>{moved.length ? t.movedTitle : t.refusedTitle}</b>
      <p>{problem.code === "stale" ? t.stale : sayProblem(problem)}</p>
      {moved.length > 0 && (
        <>
          <ul>
            {moved.slice(0, FEW).map((one, i) => (
              <li key={i}>{say(one)}</li>
            ))}
          </ul>
          {moved.length > FEW && <p>{t.movedMore(moved.length - FEW)}</p>}
          <button type="button" class="button" onClick={() => void rebase()}>
            {t.rebase}
          </button>
        </>
      )}
    </div>
  );
}

function Reason(props: {
  value: string;
  label: string;
  hint?: string;
  onInput: (text: string) => void;
}): JSX.Element {
  return (
    <div class="field">
      <label for="reason">{props.label}</label>
      <textarea
        id="reason"
        rows={2}
        maxLength={2000}
        placeholder={props.hint}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </div>
  );
}

function Discard(): JSX.Element {
  const t = text.value.publish;
  const asks = useSignal(false);
  if (!asks.value)
    return (
      <button
        type="button"
        class="button"
        disabled={work.value !== null}
        onClick={() => {
          asks.value = true;
        }}
      >
        {t.discard}
      </button>
    );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a question and its two answers
    <div class="sure" role="group" aria-label={t.discardSure}>
      <p>{t.discardSure}</p>
      <button type="button" class="button danger" onClick={() => void discard()}>
        {t.discardYes}
      </button>
      <button
        type="button"
        class="button"
        onClick={() => {
          asks.value = false;
        }}
      >
        {t.discardNo}
      </button>
    </div>
  );
}

/** What an undo leaves as it is, and why. */
function Kept({ of }: { of: Changeset }): JSX.Element | null {
  const t = text.value.publish;
  const kept = of.kept ?? [];
  const together = kept.filter((one) => one.part === "together").length;
  const moved = kept.length - together;
  const told = kept.flatMap((one) => {
    const { target, part, detail_zh, detail_en } = one;
    return detail_zh && detail_en ? [{ key: `${target} ${part}`, detail_zh, detail_en }] : [];
  });
  if (!moved) return null;
  return (
    <div class="kept">
      <p class="strong">
        {t.kept(moved)}
        {together > 0 && t.keptTogether(together)}
      </p>
      <details>
        <summary>{t.keptWhich}</summary>
        <ul>
          {told.map((one) => (
            <li key={one.key}>{say(one)}</li>
          ))}
        </ul>
        {told.length < kept.length && <p>{t.keptMore(kept.length - told.length)}</p>}
      </details>
    </div>
  );
}

function Staged(props: { of: Changeset }): JSX.Element {
  const t = text.value.publish;
  const { of } = props;
  /** Why something is taken back or drawn anew was asked when that was begun. */
  const asked = ((of.reverts !== null || of.kind === "edit") && of.reason) || "";
  const file = upload.value && `${upload.value.name} ${of.dataset}`;
  const written = file && unpublished.value.of === file ? unpublished.value.reason : "";
  const reason = useSignal(asked || written);
  /** The digest of the warnings that were confirmed: other warnings are other ones. */
  const confirmed = useSignal("");
  const tried = useSignal(false);
  /** The list keeps the room until somebody is through with it. */
  const begun = useSignal(written !== "");
  const accepted = countOf(of.counts, null, "accept");
  const removed = countOf(of.counts, "remove", "accept");
  const blocked = projectsOf(of.counts, null, "blocked");
  const impossible = countOf(of.counts, null, "conflict");
  const tally = t.tally(
    projectsOf(of.counts, null, "accept"),
    accepted,
    projectsOf(of.counts, null, "reject"),
    countOf(of.counts, null, "reject"),
  );
  const all = countOf(of.counts, null);
  /** Nothing to publish, which its buttons tell at once. */
  const none = all > 0 && !accepted;
  const needs = [
    of.warnings > 0 && confirmed.value !== of.confirm && t.needConfirm,
    !reason.value.trim() && t.needReason,
  ].filter((one): one is string => Boolean(one));
  const submit = (event: Event): void => {
    event.preventDefault();
    tried.value = needs.length > 0;
    if (!needs.length) void publish(reason.value.trim(), of.warnings ? of.confirm : "");
  };
  return (
    <form class="publish" onSubmit={submit} noValidate>
      <Refused />
      {of.reverts !== null && <p class="lede">{text.value.done.reverted}</p>}
      {outcome.value?.act === "rebase" && (
        <p role="status">
          {text.value.done.rebased(outcome.value.of.moved ?? 0, outcome.value.of.settled ?? 0)}
        </p>
      )}
      <Kept of={of} />
      <div class="choices">
        <p class="tally">
          <b>{tally}</b>
          {none && (
            <small class="strong" id="publish-none" role="status">
              {t.none}
            </small>
          )}
          {removed > 0 && <small class="strong">{t.removes(removed)}</small>}
          {blocked > 0 && <small>{text.value.report.blocked(blocked, false)}</small>}
          {impossible > 0 && <small>{t.impossible(impossible)}</small>}
        </p>
        <Discard />
        {!begun.value && all > 0 && (
          <button
            type="button"
            class="button primary"
            disabled={none}
            aria-describedby={none ? "publish-none" : undefined}
            onClick={() => {
              begun.value = true;
            }}
          >
            {t.begin}
          </button>
        )}
      </div>
      {begun.value && (
        <>
          {of.warnings > 0 && (
            <label class="radio">
              <input
                type="checkbox"
                checked={confirmed.value === of.confirm}
                onChange={(event) => {
                  confirmed.value = event.currentTarget.checked ? of.confirm : "";
                }}
              />
              {t.warnings(of.warnings)}
            </label>
          )}
          <Reason
            value={reason.value}
            label={t.reason}
            hint={t.reasonHint}
            onInput={(said) => {
              reason.value = said;
              if (file) unpublished.value = { of: file, reason: said };
            }}
          />
          {tried.value && needs.length > 0 && (
            <ul class="wrong" role="alert">
              {needs.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          )}
          <button
            type="submit"
            class="button primary"
            disabled={none || work.value !== null}
            aria-describedby={none ? "publish-none" : undefined}
          >
            {t.go}
          </button>
        </>
      )}
    </form>
  );
}

/** Taking it back. recorded: it is only claims, and may be public at once again. */
export function Undo(props: { recorded?: boolean }): JSX.Element {
  const t = text.value.done;
  const reason = useSignal("");
  return (
    <details class="undo">
      <summary>{t.undoTitle}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.value.trim()) void (props.recorded ? takeBack : undo)(reason.value.trim());
        }}
      >
        <p class="lede">{props.recorded ? t.takeBackLede : t.undoLede}</p>
        <Reason
          value={reason.value}
          label={t.undoReason}
          onInput={(said) => {
            reason.value = said;
          }}
        />
        <button type="submit" class="button" disabled={work.value !== null || !reason.value.trim()}>
          {t.undo}
        </button>
      </form>
    </details>
  );
}

const ROOMY_ZOOM = 15;
const AREA_ZOOM = 12.75;
const LARGE_DEG = 0.03;

/** The public map, where the changes are. */
function mapAddress({ counts }: Changeset): string {
  const box = counts.bbox_lonlat;
  if (!box) return "/";
  const [west, south, east, north] = box;
  const zoom = Math.max(east - west, north - south) > LARGE_DEG ? AREA_ZOOM : ROOMY_ZOOM;
  return `/?at=${zoom}/${((south + north) / 2).toFixed(4)}/${((west + east) / 2).toFixed(4)}`;
}

/** What it takes back, and what took it back. */
export function Undoing(props: { of: ChangesetEntry }): JSX.Element | null {
  const t = text.value.done;
  const { reverts, undone_by } = props.of;
  if (reverts === null && typeof undone_by !== "number") return null;
  return (
    <p class="undoing">
      {reverts !== null && <Open id={reverts}>{t.undoes(reverts)}</Open>}{" "}
      {typeof undone_by === "number" && <Open id={undone_by}>{t.undone(undone_by)}</Open>}
    </p>
  );
}

function Published(props: { of: Changeset; onward: JSX.Element }): JSX.Element {
  const t = text.value.done;
  const { of, onward } = props;
  const who = whoseDoing(of);
  return (
    <div class="publish done">
      <Refused />
      <p class="success" role="status">
        <b>{t.published(of.rev ?? 0)}</b>
      </p>
      {who !== null && <p class="lede">{t.by(who, momentIn(of.published_at), of.reason ?? "")}</p>}
      <Undoing of={of} />
      <div class="choices">
        <a class="button primary" href={mapAddress(of)}>
          {t.onMap}
        </a>
        {onward}
      </div>
      {typeof of.undone_by !== "number" && of.kind !== "seed" && <Undo />}
    </div>
  );
}

/** `onward`: where to go when nothing is left to do. */
export function Publish(props: { of: Changeset; onward: JSX.Element }): JSX.Element {
  const { of, onward } = props;
  if (of.state === "published") return <Published of={of} onward={onward} />;
  if (of.state === "staged") return <Staged key={of.id} of={of} />;
  const t = text.value.done;
  return (
    <div class="publish done">
      <p role="status">{isNothing(of) ? t.nothing : t.discarded}</p>
      <div class="choices">{onward}</div>
    </div>
  );
}
