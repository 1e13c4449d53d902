/** What is being edited, and the acts that the service is asked to do for it. Pure. */
import { type Geometry, linesOf, type Position, pointsOf, polygonsOf, type Shape } from "../data/geometry";
import type { PrecisionId, Project } from "../data/types";

export interface Draft {
  /** Empty: a new project. */
  id: string;
  kind: string;
  name_zh: string;
  name_en: string;
  parent: string;
  precision: PrecisionId;
  geometry: Geometry | null;
  /** Where the shape comes from, and why it is changed. */
  source: string;
  reason: string;
  /** The line (or the point on a line) that cuts; what the new part is called; whether the id stays. */
  cut: Geometry | string | null;
  part: string;
  keeps: boolean;
  /** Ids of what becomes part of it. */
  others: readonly string[];
  remove: boolean;
}
export type Act = { op: string } & Record<string, unknown>;

export const EMPTY: Draft = {
  id: "",
  kind: "",
  name_zh: "",
  name_en: "",
  parent: "",
  precision: "digitised",
  geometry: null,
  source: "",
  reason: "",
  cut: null,
  part: "",
  keeps: true,
  others: [],
  remove: false,
};

export const draftOf = ({ id, geometry, properties: p }: Project): Draft => ({
  ...EMPTY,
  id,
  kind: p.kind,
  name_zh: p.name_zh,
  name_en: p.name_en,
  parent: p.parent ?? "",
  precision: p.precision,
  geometry,
});

export const sameShape = (a: Geometry | null, b: Geometry | null): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** What to do, in order. begun: as it was opened. sketch: a shape that is not drawn to its end yet. */
export function actsOf(begun: Draft, draft: Draft, sketch: Geometry | null = null): Act[] {
  const geometry = sketch ?? draft.geometry;
  const { id, kind, name_zh, name_en, parent, precision } = draft;
  if (!id) return [{ op: "create", kind, name_zh, name_en, parent, geometry, precision }];
  if (draft.remove) return [{ op: "remove", id }];
  const acts: Act[] = [];
  const moved = geometry !== null && !sameShape(geometry, begun.geometry);
  if (moved) acts.push({ op: "reshape", id, geometry, precision });
  if (name_zh !== begun.name_zh || name_en !== begun.name_en)
    acts.push({ op: "rename", id, name_zh, name_en });
  if (parent !== begun.parent) acts.push({ op: "parent", id, parent });
  if (!moved && precision !== begun.precision) acts.push({ op: "precision", id, precision });
  if (draft.cut) {
    const parts = draft.keeps && draft.part.trim() ? [{ name_zh: draft.part.trim() }] : [];
    acts.push({ op: "split", id, by: draft.cut, keeps: draft.keeps, parts });
  }
  if (draft.others.length) acts.push({ op: "merge", id, others: draft.others });
  return acts;
}

/** Another Chinese name, and what follows it: an English one that was only a copy of it. */
export const renamed = (begun: Draft, draft: Draft, name_zh: string): Partial<Draft> =>
  begun.id && begun.name_en === begun.name_zh && draft.name_en === draft.name_zh
    ? { name_zh, name_en: name_zh }
    : { name_zh };

export const isChanged = (begun: Draft, draft: Draft): boolean =>
  draft.id
    ? actsOf(begun, draft).length > 0 || draft.source !== "" || draft.reason !== ""
    : Boolean(draft.geometry || draft.name_zh || draft.name_en || draft.source || draft.reason);

/** The field of the form that a pointer of the service is about: "geometry", "name_zh", "by" … */
export const fieldOf = (pointer: string): string => pointer.split("/")[4] ?? pointer.split("/")[2] ?? "";

/** Which of the three forms a kind takes. */
export function formsOf(types: readonly string[]): Shape[] {
  const forms: [Shape, string][] = [
    ["area", "polygon"],
    ["line", "linestring"],
    ["point", "point"],
  ];
  return forms.filter(([, type]) => types.includes(type)).map(([form]) => form);
}

// --- coordinates as text ----------------------------------------------------------------------
const pair = ([lon, lat]: Position): string => `${lon},${lat}`;
const spaced = (line: readonly Position[]): string => `(${line.map((at) => at.join(" ")).join(", ")})`;

/** A shape as people may type it: one lon,lat a line; what has several parts or holes as WKT. */
export function textOf(geometry: Geometry | null): string {
  if (!geometry) return "";
  const [points, lines, areas] = [pointsOf(geometry), linesOf(geometry), polygonsOf(geometry)];
  if (points.length) return points.map(pair).join("\n");
  if (lines.length === 1) return lines[0].map(pair).join("\n");
  if (areas.length === 1 && areas[0].length === 1) return areas[0][0].map(pair).join("\n");
  if (lines.length) return `MULTILINESTRING (${lines.map(spaced).join(", ")})`;
  return `MULTIPOLYGON (${areas.map((rings) => `(${rings.map(spaced).join(", ")})`).join(", ")})`;
}

/** The shape of a cut that was typed as positions; null: it is something else, which the service reads. */
export function cutOf(text: string): Geometry | null {
  const positions = text
    .split(/[\n;；]+/)
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => line.split(/[,，\s]+/).map(Number));
  const good = positions.every((at) => at.length === 2 && at.every(Number.isFinite));
  if (!positions.length || !good) return null;
  const found = positions as Position[];
  return found.length === 1
    ? { type: "Point", coordinates: found[0] }
    : { type: "LineString", coordinates: found };
}
