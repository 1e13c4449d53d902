/** The words of charts, comparison and monthly page in both languages. */
import { progressEn } from "./progress-en";
import { progressZh } from "./progress-zh";
import type { Lang } from "./words";

export const PROGRESS_WORDS: Record<Lang, typeof progressZh> = { zh: progressZh, en: progressEn };
