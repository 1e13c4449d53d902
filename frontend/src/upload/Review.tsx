/** A changeset under review: what was found in its file, its map, and what it does, in step. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { type Changeset, LEDGER } from "../data/changesets";
import { Failure, Slow } from "../panels/Failure";
import { catalogue, words } from "../state/store";
import { Changes } from "./Changes";
import { loadLists, staged, startAnew, uploads } from "./flow";
import { Publish } from "./Publish";
import { Report } from "./Report";
import { ReviewSheet } from "./ReviewSheet";
import { isNothing, sizeIn, wayOf } from "./reading";
import { changeset, discardQuietly, leave, number, open, openChangeset, part, upload } from "./review";
import { name, text, title } from "./said";

/** The way that a changeset came, and goes: not everything was a file. */
function Steps({ of }: { of: Changeset }): JSX.Element | null {
  const t = text.value.steps;
  const way = wayOf(of);
  if (way === "seed") return null;
  const begun = way === "upload" ? (["file", "check"] as const) : [way];
  const steps = isNothing(of) ? begun : ([...begun, "review", "publish"] as const);
  const at = of.state === "staged" ? steps.length - 2 : steps.length;
  return (
    <ol class="steps" aria-label={t.label}>
      {steps.map((step, i) => (
        <li key={step} class={i < at ? "done" : undefined} aria-current={i === at ? "step" : undefined}>
          {t[step]}
        </li>
      ))}
    </ol>
  );
}

function Head(props: { of: Changeset }): JSX.Element {
  const t = text.value.head;
  const { of } = props;
  const brought = upload.value;
  const kind = catalogue.value!.kinds.find((one) => one.id === brought?.kind);
  const facts = [
    t.states[isNothing(of) ? "nothing" : of.state],
    t.changeset(of.id),
    brought?.kind === LEDGER ? text.value.start.ledger : kind && name(kind),
    of.dataset,
    brought && brought.kind !== LEDGER && t.modes[brought.mode],
    of.data_date,
    brought?.report && t.rows(brought.report.rows ?? 0),
    brought && sizeIn(brought.size),
    of.expires_on && t.expires(of.expires_on),
  ];
  return (
    <header class="review-head">
      <button
        type="button"
        class="button small"
        onClick={() => {
          leave();
          void loadLists();
        }}
      >
        {t.back}
      </button>
      <div>
        <h1>{brought?.name ?? title(of)}</h1>
        <p class="lede">{facts.filter(Boolean).join(" · ")}</p>
      </div>
      <Steps of={of} />
    </header>
  );
}

/** A mended file was brought, and what was staged of the one before waits still. */
function Former(props: { of: Changeset }): JSX.Element | null {
  const t = text.value.head;
  const { of } = props;
  const asks = useSignal(false);
  if (of.state !== "staged" || !of.dataset) return null;
  // Another layer or another kind of the same file replaces nothing.
  const mine = upload.value;
  const others = uploads.value.filter((one) => one.kind !== mine?.kind || one.layer !== mine.layer);
  const apart = new Set(others.map(({ changeset }) => changeset));
  const former = staged.value.filter(
    (one) => one.dataset === of.dataset && one.id < of.id && !(mine && apart.has(one.id)),
  );
  if (!former.length) return null;
  const give = async (): Promise<void> => {
    if (!asks.value) {
      asks.value = true;
      return;
    }
    asks.value = false;
    for (const one of former) await discardQuietly(one.id);
    await loadLists();
  };
  return (
    <p class="notice former">
      {t.former(former.map((one) => one.id))}
      <button type="button" class="button small" onClick={() => void give()}>
        {asks.value ? t.giveUpSure(former.length) : t.giveUpFormer}
      </button>
    </p>
  );
}

function Anew(): JSX.Element {
  return (
    <button
      type="button"
      class="button"
      onClick={() => {
        leave();
        startAnew();
        void loadLists();
      }}
    >
      {text.value.done.start}
    </button>
  );
}

const PARTS = ["check", "map", "changes"] as const;

/** On a phone one of the three parts is shown at a time. */
function Tabs(): JSX.Element {
  const t = text.value.tabs;
  return (
    <div class="parts" role="tablist" aria-label={t.label}>
      {PARTS.map((one) => (
        <button
          key={one}
          type="button"
          role="tab"
          aria-selected={part.value === one}
          onClick={() => {
            part.value = one;
          }}
        >
          {t[one]}
        </button>
      ))}
    </div>
  );
}

export function Review(): JSX.Element {
  useEffect(() => void loadLists(), [number.value]);
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
          title={words.value.fail.title}
          problem={state.problem}
          onRetry={() => void openChangeset(number.value!, false)}
        />
        <button type="button" class="button" onClick={leave}>
          {text.value.head.back}
        </button>
      </main>
    );
  return (
    <main class={`upload-review part-${part.value}`}>
      <div class="review-top">
        <Head of={open.value!} />
        <Former of={open.value!} />
      </div>
      <Tabs />
      <Report />
      <ReviewSheet />
      <aside class="review-right" aria-label={text.value.changes.title}>
        <Changes />
        <Publish of={open.value!} onward={<Anew />} />
      </aside>
    </main>
  );
}
