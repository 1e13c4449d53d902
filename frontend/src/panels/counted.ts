/** What the numbers of projects are numbers of, in words. */
import { totals } from "../state/day";
import { catalogue, lang, words } from "../state/store";
import { listIn, nameIn } from "../text/words";

/** How many there are, how many have a phase of their own, and what has none. */
export function counted(): string {
  const { all, phased } = totals.value;
  const without = (catalogue.value?.kinds ?? []).filter((kind) => !kind.tracked);
  const names = without.map((kind) => nameIn(lang.value, kind));
  return words.value.counts.all(all, phased, listIn(lang.value, names));
}

/** How many of them are drawn. */
export function placed(): string {
  const { all, placed } = totals.value;
  return words.value.counts.placed(placed, all - placed);
}
