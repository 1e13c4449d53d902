/** The words of recording: they come with the form, to those who may record. */
import { recordEn } from "./record-en";
import { type RecordText, recordZh } from "./record-zh";
import type { Lang } from "./words";

export type { RecordText };
export const RECORD_WORDS: Record<Lang, RecordText> = { zh: recordZh, en: recordEn };
