/** The words of this page in the language that is spoken, and what is needed to put answers into words. */
import { computed } from "@preact/signals";
import type { Problem } from "../data/fetch";
import type { Named } from "../data/types";
import { catalogue, lang } from "../state/store";
import { ANSWERS_WORDS } from "../text/answers";
import { UPLOAD_WORDS } from "../text/upload";
import { nameIn } from "../text/words";
import type { Vocabulary } from "./reading";

export const text = computed(() => UPLOAD_WORDS[lang.value]);
export const answersText = computed(() => ANSWERS_WORDS[lang.value]);
export const vocabulary = computed(
  (): Vocabulary => ({ lang: lang.value, catalogue: catalogue.value!, text: text.value }),
);

export const say = (thing: { detail_zh: string; detail_en: string }): string =>
  lang.value === "zh" ? thing.detail_zh : thing.detail_en;
export const sayProblem = (problem: Problem): string => (lang.value === "zh" ? problem.zh : problem.en);
export const name = (thing: Named): string => nameIn(lang.value, thing);
export const explained = (thing: { explain_zh: string; explain_en: string }): string =>
  lang.value === "zh" ? thing.explain_zh : thing.explain_en;
export const title = (thing: { title_zh: string; title_en: string }): string =>
  lang.value === "zh" ? thing.title_zh : thing.title_en;

/** A moment as the clocks of the area have it, to the minute: 2026-11-30 01:13. Days on this page are of there too. */
export function momentIn(iso: string | null): string {
  if (!iso) return "";
  // The way of writing is Sweden's, which is that of ISO 8601.
  const clock = new Intl.DateTimeFormat("sv-SE", {
    timeZone: catalogue.value?.area.tz,
    dateStyle: "short",
    timeStyle: "short",
  });
  return clock.format(new Date(iso));
}

/** A target in words: a field of the project, or of the kind. */
export function targetIn(target: string, kindId: string): string {
  const kind = catalogue.value!.kinds.find((one) => one.id === kindId);
  const field = kind?.fields.find((one) => `attr:${one.code}` === target);
  return field ? name(field) : (text.value.targets[target] ?? target);
}
