/** The words of the page that tells how the chart knows what it says. */
import { howEn } from "./how-en";
import { type HowText, howZh } from "./how-zh";
import type { Lang } from "./words";

export type { HowText };
export const HOW_WORDS: Record<Lang, HowText> = { zh: howZh, en: howEn };
