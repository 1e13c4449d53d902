/** The Leaflet map itself: its panes in drawing order, and one renderer for each. */
import {
  type Handler,
  type LatLngExpression,
  Map as LeafletMap,
  type PathOptions,
  Polygon,
  Polyline,
  SVG,
} from "leaflet";
import type { Position } from "../data/geometry";

/** Bottom to top. */
const PANES = [
  "ground",
  "context",
  "tiled",
  "area",
  "halo",
  "line",
  "top",
  "symbol",
  "staged",
  "chosen",
  "label",
] as const;
export type Pane = (typeof PANES)[number];

export const latLng = ([lon, lat]: Position): LatLngExpression => [lat, lon];

export class Frame {
  readonly map: LeafletMap;
  private readonly renderers = new Map<Pane, SVG>();

  constructor(host: HTMLElement) {
    this.map = new LeafletMap(host, {
      zoomControl: false,
      attributionControl: false,
      zoomSnap: 0.25,
      zoomDelta: 0.5,
      wheelPxPerZoomLevel: 120,
      minZoom: 11,
      maxZoom: 17,
      fadeAnimation: false,
      zoomAnimation: false,
      markerZoomAnimation: false,
      maxBoundsViscosity: 0.8,
    });
    PANES.forEach((name, i) => {
      const pane = this.map.createPane(name);
      pane.style.zIndex = String(300 + i * 10);
      // Whoever cannot see the drawing has the same projects as lists beside it.
      pane.setAttribute("aria-hidden", "true");
      if (!["symbol", "label", "tiled", "staged"].includes(name))
        this.renderers.set(name, new SVG({ pane: name, padding: 0.3 }));
    });
  }

  /** Lay the names right beneath a pane: over what is worked on or looked at they would hide it. */
  namesBeneath(pane: Pane): void {
    this.map.getPane("label")!.style.zIndex = String(this.depth(pane) - 1);
  }

  depth(pane: Pane): number {
    return Number(this.map.getPane(pane)!.style.zIndex);
  }

  /** Whether the pointer has just drawn the map along: then its release is no click. */
  get dragged(): boolean {
    return (this.map.dragging as Handler & { moved(): boolean }).moved();
  }

  line(pane: Pane, lines: Position[][], options: PathOptions): Polyline {
    return new Polyline(
      lines.map((line) => line.map(latLng)),
      this.path(pane, { fill: false, ...options }),
    );
  }

  area(pane: Pane, rings: Position[][][], options: PathOptions): Polygon {
    return new Polygon(
      rings.map((polygon) => polygon.map((ring) => ring.map(latLng))),
      this.path(pane, options),
    );
  }

  private path(pane: Pane, options: PathOptions): PathOptions {
    return {
      interactive: false,
      lineJoin: "round",
      lineCap: "butt",
      bubblingMouseEvents: false,
      renderer: this.renderers.get(pane),
      pane,
      ...options,
    };
  }

  /** A position in pixels of the sheet. */
  pixel(position: Position): [number, number] {
    const { x, y } = this.map.latLngToContainerPoint(latLng(position));
    return [x, y];
  }
}
