/** What could not be fetched, why, and a way to ask again; and what is said while an answer is slow. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Problem } from "../data/fetch";
import { lang, words } from "../state/store";

/** Whoever waits longer than this wants to know that the page still does. */
const SLOW_MS = 4_000;

/** Says nothing at first, and then that the answer is slow. */
export function Slow(): JSX.Element | null {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  return slow ? <span class="slow">{words.value.fail.slow}</span> : null;
}

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
