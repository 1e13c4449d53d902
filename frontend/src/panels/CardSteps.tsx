/** From card to card through the list: two buttons, and the keys [ and ]. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { nameOf, projectById, select, selected, words } from "../state/store";
import { beside, placeInList, walkOn } from "../state/walk";
import { Icon } from "./signs";

const IDS = { "-1": "card-previous", "1": "card-next" } as const;
type By = 1 | -1;

/** The button that was pressed: the next card gives the keyboard back to it. */
let pressed: By | null = null;

function step(by: By, byButton: boolean): void {
  const next = beside(by);
  if (!next) return;
  pressed = byButton ? by : null;
  walkOn(next);
  select(next);
}

/** The button of the new card that the reader was on in the card before, if it was one. */
export function takePressed(): HTMLElement | null {
  const by = pressed;
  pressed = null;
  return by && document.getElementById(IDS[by]);
}

const KEYS: Record<string, By> = { "[": -1, "]": 1 };

/** The keys are the card's: they do nothing while the reader is elsewhere on the page. */
function onKey(event: KeyboardEvent): void {
  const by = KEYS[event.key];
  if (!by || !selected.value || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = document.activeElement;
  if (at && at !== document.body && !at.closest(".card")) return;
  step(by, at?.id === IDS[by]);
  event.preventDefault();
}

function StepButton(props: { by: By; word: string }): JSX.Element {
  const { by, word } = props;
  const to = projectById.value.get(beside(by) ?? "");
  return (
    <button
      type="button"
      id={IDS[by]}
      class={`icon-button card-step${by < 0 ? " back" : ""}`}
      aria-label={word}
      aria-keyshortcuts={by < 0 ? "[" : "]"}
      title={to ? `${word}${words.value.steps.colon}${nameOf(to)} ${by < 0 ? "[" : "]"}` : word}
      disabled={!to}
      onClick={() => step(by, true)}
    >
      <Icon name="chevron" />
    </button>
  );
}

export function Steps(): JSX.Element {
  const t = words.value.steps;
  const { n, of } = placeInList.value;
  useEffect(() => {
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return (
    <span class="card-steps">
      <StepButton by={-1} word={t.previous} />
      {n > 0 && (
        <span class="card-steps-at">
          {n} / {of}
        </span>
      )}
      <StepButton by={1} word={t.next} />
    </span>
  );
}
