/** Finding a project by any of its names, and a place of the ground by its own. Pure. */
import type { Feature, GroundProperties, Project } from "../data/types";

/** Letters as one compares them: full width folded to half, case, accents, quotes and spaces dropped. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\u0300-\u036f\s'’‘"“”·・.,，、（）()《》—–-]/g, "");
}

interface SearchedName {
  text: string;
  folded: string;
  step: number;
}
interface Entry {
  project: Project;
  names: SearchedName[];
  all: string;
}
export type SearchIndex = Entry[];
export interface Hit {
  project: Project;
  /** The name that made it a hit; null when the words were found only all over its names. */
  by: string | null;
}

/** A name of its own comes before a name it is also called. */
const OWN = 0;
const OTHER = 0.5;
/** After both come the first letters of its syllables, and only from the beginning: two letters are in many. */
const INITIALS = 0.75;

export function buildIndex(projects: Project[]): SearchIndex {
  return projects.map((project) => {
    const { id, name_zh, name_en, aliases } = project.properties;
    const name = (step: number) => (text: string) => ({ text, folded: fold(text), step });
    const names = [...[name_zh, name_en].map(name(OWN)), ...[...aliases, id].map(name(OTHER))];
    const all = names.map((one) => one.folded).join(" ");
    return { project, names: [...names, ...initialsOf(project)], all };
  });
}

/** The Chinese names once more, each to be found by its first letters in pinyin. */
function initialsOf(project: Project): SearchedName[] {
  const { name_zh, aliases, initials = [] } = project.properties;
  return [name_zh, ...aliases]
    .map((text, i) => ({ text, folded: fold(initials[i] ?? ""), step: INITIALS }))
    .filter((one) => one.folded);
}

const HAN = /\p{Script=Han}/u;

/** One letter says too little; one Chinese character says enough. */
export function tooShort(query: string): boolean {
  const folded = fold(query);
  return folded.length < (HAN.test(folded) ? 1 : 2);
}

interface Ranked extends Hit {
  rank: number;
}

/** 0 equal, 1 beginning, 2 anywhere in one name, 3 each word somewhere; null when not even that. */
function rank(entry: Entry, wanted: string, parts: string[]): Ranked | null {
  const { project } = entry;
  let best: Ranked | null = null;
  for (const { text, folded, step } of entry.names) {
    const at = folded.indexOf(wanted);
    if (at < 0 || (at > 0 && step === INITIALS)) continue;
    const found = (folded === wanted ? 0 : at === 0 ? 1 : 2) + step;
    if (!best || found < best.rank) best = { project, by: text, rank: found };
  }
  if (best || parts.length < 2) return best;
  return parts.every((part) => entry.all.includes(part)) ? { project, by: null, rank: 3 } : null;
}

/** Whether a text holds what was typed, as the search compares it. */
export const holds = (text: string, query: string): boolean => fold(text).includes(fold(query));

/** Every project whose Chinese, English or other name or id holds the query, nearest first. */
export function find(index: SearchIndex, query: string): Hit[] {
  const wanted = fold(query);
  if (tooShort(query)) return [];
  const parts = query.split(/\s+/).map(fold).filter(Boolean);
  return index
    .map((entry) => rank(entry, wanted, parts))
    .filter((hit): hit is Ranked => hit !== null)
    .sort(
      (a, b) => a.rank - b.rank || a.project.properties.name_zh.length - b.project.properties.name_zh.length,
    );
}

export type Place = Feature<GroundProperties>;

/** What of the ground is called so, the nearest name first; each name once. */
export function findPlaces(ground: readonly Place[], query: string): Place[] {
  const wanted = fold(query);
  if (tooShort(query)) return [];
  const found = new Map<string, { place: Place; rank: number }>();
  for (const place of ground) {
    const { name_zh, name_en } = place.properties;
    const ranks = [name_zh, name_en].map((name) => {
      const folded = fold(name ?? "");
      const at = folded.indexOf(wanted);
      return at < 0 ? Number.POSITIVE_INFINITY : folded === wanted ? 0 : at === 0 ? 1 : 2;
    });
    const rank = Math.min(...ranks);
    if (place.geometry && Number.isFinite(rank) && !found.has(name_zh)) found.set(name_zh, { place, rank });
  }
  return [...found.values()]
    .sort((a, b) => a.rank - b.rank || a.place.properties.name_zh.length - b.place.properties.name_zh.length)
    .map((one) => one.place);
}

export interface HitGroup {
  kind: string;
  hits: Hit[];
}

/** Hits by kind: the kind of the nearest hit first, and in each kind the nearest first. */
export function groupHits(hits: Hit[]): HitGroup[] {
  const groups = new Map<string, Hit[]>();
  for (const hit of hits) {
    const { kind } = hit.project.properties;
    groups.set(kind, [...(groups.get(kind) ?? []), hit]);
  }
  return [...groups].map(([kind, own]) => ({ kind, hits: own }));
}
