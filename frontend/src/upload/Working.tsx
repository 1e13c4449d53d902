/** What the page is at, and how far. */
import type { JSX } from "preact";
import { giveUp } from "./flow";
import { sizeIn } from "./reading";
import { text } from "./said";
import { type Work, work } from "./working";

/** How far it is, as far as anybody knows: bytes that have gone, rows of how many. */
function far({ stage, done, total }: Work): string {
  const t = text.value.work;
  if (stage === "sending")
    return total ? t.sent(sizeIn(done), sizeIn(total), Math.floor((100 * done) / total)) : "";
  if (!total) return done > 0 ? t.so(done) : "";
  return done > 0 ? t.of(done, total) : t.all(total);
}

export function Working(): JSX.Element | null {
  const t = text.value.work;
  const now = work.value;
  if (!now || now.stage === "deciding") return null;
  const { stage, done, total } = now;
  const sending = stage === "sending";
  return (
    <section class="working" aria-label={t.label}>
      <p role="status">
        <b>{t.stages[stage] ?? t.stages.running}</b>
      </p>
      {/* Said apart: a reader's voice tells the stages, and how far each is only when asked. */}
      <span class="far">{far(now)}</span>
      <progress
        {...(total > 0 && done > 0 ? { value: done, max: total } : {})}
        aria-label={t.stages[stage]}
        aria-valuetext={far(now) || undefined}
      />
      {sending ? (
        <button type="button" class="button small" onClick={giveUp}>
          {t.giveUp}
        </button>
      ) : (
        ["arrived", "waiting", "running", "reading", "checking", "comparing", "staging"].includes(stage) && (
          <small>{t.mayLeave}</small>
        )
      )}
    </section>
  );
}
