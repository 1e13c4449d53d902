/** What those who may record see on the page: the ways into the form. All of it comes only to them. */
import { type JSX, render } from "preact";
import "../styles/record.css";
import type { Claim } from "../data/types";
import { Dialog } from "./Dialog";
import { beginCorrecting, beginRecording, beginWithdrawing, doing, text } from "./state";

let opener: HTMLElement | null = null;
/** The claim that the dialog is about: what opened it may be gone with it. */
let about: number | null = null;

const from = (event: { currentTarget: EventTarget | null }, claim: number | null): void => {
  opener = event.currentTarget as HTMLElement | null;
  about = claim;
};

/** Closed, the keyboard goes back to what opened it. */
function goBack(): void {
  const back = opener?.isConnected ? opener : document.getElementById(`claim-${about}`);
  back?.focus({ preventScroll: true });
}

function Root(): JSX.Element | null {
  return doing.value ? <Dialog /> : null;
}

const host = document.createElement("div");
document.body.append(host);
render(<Root />, host);
let wasOpen = false;
doing.subscribe((now) => {
  // The dialog must be gone first: while it is modal nothing else takes the keyboard.
  if (wasOpen && !now) requestAnimationFrame(goBack);
  wasOpen = now !== null;
});

/** `project`: the one it is about; without one it is searched for. */
export function RecordButton(props: { project?: string }): JSX.Element {
  return (
    <button
      type="button"
      class="button"
      aria-haspopup="dialog"
      onClick={(event) => {
        from(event, null);
        beginRecording(props.project ?? "");
      }}
    >
      {text.value.button}
    </button>
  );
}

export function ClaimButtons(props: { project: string; claim: Claim }): JSX.Element {
  const { project, claim } = props;
  const t = text.value;
  return (
    <p class="claim-buttons">
      <button
        type="button"
        class="quiet"
        aria-label={t.correctClaim(claim.n)}
        onClick={(event) => {
          from(event, claim.n);
          beginCorrecting(project, claim);
        }}
      >
        {t.correct}
      </button>
      <button
        type="button"
        class="quiet"
        aria-label={t.withdrawClaim(claim.n)}
        onClick={(event) => {
          from(event, claim.n);
          beginWithdrawing(project, claim.n, claim.quote ?? "");
        }}
      >
        {t.withdraw}
      </button>
    </p>
  );
}
