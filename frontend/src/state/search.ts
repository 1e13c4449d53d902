/** Finding a project by any of its names. Pure. */
import type { Project } from "../data/types";

/** Letters as one compares them: full width folded to half, case, accents, quotes and spaces dropped. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\u0300-\u036f\s'’‘"“”·・.,，、（）()《》—–-]/g, "");
}

interface Entry {
  project: Project;
  names: string[];
}
export type SearchIndex = Entry[];

export function buildIndex(projects: Project[]): SearchIndex {
  return projects.map((project) => {
    const { name_zh, name_en, aliases } = project.properties;
    return { project, names: [name_zh, name_en, ...aliases].map(fold) };
  });
}

const HAN = /\p{Script=Han}/u;

/** One Chinese character or one letter says too little; two do. */
function tooShort(folded: string): boolean {
  return folded.length < (HAN.test(folded) ? 1 : 2);
}

/** 0 equal, 1 beginning, 2 anywhere; Infinity when no name holds it. */
function distance(entry: Entry, wanted: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (const name of entry.names) {
    const at = name.indexOf(wanted);
    if (at < 0) continue;
    best = Math.min(best, name === wanted ? 0 : at === 0 ? 1 : 2);
  }
  return best;
}

/** The projects whose Chinese, English or other name holds the query, nearest first. */
export function find(index: SearchIndex, query: string, limit = 12): Project[] {
  const wanted = fold(query);
  if (tooShort(wanted)) return [];
  return index
    .map((entry) => ({ entry, rank: distance(entry, wanted) }))
    .filter((hit) => Number.isFinite(hit.rank))
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        a.entry.project.properties.name_zh.length - b.entry.project.properties.name_zh.length,
    )
    .slice(0, limit)
    .map((hit) => hit.entry.project);
}
