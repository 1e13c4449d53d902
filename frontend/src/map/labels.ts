/** Which words stand on the sheet, of what rank and in which form. */
import { linesOf, middleOf, type Position, pointsOf, polygonsOf, shapeOf } from "../data/geometry";
import type { Feature, GroundProperties } from "../data/types";
import type { PhaseState } from "../phases";
import { hueVar, onHueVar } from "../state/hues";
import type { Lang, Text } from "../text/words";
import { nameIn } from "../text/words";
import type { Mark } from "./marks";
import type { Point } from "./paths";

/** The look of a label; each has its rules in the style sheet. */
export type LabelStyle =
  | "plate"
  | "plate full"
  | "badge"
  | "badge full"
  | "project"
  | "station"
  | "hub"
  | "unstated"
  | "road"
  | "rail"
  | "ground"
  | "base"
  | "area"
  | "water";

/** A label as asked for, before it has a place. */
export interface Wanted {
  key: string;
  lines: string[];
  /** Said after the name in small type: 示意. */
  tag: string;
  /** Said after the name on a plate: the phase. */
  extra: string;
  /** Of a line: what stands on it where there is no room for all this, and again further along. */
  short: string;
  style: LabelStyle;
  rank: number;
  minZoom: number;
  hue: string;
  onHue: string;
  /** The project that a click selects. */
  project: string | null;
  selected: boolean;
  site:
    | { mode: "beside"; at: Position; radius: number }
    | { mode: "over"; at: Position }
    | { mode: "inside"; ring: Position[] }
    | { mode: "plate" | "along"; paths: Position[][]; offset: number };
}

/** Type size in pixels, weight, line height and letter spacing (em) of each style. */
export const TYPE: Record<LabelStyle, [px: number, weight: number, lineHeight: number, spacing: number]> = {
  plate: [11, 600, 15, 0],
  "plate full": [11, 600, 15, 0],
  badge: [11, 700, 14, 0],
  "badge full": [11, 700, 14, 0],
  project: [12, 500, 16, 0],
  station: [12, 600, 16, 0],
  hub: [14, 700, 18, 0],
  unstated: [11, 400, 15, 0],
  road: [11, 500, 15, 0],
  rail: [11, 500, 15, 0],
  ground: [11, 500, 15, 0],
  base: [10, 400, 14, 0],
  area: [13, 500, 17, 0.12],
  water: [10, 400, 14, 0],
};

const WRAP_LETTERS = 20;
const SELECTED_RANK = 120;
/** Further along a line its number stands again where nothing else wants the place. */
const AGAIN_RANK = 20;
const AGAIN_PX = 300;
const AGAIN_TIMES = 3;
const QUIET_LINE_RANK = 36;
/** Of places nobody spoke of yet only a few need a name. */
const QUIET_PLACE_RANK = 28;

/** A long name in Latin letters goes on two lines, broken at the space nearest its middle. */
function wrapped(name: string): string[] {
  if (name.length <= WRAP_LETTERS || /\p{Script=Han}/u.test(name)) return [name];
  const spaces = [...name.matchAll(/ /g)].map((match) => match.index);
  if (!spaces.length) return [name];
  const middle = name.length / 2;
  const cut = spaces.reduce((best, at) => (Math.abs(at - middle) < Math.abs(best - middle) ? at : best));
  return [name.slice(0, cut), name.slice(cut + 1)];
}

const longest = (lines: Position[][]): Position[] =>
  lines.reduce((best, line) => (line.length > best.length ? line : best), lines[0] ?? []);

function rankOf(mark: Mark): number {
  const { form, group, hub, trunk, station } = mark.trait;
  if (station) return hub ? 95 : mark.schematic ? 63 : 64;
  if (mark.course.length) return form === "line" ? 70 : form === "rail" ? 46 : trunk ? 48 : 40;
  if (group === "land") return 58;
  return { industry: 45, transit: 57, public: 32, road: 40, context: 26 }[group as "public"] ?? 30;
}

/** What a project says of itself on the sheet in a state. */
export function projectLabel(
  mark: Mark,
  at: Position,
  name: string,
  state: PhaseState,
  phaseName: string,
  selected: boolean,
  words: Text,
): Wanted {
  const { trait } = mark;
  const promised = state.basis === "promise" ? ` · ${words.sheet.promised}` : "";
  const settled = state.phase === "in_service" && state.basis === "fact";
  const base = {
    key: mark.project.id,
    tag: mark.schematic ? words.sheet.tag : mark.approximate ? words.sheet.tagApproximate : "",
    extra: "",
    short: "",
    rank: selected ? SELECTED_RANK : rankOf(mark),
    minZoom: 0,
    hue: hueVar(trait.hue),
    onHue: onHueVar(trait.hue),
    project: mark.project.id,
    selected,
  };
  if (mark.course.length) {
    const paths = mark.course;
    const short = trait.number || (trait.form === "road" ? "" : name);
    if (state.phase === "unknown") {
      // Before its first evidence a line is an outline; its name is as quiet.
      const site = { mode: "along" as const, paths, offset: trait.flanks ? 14 : -10 };
      return {
        ...base,
        rank: selected ? SELECTED_RANK : QUIET_LINE_RANK,
        lines: [name],
        // A line that has a number is looked for from the first day on.
        short: trait.number,
        style: "rail",
        site,
      };
    }
    // A railway in use is named along its course; a line that is coming carries a plate with its phase.
    if (trait.form === "line" && !(trait.rails && settled)) {
      const extra = settled ? "" : phaseName + promised;
      const site = { mode: "plate" as const, paths, offset: 0 };
      return { ...base, lines: [name], extra, short, style: settled ? "plate full" : "plate", site };
    }
    const offset = trait.flanks ? 14 : trait.flanked ? -14 : trait.trunk ? -11 : -10;
    const style = trait.rails ? "rail" : "road";
    return { ...base, lines: [name], short, style, site: { mode: "along", paths, offset } };
  }
  const radius = (trait.station ? trait.ringRadius + 2 : 11) + mark.softPx;
  if (trait.tracked && state.phase === "unknown" && !selected) {
    const beside = { mode: "beside" as const, at, radius };
    const rank = Math.min(base.rank, QUIET_PLACE_RANK);
    return { ...base, rank, lines: wrapped(name), style: "unstated", site: beside };
  }
  const style = trait.station ? (trait.hub ? "hub" : "station") : "project";
  return { ...base, lines: wrapped(name), style, site: { mode: "beside", at, radius } };
}

/** The badge of a line: its number or short name in its own colour. */
export function badgeOf(wanted: Wanted): Wanted {
  const site = { ...wanted.site, mode: "plate" } as Wanted["site"];
  const style = wanted.style === "plate full" ? "badge full" : "badge";
  return {
    ...wanted,
    key: `${wanted.key} short`,
    lines: wrapped(wanted.short),
    extra: "",
    short: "",
    style,
    site,
  };
}

/** The badges that repeat a numbered line's number along its course, and how far apart they keep. */
export function badgesAlong(wanted: Wanted): { wanted: Wanted; apart: number }[] {
  const badge = { ...badgeOf(wanted), tag: "", rank: AGAIN_RANK, selected: false };
  return Array.from({ length: AGAIN_TIMES }, (_, i) => ({
    wanted: { ...badge, key: `${wanted.key} again ${i}` },
    apart: AGAIN_PX,
  }));
}

interface GroundRule {
  style: LabelStyle;
  rank: number;
}
const GROUND_RULES: Partial<Record<GroundProperties["role"], GroundRule>> = {
  neighbour: { style: "area", rank: 8 },
  peak: { style: "base", rank: 10 },
  road: { style: "base", rank: 6 },
  railway: { style: "rail", rank: 12 },
  metro_station: { style: "base", rank: 11 },
  rail_station: { style: "base", rank: 11 },
  interchange: { style: "ground", rank: 13 },
  water: { style: "water", rank: 7 },
  outline: { style: "area", rank: 14 },
};

/** From which zoom the ground names its parts when the data does not say. */
const DEFAULT_ZOOM: Partial<Record<GroundProperties["role"], number>> = {
  road: 13.5,
  water: 13.5,
  peak: 12.75,
};

/** The words of the ground: neighbours, peaks, roads, water, and what the outline is. `sought`: what of it was
 * looked for has its name before all others. */
export function groundLabels(
  features: Feature<GroundProperties>[],
  lang: Lang,
  sought: Feature<GroundProperties> | null = null,
): Wanted[] {
  return features.flatMap((feature, i) => {
    const { properties, geometry } = feature;
    const rule = GROUND_RULES[properties.role];
    if (!rule || !geometry) return [];
    const name = nameIn(lang, properties);
    const label = (key: string, said: string, look: GroundRule, site: Wanted["site"]): Wanted => ({
      key,
      lines: [said],
      tag: "",
      extra: "",
      short: "",
      ...look,
      minZoom: properties.min_zoom ?? DEFAULT_ZOOM[properties.role] ?? 0,
      hue: "",
      onHue: "",
      project: null,
      selected: false,
      site,
    });
    if (properties.role === "outline") {
      const edge = longest(polygonsOf(geometry).map((rings) => rings[0]));
      return [label(`ground ${i}`, name, rule, { mode: "inside", ring: edge })];
    }
    if (!name) return [];
    if (feature === sought) {
      const look: GroundRule = { style: "station", rank: SELECTED_RANK };
      const found = label(`ground ${i}`, name, look, soughtSite(feature));
      return [{ ...found, minZoom: 0, selected: true }];
    }
    const broad = properties.class === "avenue" || properties.class === "highway";
    return [label(`ground ${i}`, name, { ...rule, rank: rule.rank + (broad ? 3 : 0) }, groundSite(feature))];
  });
}

/** Beside the middle of a line, where its outline does not run through the letters. */
function soughtSite(feature: Feature<GroundProperties>): Wanted["site"] {
  const usual = groundSite(feature);
  if (usual.mode !== "along") return usual;
  const line = longest(usual.paths);
  return { mode: "beside", at: line[line.length >> 1], radius: 9 };
}

function groundSite({ geometry, properties }: Feature<GroundProperties>): Wanted["site"] {
  const shape = shapeOf(geometry!);
  if (shape === "point") return { mode: "beside", at: pointsOf(geometry!)[0], radius: 5 };
  const outer = polygonsOf(geometry!).map((rings) => rings[0]);
  if (properties.role === "neighbour") return { mode: "inside", ring: longest(outer) };
  if (shape === "area") return { mode: "over", at: middleOf(geometry!) };
  const offset = properties.role === "railway" ? -10 : 0;
  return { mode: "along", paths: linesOf(geometry!), offset };
}

/** The point of a ring that lies furthest from its edge and from that of the sheet; null when too cramped. */
export function roomiest(ring: Point[], width: number, height: number): Point | null {
  const inside = (x: number, y: number): boolean => {
    let odd = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
    }
    return odd;
  };
  let best: { room: number; at: Point } | null = null;
  for (let x = 60; x < width - 50; x += 40)
    for (let y = 30; y < height - 30; y += 34) {
      if (!inside(x, y)) continue;
      let room = Math.min(x, width - x, y, height - y);
      for (const [px, py] of ring) room = Math.min(room, Math.hypot((px - x) * 0.6, py - y));
      if (!best || room > best.room) best = { room, at: [x, y] };
    }
  return best && best.room >= 26 ? best.at : null;
}
