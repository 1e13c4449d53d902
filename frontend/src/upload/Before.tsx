/** On the form: that the answers of the last file of the dataset are taken again, and which they are. */
import type { JSX } from "preact";
import type { Upload } from "../data/changesets";
import { catalogue } from "../state/store";
import { before } from "./before";
import { takes } from "./former";
import { answersText, momentIn, name, targetIn } from "./said";

const QUIET = new Set(["keep", "ignore"]);

/** What was answered, one line each; columns that are kept or left out are in the report. */
function answersOf({ kind, report, answers }: Upload): string[] {
  const t = answersText.value.before;
  const { columns, words, precision } = report!.mapping;
  const { phases, precisions } = catalogue.value!;
  const systems = [answers.crs, answers.source_crs].filter((one): one is string => Boolean(one));
  const named = (all: readonly { id: string; name_zh: string; name_en: string }[], id: string): string => {
    const one = all.find((other) => other.id === id);
    return one ? name(one) : id;
  };
  return [
    ...columns
      .filter(({ target }) => !QUIET.has(target))
      .map(({ field, target, unit }) => t.column(field, targetIn(target, kind), unit)),
    ...Object.entries(words).map(([word, phase]) => t.word(word, named(phases, phase))),
    ...(systems.length ? [t.system(systems.join(" · "))] : []),
    t.precision(named(precisions, precision)),
  ];
}

export function Before(): JSX.Element | null {
  const t = answersText.value.before;
  const last = before.value;
  if (!last) return null;
  return (
    <section class="as-before" aria-label={t.use}>
      <p>
        <b>{t.title(momentIn(last.created_at).slice(0, 10), last.name)}</b>
      </p>
      <label class="radio">
        <input
          type="checkbox"
          checked={takes.value}
          onChange={(event) => {
            takes.value = event.currentTarget.checked;
          }}
        />
        <span>
          {t.use} <small>{t.hint}</small>
        </span>
      </label>
      <details>
        <summary>{t.what}</summary>
        <ul>
          {answersOf(last).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </details>
    </section>
  );
}
