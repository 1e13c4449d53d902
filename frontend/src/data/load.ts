/** The five things the page reads. */
import { getJson } from "./fetch";
import type { Catalogue, Feature, Ground, Project, ProjectDetail, Projects, Timeline } from "./types";

const PAGE = 1000;

export const loadCatalogue = (): Promise<Catalogue> => getJson("/api/catalogue");
export const loadGround = (): Promise<Ground> => getJson("/api/ground.geojson");

const knownPart = (known: string | null, lead: string): string => (known ? `${lead}known=${known}` : "");

/** Leaves out of a question the kinds that come as tiles: empty when none does, null when all do. */
function kindsPart({ kinds }: Catalogue): string | null {
  const whole = kinds.filter((kind) => kind.served !== "tiles");
  if (!whole.length) return null;
  return whole.length === kinds.length ? "" : whole.map((kind) => `&kind=${kind.id}`).join("");
}

/**
 * Every project of the kinds that are served as features, as known by a day (null: by today).
 *
 * They are asked for while the catalogue is on its way: mostly nothing comes as tiles, and then that holds.
 */
export async function loadProjects(known: string | null, coming: Promise<Catalogue>): Promise<Project[]> {
  const first = `/api/projects?limit=${PAGE}${knownPart(known, "&")}`;
  const early = new AbortController();
  const pages = followPages(first, early.signal);
  // It may fail while nobody waits for it: the catalogue decides first.
  pages.catch(() => undefined);
  const only = kindsPart(await coming);
  if (only === "") return pages;
  early.abort();
  return only === null ? [] : followPages(first + only);
}

/** Page after page, until there are as many as are wanted; `told` hears how many have come. */
async function followPages(
  first: string,
  signal?: AbortSignal,
  most = Number.POSITIVE_INFINITY,
  told?: (n: number) => void,
): Promise<Project[]> {
  const all: Project[] = [];
  let next: string | undefined = first;
  while (next && all.length < most) {
    const page: Projects = await getJson<Projects>(next, signal);
    all.push(...page.features);
    told?.(all.length);
    next = page.links.find((link) => link.rel === "next")?.href;
  }
  return all;
}

/** The projects of the kinds that are served as tiles, without their geometries, `most` at the most. */
export function loadNumerous(
  { kinds }: Catalogue,
  known: string | null,
  most: number,
  signal: AbortSignal,
  told: (n: number) => void,
): Promise<Project[]> {
  const asked = kinds.filter((kind) => kind.served === "tiles").map((kind) => `&kind=${kind.id}`);
  const first = `/api/projects?limit=${PAGE}&geometry=without${knownPart(known, "&")}${asked.join("")}`;
  return followPages(first, signal, most, told);
}

/** What lies in a box (west, south, east, north in degrees) of some kinds, `most` at the most. */
export function projectsIn(
  box: readonly number[],
  kinds: readonly string[],
  most: number,
  signal: AbortSignal,
): Promise<Projects> {
  const asked = new URLSearchParams({ bbox: box.map((side) => side.toFixed(6)).join(",") });
  asked.set("unlocated", "without");
  asked.set("limit", String(most));
  for (const kind of kinds) asked.append("kind", kind);
  return getJson(`/api/projects?${asked}`, signal);
}

export function loadProject(
  id: string,
  known: string | null,
  signal: AbortSignal,
): Promise<Feature<ProjectDetail>> {
  return getJson(`/api/projects/${encodeURIComponent(id)}${knownPart(known, "?")}`, signal);
}

/** The dated claims of the kinds that are served as features, between two days, both `YYYY-MM-DD`. */
export async function loadTimeline(from: string, to: string, of: Catalogue): Promise<Timeline> {
  const only = kindsPart(of);
  if (only === null) return { revision: of.revision, from, to, dates: [], left_out: [] };
  return getJson(`/api/timeline?from=${from}&to=${to}${only}`);
}
