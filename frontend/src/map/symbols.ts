/** Point symbols: the ring tells the phase, the glyph the kind, the hue repeats the kind. */
import type { PhaseState } from "../phases";
import { softOutline } from "./shapes";
import { formerDash, lineStrokes, symbolStyle } from "./strokes";
import { setAttributes, svg } from "./svg";

const SIZE = 24;
const MIDDLE = SIZE / 2;

export interface Drawing {
  readonly element: SVGSVGElement;
  /** `former`: what it was on the day that this one is compared with; null when nothing is compared. */
  paint(state: PhaseState, former: PhaseState | null): void;
}

/** A thin ring round a symbol that tells what it was. */
function formerRing(
  ink: string,
  middle: number,
  radius: number,
): [Element, (former: PhaseState | null) => void] {
  const circle = svg("circle", { cx: middle, cy: middle, r: radius, fill: "none", stroke: ink });
  const paint = (former: PhaseState | null): void =>
    setAttributes(circle, {
      "stroke-width": former ? (former.phase === "unknown" ? 2 : 1.4) : 0,
      "stroke-linecap": former?.phase === "unknown" ? "round" : "butt",
      "stroke-dasharray": former ? formerDash(former) : "none",
    });
  paint(null);
  return [circle, paint];
}

/** A disc with the kind's glyph (a stroke path on 16 by 16 units), painted in place by state. */
export function glyphSymbol(glyph: string, ink: string, size: number): Drawing {
  const disc = svg("circle", { cx: MIDDLE, cy: MIDDLE, r: 10.6 });
  const rings = [0, 1].map(() => svg("circle", { cx: MIDDLE, cy: MIDDLE, fill: "none" }));
  const path = svg("path", {
    d: glyph,
    fill: "none",
    "stroke-width": 1.9,
    "stroke-linejoin": "round",
    "stroke-linecap": "round",
  });
  const box = { width: size, height: size, viewBox: `0 0 ${SIZE} ${SIZE}`, "aria-hidden": "true" };
  const [outer, paintFormer] = formerRing(ink, MIDDLE, SIZE / 2 + 3);
  const element = svg("svg", box, outer, disc, ...rings, path);
  const paint = (state: PhaseState, former: PhaseState | null): void => {
    paintFormer(former);
    const style = symbolStyle(state);
    setAttributes(disc, { fill: style.full ? ink : "var(--paper)" });
    rings.forEach((circle, i) => {
      const ring = style.rings[i];
      setAttributes(circle, {
        r: ring?.radius ?? 0,
        stroke: ring ? (ring.ink === "hue" ? ink : "var(--paper)") : "none",
        "stroke-width": ring?.width ?? 0,
        "stroke-dasharray": ring?.dash ?? "none",
        "stroke-linecap": ring?.round ? "round" : "butt",
        "stroke-opacity": style.opacity,
      });
    });
    const at = MIDDLE - 8 * style.glyph;
    setAttributes(path, {
      stroke: style.full ? "var(--paper)" : ink,
      "stroke-opacity": style.opacity,
      transform: `translate(${at} ${at}) scale(${style.glyph})`,
    });
  };
  return { element, paint };
}

/** How far the sign of a place drawn from words reaches beyond the symbol that it surrounds, in pixels. */
export const SOFT_PX = 5;

/**
 * What surrounds a symbol whose place is drawn from words: a tinted form with two pencil lines for an edge, as
 * areas of that precision have. It is never a circle: circles tell phases.
 */
export function softSign(ink: string, radius: number, seed: string): SVGSVGElement {
  const reach = radius + SOFT_PX;
  const side = 2 * reach;
  const box = { width: side, height: side, viewBox: `${-reach} ${-reach} ${side} ${side}` };
  const first = { d: softOutline(seed, reach - 1.5), fill: ink, "fill-opacity": 0.24 };
  const second = { d: softOutline(`${seed} again`, reach - 1), fill: "none", "stroke-opacity": 0.6 };
  return svg(
    "svg",
    { ...box, class: "soft-sign", "aria-hidden": "true" },
    svg("path", { ...first, stroke: ink, "stroke-width": 1.4 }),
    svg("path", { ...second, stroke: ink, "stroke-width": 0.8 }),
  );
}

/** A station: a ring of that radius (pixels) in the colour of its line, stroked like a line of its phase. */
export function stationSymbol(ink: string, radius: number): Drawing {
  const side = 2 * radius + 10;
  const common = { cx: side / 2, cy: side / 2, r: radius };
  const rings = [0, 1].map(() => svg("circle", { ...common, fill: "none" }));
  const fill = svg("circle", { ...common, fill: "var(--paper)" });
  const box = { width: side, height: side, viewBox: `0 0 ${side} ${side}`, "aria-hidden": "true" };
  const [outer, paintFormer] = formerRing(ink, side / 2, radius + 4.5);
  const element = svg("svg", box, outer, fill, ...rings);
  const paint = (state: PhaseState, former: PhaseState | null): void => {
    paintFormer(former);
    const strokes = lineStrokes(state, 2.7);
    rings.forEach((circle, i) => {
      const stroke = strokes[i];
      setAttributes(circle, {
        stroke: stroke ? (stroke.ink === "hue" ? ink : "var(--paper)") : "none",
        "stroke-width": stroke?.width ?? 0,
        "stroke-dasharray": stroke?.dash ? "2.3 2.6" : "none",
        "stroke-opacity": stroke?.opacity ?? 1,
      });
    });
  };
  return { element, paint };
}
