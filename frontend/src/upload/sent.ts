/** A note of the file that is on its way, for the page that is loaded anew while it is sent. */
import { signal } from "@preact/signals";

const KEPT = "guatu-upload-sending";

/** after: the number of the newest upload there was before. */
export interface Sending {
  name: string;
  size: number;
  after: number;
}

/** The name of a file of which the page was left before it had arrived: it has to be chosen again. */
export const unsent = signal<string | null>(null);

export function noteSending({ name, size }: File, after: number): void {
  unsent.value = null;
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ name, size, after } satisfies Sending));
  } catch {
    // Storage may be forbidden; then the file is found in the list of uploads.
  }
}

export function forgetSending(): void {
  try {
    sessionStorage.removeItem(KEPT);
  } catch {
    // Nothing was kept there.
  }
}

export function lastSending(): Sending | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "null") as Sending | null;
  } catch {
    return null;
  }
}
