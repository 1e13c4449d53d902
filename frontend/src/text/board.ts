/** The words of the board: apart from the map's, which need not wait for them. */
import { boardEn } from "./board-en";
import { type BoardText, boardZh } from "./board-zh";
import type { Lang } from "./words";

export type { BoardText };
export const BOARD_WORDS: Record<Lang, BoardText> = { zh: boardZh, en: boardEn };
