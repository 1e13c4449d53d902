/** What the page is at, and asking for it until it is done. */
import { signal } from "@preact/signals";
import type { Job, Outcome } from "../data/changesets";
import { Problem, problemOf, type Reply } from "../data/fetch";
import { jobOf } from "./api";

/** What is going on, and how far: done of total, both 0 while nobody knows. */
export interface Work {
  stage: string;
  done: number;
  total: number;
}

export const work = signal<Work | null>(null);

export const ASK_MS = 400;
const MOST_TRIES = 20;

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

export function showJob(job: Job | null): void {
  if (job) work.value = { stage: job.stage || job.state, done: job.done, total: job.total };
}

/** Ask again while nobody answers: the work goes on without us. Raises Problem when that takes too long. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      const gone = error instanceof Problem && (error.status === null || error.status === 503);
      if (!gone || tries >= MOST_TRIES) throw error;
      await pause(Math.min(tries, 5) * ASK_MS);
    }
  }
}

/** What came of an act, also when it goes on as a job. Raises Problem when the job was refused or given up. */
export async function outcomeOf(reply: Reply<Outcome>): Promise<Outcome> {
  if (reply.status !== 202) return reply.body;
  for (;;) {
    const job = await patiently(() => jobOf(reply.location!));
    if (job.answer?.problem) throw problemOf(409, job.answer.problem);
    if (job.state === "finished" && job.answer?.body) return job.answer.body;
    if (job.state === "failed") throw interrupted();
    showJob(job);
    await pause(ASK_MS);
  }
}

export const interrupted = (): Problem =>
  new Problem(
    "处理多次中断，已停止；没有保存任何内容，请稍后再试。",
    "The work was interrupted several times and was given up. Nothing was stored. Try again later.",
    503,
  );
