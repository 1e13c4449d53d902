/** The addresses under which the service gives out what the page shows. Pure. */
import { type Day, isoOf } from "../dates";
import type { Lang } from "../text/words";

export interface Choice {
  day: Day;
  known: Day | null;
  /** The kinds that are on; null means all of them. */
  kinds: ReadonlySet<string> | null;
  /** The phases asked for; empty means all of them. */
  phases: ReadonlySet<string>;
  lang: Lang;
  /** What names are to hold. */
  words?: string;
}
export interface Downloads {
  snapshot: string;
  geojson: string;
  csv: string;
  xlsx: string;
  gpkg: string;
  shp: string;
  kml: string;
}

/** Where to fetch a choice as a map in one file, as layers for map software and as tables. */
export function downloadsOf(choice: Choice): Downloads {
  const chosen: [string, string][] = [["day", isoOf(choice.day)]];
  if (choice.known !== null) chosen.push(["known", isoOf(choice.known)]);
  for (const kind of choice.kinds ?? []) chosen.push(["kind", kind]);
  for (const phase of choice.phases) chosen.push(["phase", phase]);
  // A map in one file is of all names.
  const named: [string, string][] = choice.words?.trim() ? [["q", choice.words.trim()]] : [];
  const address = (path: string, ...more: [string, string][]): string =>
    `${path}?${new URLSearchParams([...chosen, ...more])}`;
  return {
    snapshot: address("/snapshot.html", ["lang", choice.lang]),
    geojson: address("/api/projects.geojson", ...named),
    csv: address("/api/projects.csv", ...named, ["lang", choice.lang]),
    xlsx: address("/api/projects.xlsx", ...named, ["lang", choice.lang]),
    gpkg: address("/api/projects.gpkg", ...named),
    shp: address("/api/projects.shp.zip", ...named),
    kml: address("/api/projects.kml", ...named),
  };
}
