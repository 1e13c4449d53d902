/** What could not be fetched, why, and a way to ask again. */
import type { JSX } from "preact";
import type { Problem } from "../data/fetch";
import { lang, words } from "../state/store";

export function Failure(props: {
  title: string;
  problem: Problem;
  onRetry: (() => void) | null;
}): JSX.Element {
  const { title, problem, onRetry } = props;
  return (
    <div class="failure" role="alert">
      <b>{title}</b>
      <p>{lang.value === "zh" ? problem.zh : problem.en}</p>
      {onRetry && (
        <button type="button" class="button" onClick={onRetry}>
          {words.value.fail.retry}
        </button>
      )}
    </div>
  );
}
