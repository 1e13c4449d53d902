/** The words on answers to what a file leaves open: they come with the page of uploading. */
import { answersEn } from "./answers-en";
import { type AnswersText, answersZh } from "./answers-zh";
import type { Lang } from "./words";

export const ANSWERS_WORDS: Record<Lang, AnswersText> = { zh: answersZh, en: answersEn };
