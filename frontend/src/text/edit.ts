/** The words of editing on the map: they come with the editor, to those who may edit. */
import { editEn } from "./edit-en";
import { type EditText, editZh } from "./edit-zh";
import type { Lang } from "./words";

export type { EditText };
export const EDIT_WORDS: Record<Lang, EditText> = { zh: editZh, en: editEn };
