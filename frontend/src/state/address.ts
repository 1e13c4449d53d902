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
  /** The background asked for; `off` for none, null for the one there is. */
  base: string | null;
  /** Days that were given but do not exist: told to the reader, then dropped. */
  refused: string[];
}

const list = (text: string | null): string[] => (text ?? "").split(",").filter(Boolean);

function readCamera(text: string | null): Camera | null {
  const parts = (text ?? "").split("/").map(Number);
  if (parts.length !== 3 || !parts.every(Number.isFinite)) return null;
  const [zoom, lat, lon] = parts;
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && zoom >= 0 && zoom <= 22 ? { zoom, lat, lon } : null;
}

const readLang = (text: string | null): Lang | null => (text === "zh" || text === "en" ? text : null);

/** Read `?day=…&kind=…`. What cannot be read is left out, never raised. */
export function readAddress(search: string): Address {
  const params = new URLSearchParams(search);
  const refused: string[] = [];
  const day = (name: string): Day | null => {
    const text = params.get(name);
    if (!text) return null;
    const value = lastDayOf(text);
    if (Number.isFinite(value)) return value;
    refused.push(text.slice(0, 40));
    return null;
  };
  const [compared, second] = [day("a"), day("b")];
  const [from, to] = [day("from"), day("to")];
  return {
    day: (compared === null ? null : second) ?? day("day"),
    known: day("known"),
    compared,
    range: from === null || to === null ? null : { from: Math.min(from, to), to: Math.max(from, to) },
    kinds: params.has("kind") ? list(params.get("kind")) : null,
    phases: list(params.get("phase")),
    project: params.get("project") || null,
    at: readCamera(params.get("at")),
    lang: readLang(params.get("lang")),
    query: params.get("q") ?? "",
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
  if (address.base) add("base", address.base);
  // Commas and slashes stay readable: they are allowed in a query.
  const encode = (text: string): string => encodeURIComponent(text).replace(/%2C/g, ",").replace(/%2F/g, "/");
  return parts.map(([name, value]) => `${name}=${encode(value)}`).join("&");
}
