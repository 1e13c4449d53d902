/**
 * The cartographic table: phase is a pattern, a promise is hollow. Pure; every width is in pixels.
 *
 * Strokes are listed bottom to top. `hue` is the colour of the project, `land` that of what lies under it.
 */
import type { PhaseId } from "../data/types";
import type { PhaseState } from "../phases";

export interface Stroke {
  width: number;
  ink: "hue" | "land";
  dash?: string;
  opacity?: number;
  round?: boolean;
}

const hue = (width: number, dash?: string, opacity?: number): Stroke => ({
  width,
  ink: "hue",
  dash,
  opacity,
});
const land = (width: number, dash?: string): Stroke => ({ width, ink: "land", dash });

/** Nothing is known of it on this day: a thin outline in its own hue. */
const UNSTATED: Stroke[] = [hue(1.5, "6 3 1 3", 0.75)];

function factStrokes(phase: PhaseId, w: number): Stroke[] {
  switch (phase) {
    case "proposed":
      return [{ ...hue(w - 0.5, `0.1 ${w + 3.5}`), round: true }];
    case "planned":
      return [hue(w - 1.2, "9 6")];
    case "preparing":
      return [hue(w + 1, undefined, 0.25), hue(Math.max(1, w - 1.6), "16 5")];
    case "building":
      return [hue(w + 1.5), land(Math.max(1.4, w - 1.4), "3.5 4.5")];
    case "completing":
      return [hue(w + 1.5), land(Math.max(1, w - 3), "3 14")];
    case "in_service":
      return [hue(w)];
    case "closed":
      return [hue(w, undefined, 0.4), land(1.2)];
    case "cancelled":
      return [hue(1.4, "2 5", 0.7)];
    case "unknown":
      return UNSTATED;
  }
}

/** A line of width w, by its state on the day. */
export function lineStrokes(state: PhaseState, w: number): Stroke[] {
  if (state.basis === "promise") return [hue(w + 1.5), land(Math.max(1.4, w - 1.6))];
  return factStrokes(state.phase, w);
}

const RAIL = {
  thin: { width: 1.6, ties: 6, dash: "1.3 11" },
  broad: { width: 2.2, ties: 8, dash: "1.6 13" },
};

/** A railway in use is a thin line with ties; before that it is drawn like any line. */
export function railStrokes(state: PhaseState, w: number): Stroke[] {
  if (state.phase !== "in_service" || state.basis === "promise") return lineStrokes(state, w);
  const rail = w > 3 ? RAIL.broad : RAIL.thin;
  return [hue(rail.width), hue(rail.ties, rail.dash)];
}

/** A project on top of an existing line runs along both its sides. */
export function flankStrokes(state: PhaseState, w: number): Stroke[] {
  if (state.phase === "unknown") return [hue(w + 6.5, "2 5", 0.5), land(w + 4)];
  const top = factStrokes(state.phase, 3).at(-1);
  const dash = state.basis === "promise" ? undefined : (top?.dash ?? undefined);
  return [hue(w + 8, dash, 0.8), land(w + 3.5)];
}

/** What a line was on an earlier day, as thin outlines along both sides of what it is. */
export function formerStrokes(state: PhaseState, w: number): Stroke[] {
  if (state.phase === "unknown") return [{ ...hue(w + 9, "0.1 5", 0.9), round: true }, land(w + 5)];
  const dash = state.basis === "promise" ? undefined : factStrokes(state.phase, 4).at(-1)?.dash;
  return [hue(w + 8, dash, 0.8), land(w + 5.5)];
}

/** The dash of the ring that tells what a point was on an earlier day. */
export const formerDash = (state: PhaseState): string =>
  state.phase === "unknown" ? "0.1 4" : (symbolStyle(state).rings[0]?.dash ?? "none");

/** The three rings of a place that was drawn from words, in its own hue. */
export const HALO: readonly (readonly [width: number, opacity: number])[] = [
  [26, 0.055],
  [17, 0.075],
  [10, 0.1],
];

export interface AreaStyle {
  /** Which pattern fills it; null is a plain tint. */
  pattern: "proposed" | "preparing" | "building" | "completing" | null;
  opacity: number;
  dash?: string;
}

const AREA: Record<PhaseId, AreaStyle> = {
  unknown: { pattern: null, opacity: 0.06, dash: "1.5 4" },
  proposed: { pattern: "proposed", opacity: 1, dash: "0.1 6" },
  planned: { pattern: null, opacity: 0.08, dash: "9 6" },
  preparing: { pattern: "preparing", opacity: 1, dash: "16 5" },
  building: { pattern: "building", opacity: 1 },
  completing: { pattern: "completing", opacity: 1 },
  in_service: { pattern: null, opacity: 0.42 },
  closed: { pattern: null, opacity: 0.05 },
  cancelled: { pattern: null, opacity: 0, dash: "2 5" },
};

/** Fill and edge of an area; `solid` is the tint of one in service. */
export function areaStyle(state: PhaseState, solid: number): AreaStyle {
  if (state.basis === "promise") return { pattern: null, opacity: 0 };
  const style = AREA[state.phase];
  return state.phase === "in_service" ? { ...style, opacity: solid } : style;
}

export interface Ring {
  radius: number;
  width: number;
  ink: "hue" | "paper";
  dash?: string;
  round?: boolean;
}
export interface SymbolStyle {
  /** A full disc carries its glyph in paper; otherwise the disc is paper and the glyph has the hue. */
  full: boolean;
  rings: Ring[];
  /** The glyph's size as a share of its 16 units. */
  glyph: number;
  opacity: number;
}

const ring = (radius: number, width: number, dash?: string): Ring => ({ radius, width, ink: "hue", dash });
const open = (rings: Ring[], glyph: number, opacity = 1): SymbolStyle => ({
  full: false,
  rings,
  glyph,
  opacity,
});

/** A point symbol on a square of 24 units, by its state on the day. */
export function symbolStyle(state: PhaseState): SymbolStyle {
  if (state.basis === "promise") return open([ring(10, 1.3), ring(7.6, 1.3)], 0.6);
  switch (state.phase) {
    case "proposed":
      return open([{ ...ring(10, 2.4, "0.1 4"), round: true }], 0.7);
    case "planned":
      return open([ring(10, 1.9, "4.5 3.3")], 0.7);
    case "preparing":
      return open([ring(10, 1.9, "9.5 3")], 0.7);
    case "building":
      return open([ring(9.6, 3.6), { radius: 9.6, width: 1.8, ink: "paper", dash: "2.3 2.7" }], 0.62);
    case "completing":
      return open([ring(9.4, 3.2)], 0.62);
    case "in_service":
      return { full: true, rings: [], glyph: 0.78, opacity: 1 };
    case "closed":
      return open([ring(10, 1.2)], 0.7, 0.6);
    case "cancelled":
      return open([ring(10, 1.2, "2 3")], 0.6, 0.5);
    case "unknown":
      return open([ring(10, 1.4, "1 2.2")], 0.7, 0.8);
  }
}
