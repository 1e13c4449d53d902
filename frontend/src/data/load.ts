/** The five things the page reads. */
import { getJson } from "./fetch";
import type { Catalogue, Feature, Ground, Project, ProjectDetail, Projects, Timeline } from "./types";

const PAGE = 1000;

export const loadCatalogue = (): Promise<Catalogue> => getJson("/api/catalogue");
export const loadGround = (): Promise<Ground> => getJson("/api/ground.geojson");

const knownPart = (known: string | null, lead: string): string => (known ? `${lead}known=${known}` : "");

/** Every project, page after page, as known by a day (null: by today). */
export async function loadProjects(known: string | null): Promise<Project[]> {
  const all: Project[] = [];
  let next: string | undefined = `/api/projects?limit=${PAGE}${knownPart(known, "&")}`;
  while (next) {
    const page: Projects = await getJson<Projects>(next);
    all.push(...page.features);
    next = page.links.find((link) => link.rel === "next")?.href;
  }
  return all;
}

export function loadProject(
  id: string,
  known: string | null,
  signal: AbortSignal,
): Promise<Feature<ProjectDetail>> {
  return getJson(`/api/projects/${encodeURIComponent(id)}${knownPart(known, "?")}`, signal);
}

/** The dated claims between two days, both `YYYY-MM-DD`. */
export function loadTimeline(from: string, to: string): Promise<Timeline> {
  return getJson(`/api/timeline?from=${from}&to=${to}`);
}
