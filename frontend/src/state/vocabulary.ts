/** The words of the trade with a sentence each, once any page has fetched a catalogue. */
import { signal } from "@preact/signals";
import type { Catalogue } from "../data/types";

export type VocabularyName = "phases" | "commitments" | "precisions" | "lights" | "tiers";

/** Whoever fetches a catalogue leaves it here; nothing else of a page's state is needed to explain a word. */
export const vocabularies = signal<Pick<Catalogue, VocabularyName> | null>(null);
