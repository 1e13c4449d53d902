/** The outline of what is chosen and is no mark of the sheet: the open project of a kind that comes as tiles, or a
 * place of the ground that was looked for. */
import { LayerGroup } from "leaflet";
import { type Geometry, linesOf, pointsOf, polygonsOf } from "../data/geometry";
import type { Frame } from "./frame";

const GLOW_PX = 11;
const EDGE_PX = 2.4;
const POINT_PX = 22;

export class Chosen {
  private readonly group = new LayerGroup();

  constructor(private readonly frame: Frame) {
    this.group.addTo(frame.map);
  }

  /** Outline this place, or nothing. */
  show(geometry: Geometry | null): void {
    this.group.clearLayers();
    if (!geometry) return;
    const lines = [...linesOf(geometry), ...polygonsOf(geometry).flat()];
    // A line of no length with round ends is a dot.
    const dots = pointsOf(geometry).map((point) => [point, point]);
    const strokes = [
      { color: "var(--ink)", weight: GLOW_PX, opacity: 0.22 },
      { color: "var(--land)", weight: EDGE_PX + 2.4, opacity: 1 },
      { color: "var(--ink)", weight: EDGE_PX, opacity: 1, className: "chosen" },
    ];
    for (const stroke of lines.length ? strokes : [])
      this.frame.line("halo", lines, stroke).addTo(this.group);
    if (!dots.length) return;
    const dot = {
      color: "var(--ink)",
      weight: POINT_PX,
      opacity: 0.22,
      lineCap: "round",
      className: "chosen",
    } as const;
    this.frame.line("halo", dots, dot).addTo(this.group);
  }
}
