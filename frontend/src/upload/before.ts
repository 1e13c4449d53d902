/** The last file of the same dataset, whose answers are proposed again; and who published, as was said before. */
import { effect, signal } from "@preact/signals";
import type { Tier, Upload } from "../data/changesets";
import { session } from "../state/session";
import { form, precision, uploads } from "./flow";
import { keyOf, lastLike, takes } from "./former";
import { pause } from "./working";

/** The last upload of the dataset that the form names; null when there is none, or it is not known yet. */
export const before = signal<Upload | null>(null);
/** Whether publisher and tier were set by hand, so that nothing is proposed for them. */
export const sourceByHand = signal(false);

const TYPING_MS = 300;

/** While the form is filled in, look for what came before and propose what was said then. */
export function followBefore(): () => void {
  const ended = [
    effect(() => {
      const of = form.value;
      if (before.value && keyOf(of) !== keyOf(before.value)) before.value = null;
      void pause(TYPING_MS).then(async () => {
        if (keyOf(form.value) !== keyOf(of)) return;
        const last = await lastLike(of);
        if (keyOf(form.value) === keyOf(of)) before.value = last;
      });
    }),
    effect(() => {
      const last = before.value;
      if (last && takes.value && precision.value === "") {
        const then = last.report?.mapping.precision;
        if (then) precision.value = then as typeof precision.value;
      }
    }),
    effect(() => {
      const mine = uploads.value.find((one) => one.account === session.value?.name && one.tier);
      const said = before.value ?? mine;
      if (sourceByHand.value || !said) return;
      const now = form.peek();
      const tier = (said.tier ?? now.tier) as Tier | "";
      const publisher = said.publisher ?? "";
      if (now.tier !== tier || now.publisher !== publisher) form.value = { ...now, tier, publisher };
    }),
  ];
  return () => {
    for (const end of ended) end();
  };
}
