/** A word of the trade that says what it means: a button, and the sentence beneath it once it is asked for. */
import { signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { lang, words } from "../state/store";
import { type VocabularyName, vocabularies } from "../state/vocabulary";
import { either, nameIn } from "../text/words";

/** The one that is open: a second sentence would only hide the first. */
const open = signal<string | null>(null);

/**
 * `of` and `id` name the word; `children` are shown in place of its name; `also` follows its sentence.
 *
 * The sentence follows the button in the document. Where that stands in a wrapping flex row, it gets a row of
 * its own beneath all of it, so that no word moves away from the finger.
 */
export function Explained(props: {
  of: VocabularyName;
  id: string;
  children?: ComponentChildren;
  also?: string;
}): JSX.Element {
  const { of, id, children, also } = props;
  const mine = useId();
  const button = useRef<HTMLButtonElement>(null);
  const isOpen = open.value === mine;
  useEffect(() => {
    if (!isOpen) return;
    // Before anything else that Esc would close.
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      open.value = null;
      button.current?.focus({ preventScroll: true });
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener("keydown", onKey, true);
    return () => removeEventListener("keydown", onKey, true);
  }, [isOpen]);
  useEffect(
    () => () => {
      if (open.value === mine) open.value = null;
    },
    [],
  );
  const word = vocabularies.value?.[of].find((one) => one.id === id);
  if (!word) return <>{children ?? id}</>;
  return (
    <>
      <button
        type="button"
        ref={button}
        class="explained"
        aria-expanded={isOpen}
        aria-controls={isOpen ? mine : undefined}
        title={words.value.explain}
        onClick={() => {
          open.value = isOpen ? null : mine;
        }}
      >
        {children ?? nameIn(lang.value, word)}
        <span class="explained-sign" aria-hidden="true" />
      </button>
      {isOpen && (
        <span class="explanation" id={mine} role="note">
          {either(lang.value, word.explain_zh, word.explain_en)} {also}
        </span>
      )}
    </>
  );
}
