/** What is begun on the map and not drawn to its end: it is not part of the edit yet, and must not be lost unseen. */
import { effect, signal } from "@preact/signals";
import type { JSX } from "preact";
import type { Tool } from "../map/edit";
import { corners, drawer, text, tool } from "./state";

type Drawn = "area" | "line" | "cut";
/** How many corners each takes at least. */
const LEAST: Record<Drawn, number> = { area: 3, line: 2, cut: 2 };

/** Corner by corner, until somebody ends it. */
export const isDrawn = (one: Tool): one is Drawn => one in LEAST;

/** Somebody wanted to send the edit without it. */
export const unsent = signal(false);
effect(() => {
  if (corners.value === 0) unsent.value = false;
});

export const finish = (): void => drawer.value?.finish();
export const giveUp = (): void => drawer.value?.giveUp();

/** The button is gone with what it was for: on with the map. */
function thenOnTheMap(act: () => void): void {
  act();
  document.getElementById("map")?.focus();
}

export function Unfinished(): JSX.Element | null {
  const t = text.value.unfinished;
  const what = tool.value;
  if (corners.value === 0 || !isDrawn(what)) return null;
  return (
    <div class="notice edit-unfinished">
      {/* Another element, so that it is read out. */}
      {unsent.value ? (
        <p key="unsent" role="alert">
          <b>{t.notSent}</b> {t[what]}
        </p>
      ) : (
        <p key="drawn" role="status">
          {t[what]}
        </p>
      )}
      <p class="edit-buttons">
        <button
          type="button"
          class="button small"
          disabled={corners.value < LEAST[what]}
          aria-keyshortcuts="Enter"
          onClick={() => thenOnTheMap(finish)}
        >
          {t.finish}
        </button>
        <button
          type="button"
          class="button small"
          aria-keyshortcuts="Escape"
          onClick={() => thenOnTheMap(giveUp)}
        >
          {t.giveUp}
        </button>
      </p>
    </div>
  );
}
