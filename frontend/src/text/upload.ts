/** The words of the page on which files are brought: apart from the map's, which need not wait for them. */
import { uploadEn } from "./upload-en";
import { type UploadText, uploadZh } from "./upload-zh";
import type { Lang } from "./words";

export type { UploadText };
export const UPLOAD_WORDS: Record<Lang, UploadText> = { zh: uploadZh, en: uploadEn };
