/** What the page is at, and how far. */
import type { JSX } from "preact";
import { giveUp } from "./flow";
import { text } from "./said";
import { type Work, work } from "./working";

/** Reading, where the number of rows is not known before the end. */
const isCounted = ({ done, total }: Work): boolean => done > 0 && !total;

export function Working(): JSX.Element | null {
  const t = text.value.work;
  const now = work.value;
  if (!now || now.stage === "deciding") return null;
  const { stage, done, total } = now;
  const sending = stage === "sending";
  return (
    <div class="working">
      <p role="status">
        <b>{t.stages[stage] ?? t.stages.running}</b>
        {sending && <span>{`${done}%`}</span>}
        {!sending && total > 0 && <span>{`${done} / ${total}`}</span>}
        {isCounted(now) && <span>{t.so(done)}</span>}
      </p>
      <progress
        {...(total > 0 && done > 0 ? { value: done, max: total } : {})}
        aria-label={t.stages[stage]}
      />
      {sending ? (
        <button type="button" class="button small" onClick={giveUp}>
          {t.giveUp}
        </button>
      ) : (
        ["waiting", "running", "reading", "checking", "comparing", "staging"].includes(stage) && (
          <small>{t.mayLeave}</small>
        )
      )}
    </div>
  );
}
