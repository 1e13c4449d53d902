/** Finding the last file of the same dataset, whose answers are proposed again. */
import { signal } from "@preact/signals";
import { type Form, LEDGER, type Upload } from "../data/changesets";
import { Problem } from "../data/fetch";
import { uploadOf, uploadsLike } from "./api";

/** Whether its answers are to be taken. */
export const takes = signal(true);

/** Of what was published the answers are tried; what is only staged may be a mistake. */
const TAKEN = ["published", "staged"];
let asked = { key: "", answer: Promise.resolve<Upload | null>(null) };

export const keyOf = ({ kind, dataset }: Pick<Form, "kind" | "dataset">): string =>
  JSON.stringify([kind, dataset.trim().normalize("NFKC")]);

/** The last upload like this form that was published, else staged, and has columns. Asked once for each form. */
export function lastLike(of: Form): Promise<Upload | null> {
  if (!of.kind || !of.dataset.trim() || of.kind === LEDGER) return Promise.resolve(null);
  const key = keyOf(of);
  if (asked.key !== key) asked = { key, answer: found(of) };
  return asked.answer;
}

/** What was sent since may be the last one now. */
export function forgetLast(): void {
  asked = { ...asked, key: "" };
}

async function found({ kind, dataset }: Form): Promise<Upload | null> {
  try {
    const { uploads: like } = await uploadsLike(kind, dataset.trim().normalize("NFKC"));
    const last = TAKEN.flatMap((state) => like.find((one) => one.changeset_state === state) ?? [])[0];
    const upload = last ? await uploadOf(`/api/uploads/${last.id}`) : null;
    return upload?.report?.mapping?.columns.length ? upload : null;
  } catch (error) {
    // A proposal is a convenience: without it all is asked as for the first time.
    if (error instanceof Problem) return null;
    throw error;
  }
}

/** Number of the upload whose answers the form takes. */
export async function asBefore(of: Form): Promise<number | undefined> {
  const last = await lastLike(of);
  return last && takes.value ? last.id : undefined;
}
