/** What is not sent yet, kept in the browser by what is edited: it survives a reload and a crash. */
import type { Draft } from "./acts";

export interface Kept {
  subject: string;
  base: number;
  begun: Draft;
  draft: Draft;
}

const keptAt = (id: string): string => `guatu-edit:${id}`;

export function keptOf(id: string): Kept | null {
  try {
    const found = JSON.parse(localStorage.getItem(keptAt(id)) ?? "null") as Kept | null;
    return found?.subject === id ? found : null;
  } catch {
    return null;
  }
}

export function keep(kept: Kept): void {
  try {
    localStorage.setItem(keptAt(kept.subject), JSON.stringify(kept));
  } catch {
    // It is full or closed: the page itself still holds everything.
  }
}

export function forget(id: string): void {
  try {
    localStorage.removeItem(keptAt(id));
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}
