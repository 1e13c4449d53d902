/** From a fact on the board to the words it rests on: on the card of its project. */
import { effect } from "@preact/signals";
import { showClaim } from "../panels/CardClaims";
import { openFrom } from "../panels/focus";
import { detail, selected } from "../state/store";

let stop: () => void = () => undefined;

/** Open a project's card from a button, and on it the claim of a number as soon as it has come. */
export function openClaim(
  event: { currentTarget: EventTarget | null },
  project: string,
  claim: number | null,
): void {
  stop();
  openFrom(event, project);
  if (claim === null) return;
  stop = effect(() => {
    const state = detail.value;
    if (selected.value !== project || state.status !== "ready" || state.value.id !== project) return;
    // The card draws its claims first.
    setTimeout(() => {
      stop();
      showClaim(claim);
    });
  });
}
