/** The order of a list of projects, and its groups. Pure. */
import type { KindInfo, Project } from "../data/types";
import { PHASE_IDS, type PhaseState } from "../phases";
import type { Lang } from "../text/words";

export const SORTS = ["kind", "name", "phase", "heard"] as const;
export type Sort = (typeof SORTS)[number];

/** A project and what is needed to put it in order. */
export interface Listed {
  project: Project;
  kind: KindInfo;
  name: string;
  /** Null: it has no phase of its own. */
  state: PhaseState | null;
}
export interface ListGroup {
  kind: KindInfo;
  entries: Listed[];
}

/** Chinese names go by their pinyin, as readers look them up. */
const byName = (lang: Lang): ((a: Listed, b: Listed) => number) => {
  const collator = new Intl.Collator(lang === "zh" ? "zh-CN-u-co-pinyin" : "en", { numeric: true });
  return (a, b) => collator.compare(a.name, b.name);
};

/** Those without a phase come last, and before them those of which nobody spoke. */
function rankOf({ state }: Listed): number {
  if (!state) return PHASE_IDS.length + 1;
  const rank = PHASE_IDS.indexOf(state.phase);
  return rank === 0 ? PHASE_IDS.length : rank;
}

const heardOf = ({ project }: Listed): string => project.properties.last_heard ?? "";

/** The entries in an order: by kind as the layers stand, name, phase, or latest heard of first. */
export function inOrder(entries: readonly Listed[], sort: Sort, lang: Lang): Listed[] {
  const name = byName(lang);
  const first: Record<Sort, (a: Listed, b: Listed) => number> = {
    kind: (a, b) => a.kind.style.order - b.kind.style.order,
    name,
    phase: (a, b) => rankOf(a) - rankOf(b),
    heard: (a, b) => heardOf(b).localeCompare(heardOf(a)),
  };
  return [...entries].sort((a, b) => first[sort](a, b) || name(a, b));
}

/** The entries by kind as the layers stand; in each kind the order stays. */
export function byKind(entries: readonly Listed[]): ListGroup[] {
  const groups = new Map<string, ListGroup>();
  for (const entry of entries) {
    const group = groups.get(entry.kind.id) ?? { kind: entry.kind, entries: [] };
    group.entries.push(entry);
    groups.set(entry.kind.id, group);
  }
  return [...groups.values()].sort((a, b) => a.kind.style.order - b.kind.style.order);
}

/** The one before or after in a list, round its ends; null when the list has no other. */
export function neighbour(ids: readonly string[], id: string, by: 1 | -1): string | null {
  const at = ids.indexOf(id);
  if (at < 0) return ids.length ? ids[by > 0 ? 0 : ids.length - 1] : null;
  return ids.length > 1 ? ids[(at + by + ids.length) % ids.length] : null;
}
