/** The last answer, kept on the device: where there is no network, it stays and says its age. */
import type { Near } from "../data/near";

export interface Kept {
  /** The query that was asked, as written. */
  query: string;
  /** When the answer came, milliseconds since 1970. */
  at: number;
  near: Near;
}

const KEY = "guatu-near";

/** Null when nothing is kept, or the browser keeps nothing. */
export function readKept(): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null") as Kept | null;
    return kept?.near?.groups && kept.at ? kept : null;
  } catch {
    return null;
  }
}

export function keep(kept: Kept): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // Storage may be full or forbidden: then the answer lives as long as the page.
  }
}
