/** Hatches of the phases, one set per hue, made when first asked for. */
import { hueVar } from "../state/hues";
import type { AreaStyle } from "./strokes";
import { svg } from "./svg";

type Pattern = NonNullable<AreaStyle["pattern"]>;

const base = (id: string, side: number, turned: boolean, ...children: Node[]): SVGPatternElement =>
  svg(
    "pattern",
    {
      id,
      width: side,
      height: side,
      patternUnits: "userSpaceOnUse",
      ...(turned ? { patternTransform: "rotate(45)" } : {}),
    },
    ...children,
  );
const sheet = (side: number, fill: string, opacity: number): Node =>
  svg("rect", { width: side, height: side, fill, "fill-opacity": opacity });
const bar = (width: number, side: number, fill: string, opacity = 1): Node =>
  svg("rect", { width, height: side, fill, "fill-opacity": opacity });

const MAKE: Record<Pattern, (id: string, ink: string) => SVGPatternElement> = {
  proposed: (id, ink) =>
    base(id, 9, false, svg("circle", { cx: 4.5, cy: 4.5, r: 1.1, fill: ink, "fill-opacity": 0.8 })),
  preparing: (id, ink) => base(id, 10, true, sheet(10, ink, 0.09), bar(1.1, 10, ink, 0.75)),
  building: (id, ink) => base(id, 7, true, sheet(7, ink, 0.13), bar(2.6, 7, ink)),
  completing: (id, ink) =>
    base(
      id,
      7,
      true,
      sheet(7, ink, 0.18),
      svg("path", { d: "M0 0h7M0 0v7", stroke: ink, "stroke-width": 2.4, fill: "none" }),
    ),
};

export class Patterns {
  private readonly defs = svg("defs");
  private readonly made = new Set<string>();

  constructor(host: HTMLElement) {
    const holder = svg("svg", { width: 0, height: 0, "aria-hidden": "true", class: "patterns" }, this.defs);
    host.append(holder);
  }

  /** The `fill` of a pattern in a hue. */
  fill(pattern: Pattern, hueKey: string): string {
    const id = `hatch-${hueKey.replace(/[^\w-]/g, "_")}-${pattern}`;
    if (!this.made.has(id)) {
      this.made.add(id);
      this.defs.append(MAKE[pattern](id, hueVar(hueKey)));
    }
    return `url(#${id})`;
  }
}
