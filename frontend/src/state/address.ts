/** The address of the page: everything that can be seen can be linked. Pure: text in, text out. */
import { type Day, isoOf, lastDayOf } from "../dates";
import type { Lang } from "../text/words";

export interface Camera {
  zoom: number;
  lat: number;
  lon: number;
}
/** A first and a last day, both included. */
export interface Range {
  from: Day;
  to: Day;
}
export interface Address {
  day: Day | null;
  known: Day | null;
  /** The first of two days that are compared; the second one is `day`, written as `b`. */
  compared: Day | null;
  /** The days between which changes are listed. */
  range: Range | null;
  /** The kinds that are on; null means all of them. */
  kinds: string[] | null;
  /** The phases asked for; empty means all of them. */
  phases: string[];
  project: string | null;
  at: Camera | null;
  /** Null: nobody chose; the page follows the browser. */
  lang: Lang | null;
  query: string;
  /** Ids of projects that are to stand out; empty: none. */
  marked: string[];
  /** The background asked for; `off` for none, null for the one there is. */
  base: string | null;
  /** What was given but cannot be followed: told to the reader, then dropped. */
  refused: Refused[];
}
/** What a part of the address is about, as far as it matters for what happens without it. */
export type Part = "day" | "known" | "compare" | "range" | "span" | "at" | "lang" | "filter" | "view";
export interface Refused {
  part: Part;
  value: string;
}

/** No longer list of ids is taken from an address: it would be too long for one. */
export const MOST_MARKED = 300;
/** So much of what somebody wrote is said back to them. */
const SAID_BACK = 40;
export const refusal = (part: Part, value: string): Refused => ({ part, value: value.slice(0, SAID_BACK) });

const list = (text: string | null): string[] => (text ?? "").split(",").filter(Boolean);

function readCamera(text: string): Camera | null {
  const parts = text.split("/").map(Number);
  if (parts.length !== 3 || !parts.every(Number.isFinite)) return null;
  const [zoom, lat, lon] = parts;
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && zoom >= 0 && zoom <= 22 ? { zoom, lat, lon } : null;
}

const readLang = (text: string): Lang | null => (text === "zh" || text === "en" ? text : null);

function dayIn(text: string): Day | null {
  const value = lastDayOf(text);
  return Number.isFinite(value) ? value : null;
}

/** Read `?day=…&kind=…`. What cannot be read is refused, never raised. */
export function readAddress(search: string): Address {
  const params = new URLSearchParams(search);
  const refused: Refused[] = [];
  const read = <T>(name: string, part: Part, value: (text: string) => T | null): T | null => {
    const text = params.get(name);
    const found = text ? value(text) : null;
    if (text && found === null) refused.push(refusal(part, text));
    return found;
  };
  const day = (name: string, part: Part): Day | null => read(name, part, dayIn);
  const [compared, second] = [day("a", "compare"), day("b", "day")];
  const [from, to] = [day("from", "range"), day("to", "range")];
  return {
    day: (compared === null ? null : second) ?? day("day", "day"),
    known: day("known", "known"),
    compared,
    range: from === null || to === null ? null : { from: Math.min(from, to), to: Math.max(from, to) },
    kinds: params.has("kind") ? list(params.get("kind")) : null,
    phases: list(params.get("phase")),
    project: params.get("project") || null,
    at: read("at", "at", readCamera),
    lang: read("lang", "lang", readLang),
    query: params.get("q") ?? "",
    marked: [...new Set(list(params.get("mark")))].slice(0, MOST_MARKED),
    base: params.get("base") || null,
    refused,
  };
}

const trim = (value: number, digits: number): string => String(Number(value.toFixed(digits)));

/** Write an address; whatever is at its default is left out. */
export function writeAddress(address: Omit<Address, "refused">): string {
  const parts: [string, string][] = [];
  const add = (name: string, value: string): number => parts.push([name, value]);
  if (address.compared !== null) add("a", isoOf(address.compared));
  if (address.day !== null) add(address.compared === null ? "day" : "b", isoOf(address.day));
  if (address.range) {
    add("from", isoOf(address.range.from));
    add("to", isoOf(address.range.to));
  }
  if (address.known !== null) add("known", isoOf(address.known));
  if (address.kinds !== null) add("kind", address.kinds.join(","));
  if (address.phases.length) add("phase", address.phases.join(","));
  if (address.project) add("project", address.project);
  if (address.at) {
    const { zoom, lat, lon } = address.at;
    add("at", `${trim(zoom, 2)}/${lat.toFixed(4)}/${lon.toFixed(4)}`);
  }
  if (address.lang) add("lang", address.lang);
  if (address.query) add("q", address.query);
  if (address.marked.length) add("mark", address.marked.join(","));
  if (address.base) add("base", address.base);
  // Commas and slashes stay readable: they are allowed in a query.
  const encode = (text: string): string => encodeURIComponent(text).replace(/%2C/g, ",").replace(/%2F/g, "/");
  return parts.map(([name, value]) => `${name}=${encode(value)}`).join("&");
}
