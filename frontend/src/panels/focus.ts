/** Where the keyboard was before a card opened, so that closing it goes back there. */
import { select, selected } from "../state/store";

let opener: HTMLElement | null = null;

export function rememberOpener(element: HTMLElement | null): void {
  opener = element;
}

/** Open a project's card from a button. */
export function openFrom(event: { currentTarget: EventTarget | null }, id: string): void {
  // From one card to another the first opener stays the way back.
  const button = event.currentTarget as HTMLElement | null;
  if (!button?.closest(".card")) rememberOpener(button);
  select(id);
}

/** Close the card; the keyboard goes back to what opened it, or to the map. */
export function closeCard(): void {
  if (!selected.value) return;
  select(null);
  const back = opener?.isConnected && opener.offsetParent !== null ? opener : document.getElementById("map");
  opener = null;
  back?.focus({ preventScroll: true });
}

/** Whether a card was asked for by somebody at a control, who then wants to be in it. */
export function openedByHand(): boolean {
  return opener !== null;
}
