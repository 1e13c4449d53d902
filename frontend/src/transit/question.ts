/** The question as the address of the page has it: near what, how far, until when. Pure: text in, text out. */
import type { Lang } from "../text/words";

export const RADII = [500, 1000, 2000, 3000, 5000] as const;
/** The groups of kinds that the service tells of when none is named. */
export const USUAL: readonly string[] = ["transit", "road", "public"];
const USUAL_RADIUS = "3000";
/** Names of the address, which are those that the service takes. */
const NAMES = ["place", "lon", "lat", "datum", "radius_m", "by"] as const;
type Name = (typeof NAMES)[number];

/** Each as it was written: what is wrong with it the service says in words. Empty: not asked. */
export type Question = Record<Name, string> & { groups: readonly string[] };

export interface Page {
  question: Question;
  /** The line whose strip the address leads to. */
  line: string | null;
  /** The line or station whose card is open. */
  project: string | null;
  lang: Lang | null;
}

export const NOTHING: Question = {
  place: "",
  lon: "",
  lat: "",
  datum: "",
  radius_m: USUAL_RADIUS,
  by: "",
  groups: [],
};

export const isAsked = ({ place, lon, lat }: Question): boolean => Boolean(place || lon || lat);

/** As the service is asked. */
export function queryOf(question: Question): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of NAMES) if (question[name]) query.set(name, question[name]);
  for (const group of question.groups) query.append("group", group);
  return query;
}

export function readPage(search: string): Page {
  const given = new URLSearchParams(search);
  const question: Question = { ...NOTHING, groups: given.getAll("group") };
  for (const name of NAMES) {
    const value = given.get(name);
    if (value) question[name] = value;
  }
  const lang = given.get("lang");
  return {
    question,
    line: given.get("line"),
    project: given.get("project"),
    lang: lang === "zh" || lang === "en" ? lang : null,
  };
}

/** The query of the address, without a question mark; empty when nothing is chosen. */
export function writePage({ question, line, project, lang }: Page): string {
  const query = isAsked(question) ? queryOf(question) : new URLSearchParams();
  if (line) query.set("line", line);
  if (project) query.set("project", project);
  if (lang) query.set("lang", lang);
  return query.toString();
}

/** Two numbers as people paste them from a map, in either order: lon and lat where only one order lies in the
 * area's neighbourhood, or, while no area is known, where only one can be a latitude. Null for anything else. */
export function readPair(
  text: string,
  box: readonly number[] | undefined,
): { lon: string; lat: string } | null {
  const found = /^\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text);
  if (!found) return null;
  const [, a, b] = found;
  if (!box)
    return Math.abs(Number(a)) <= 90 && Math.abs(Number(b)) > 90 ? { lon: b, lat: a } : { lon: a, lat: b };
  const [west, south, east, north] = box;
  const near = (lon: string, lat: string): boolean =>
    Number(lon) > west - 2 && Number(lon) < east + 2 && Number(lat) > south - 2 && Number(lat) < north + 2;
  if (near(b, a) && !near(a, b)) return { lon: b, lat: a };
  return { lon: a, lat: b };
}
