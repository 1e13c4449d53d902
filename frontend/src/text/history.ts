/** The words of the page of what was published, when and why. */
import { historyEn } from "./history-en";
import { type HistoryText, historyZh } from "./history-zh";
import type { Lang } from "./words";

export type { HistoryText };
export const HISTORY_WORDS: Record<Lang, HistoryText> = { zh: historyZh, en: historyEn };
