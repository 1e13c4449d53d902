/** The words of the page of lines and of what is near: apart from the map's, which need not wait for them. */
import { transitEn } from "./transit-en";
import { type TransitText, transitZh } from "./transit-zh";
import type { Lang } from "./words";

export type { TransitText };
export const TRANSIT_WORDS: Record<Lang, TransitText> = { zh: transitZh, en: transitEn };
