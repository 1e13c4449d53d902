/** What a status word of a file means, told once for all rows. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { catalogue } from "../state/store";
import { name, text } from "./said";

export function StatusWords(props: {
  words: Readonly<Record<string, string>>;
  disabled?: boolean;
  /** A word to begin with: one that was not understood. */
  begin?: string;
  onChange: (words: Record<string, string>) => void;
}): JSX.Element {
  const t = text.value.words;
  const { words, disabled, onChange } = props;
  const word = useSignal(props.begin ?? "");
  const phases = catalogue.value!.phases;
  const add = (phase: string): void => {
    if (!word.value.trim() || !phase) return;
    onChange({ ...words, [word.value.trim()]: phase });
    word.value = "";
  };
  const drop = (one: string): void =>
    onChange(Object.fromEntries(Object.entries(words).filter(([key]) => key !== one)));
  return (
    <fieldset class="field status-words">
      <legend>{t.title}</legend>
      <small>{t.hint}</small>
      <ul>
        {Object.entries(words).map(([said, phase]) => {
          const found = phases.find((one) => one.id === phase);
          return (
            <li key={said}>
              {t.means(said, phase === "unknown" || !found ? t.nothing : name(found))}
              <button type="button" class="quiet" disabled={disabled} onClick={() => drop(said)}>
                {t.drop}
              </button>
            </li>
          );
        })}
      </ul>
      <span class="with-button">
        <input
          aria-label={t.word}
          placeholder={t.word}
          disabled={disabled}
          value={word.value}
          onInput={(event) => {
            word.value = event.currentTarget.value;
          }}
        />
        <select
          aria-label={t.meaning}
          disabled={disabled || !word.value.trim()}
          value=""
          onChange={(event) => add(event.currentTarget.value)}
        >
          <option value="">{t.meaning}</option>
          {phases
            .filter((one) => one.code > 0)
            .map((one) => (
              <option key={one.id} value={one.id}>
                {name(one)}
              </option>
            ))}
          <option value="unknown">{t.nothing}</option>
        </select>
      </span>
    </fieldset>
  );
}
