/** What a changeset does, as vector tiles painted on canvas over the public map. */
import { VectorTile } from "@mapbox/vector-tile";
import { type Coords, type DoneCallback, GridLayer, type LatLng, Point } from "leaflet";
import { PbfReader } from "pbf";
import { type Decision, type Look, lookOf, type Op } from "../data/changesets";

const TILE_PX = 256;
const MOST_DENSE = 2;
const SIGN_PX = 6;
/** Where signs would cover each other they become specks. */
const CROWDED = 250;
const SPECK_PX = 2.5;
const REACH_PX = 9;
const POINT = 1;
const LINE = 2;

export interface Feature {
  n: number;
  look: Look;
  told: string;
  /** How it is now; else how it would be. */
  isBefore: boolean;
  /** The way of a point from where it is to where it would be. */
  isWay: boolean;
  type: number;
  /** In pixels of the tile. */
  parts: [number, number][][];
}

interface Sheet {
  coords: Coords;
  canvas: HTMLCanvasElement;
  features: Feature[];
  stop: AbortController;
  failed: boolean;
}

export type Colours = Record<Look | "before" | "paper", string>;

const keyOf = ({ x, y, z }: Coords): string => `${z}/${x}/${y}`;

export class ChangeTiles extends GridLayer {
  private readonly sheets = new Map<string, Sheet>();
  private address: ((coords: Coords) => string) | null = null;
  private colours: Colours | null = null;

  /** `onChange` hears that tiles came or failed. */
  constructor(private readonly onChange: () => void) {
    super({ pane: "staged", tileSize: TILE_PX, keepBuffer: 1, updateWhenZooming: false });
    this.on("tileunload", ({ coords }: { coords: Coords }) => {
      this.sheets.get(keyOf(coords))?.stop.abort();
      this.sheets.delete(keyOf(coords));
    });
  }

  /** Fetch from these addresses; what is drawn stays until the new is there. */
  setAddress(address: (coords: Coords) => string): void {
    this.address = address;
    for (const sheet of this.sheets.values()) void this.fetch(sheet);
  }

  setColours(colours: Colours): void {
    this.colours = colours;
    for (const sheet of this.sheets.values()) this.paint(sheet);
  }

  get failed(): number {
    return [...this.sheets.values()].filter((sheet) => sheet.failed).length;
  }

  retry(): void {
    for (const sheet of this.sheets.values()) if (sheet.failed) void this.fetch(sheet);
  }

  /** Number of the change at a place, the smallest of several; null when there is none. */
  at(place: LatLng): number | null {
    const zoom = this._tileZoom;
    if (!this._map || zoom === undefined) return null;
    const point = this._map.project(place, zoom);
    const tile = point.divideBy(TILE_PX).floor();
    let best: { n: number; far: number } | null = null;
    for (let dx = -1; dx <= 1; dx++)
      for (let dy = -1; dy <= 1; dy++) {
        const at = tile.add(new Point(dx, dy));
        const sheet = this.sheets.get(keyOf({ x: at.x, y: at.y, z: zoom } as Coords));
        const { x, y } = point.subtract(at.multiplyBy(TILE_PX));
        for (const feature of sheet?.features ?? []) {
          const far = distance(feature, x, y);
          if (far <= REACH_PX && (!best || far < best.far)) best = { n: feature.n, far };
        }
      }
    return best?.n ?? null;
  }

  protected override createTile(coords: Coords, done: DoneCallback): HTMLElement {
    const canvas = document.createElement("canvas");
    const dense = Math.min(window.devicePixelRatio || 1, MOST_DENSE);
    canvas.width = canvas.height = TILE_PX * dense;
    const sheet = { coords, canvas, features: [], stop: new AbortController(), failed: false };
    this.sheets.set(keyOf(coords), sheet);
    void this.fetch(sheet).then(() => done(undefined, canvas));
    return canvas;
  }

  private async fetch(sheet: Sheet): Promise<void> {
    if (!this.address) return;
    sheet.stop.abort();
    const stop = new AbortController();
    sheet.stop = stop;
    try {
      const response = await fetch(this.address(sheet.coords), { signal: stop.signal });
      if (!response.ok) throw new Error(String(response.status));
      sheet.features = featuresOf(await response.arrayBuffer());
      sheet.failed = false;
    } catch {
      if (stop.signal.aborted) return;
      sheet.failed = true;
    }
    this.paint(sheet);
    this.onChange();
  }

  // --- painting -------------------------------------------------------------------------------

  private paint({ canvas, features }: Sheet): void {
    const context = canvas.getContext("2d");
    const { colours } = this;
    if (!context || !colours) return;
    const dense = canvas.width / TILE_PX;
    context.setTransform(dense, 0, 0, dense, 0, 0);
    context.clearRect(0, 0, TILE_PX, TILE_PX);
    const signs = features.filter((feature) => feature.type === POINT);
    // How it is now lies under how it would be, areas under lines, signs on top.
    for (const before of [true, false])
      for (const feature of features)
        if (feature.type !== POINT && feature.isBefore === before) outline(context, feature, colours);
    for (const before of [true, false])
      for (const feature of signs)
        if (feature.isBefore === before) sign(context, feature, colours, signs.length > CROWDED);
  }
}

function featuresOf(bytes: ArrayBuffer): Feature[] {
  const layer = new VectorTile(new PbfReader(new Uint8Array(bytes))).layers.changes;
  if (!layer) return [];
  const scale = TILE_PX / layer.extent;
  return Array.from({ length: layer.length }, (_, i) => {
    const feature = layer.feature(i);
    const { op, decision, told, side } = feature.properties;
    return {
      n: Number(feature.id),
      look: lookOf(op as Op, decision as Decision),
      told: String(told ?? ""),
      // What is removed has its only shape before; it is what the sign is about.
      isBefore: side === "before" && op !== "remove",
      isWay: side === "moved",
      type: feature.type,
      parts: feature
        .loadGeometry()
        .map((part) => part.map(({ x, y }): [number, number] => [x * scale, y * scale])),
    };
  });
}

function trace(context: CanvasRenderingContext2D, { parts, type }: Feature): void {
  context.beginPath();
  for (const part of parts) {
    part.forEach(([x, y], i) => {
      if (i) context.lineTo(x, y);
      else context.moveTo(x, y);
    });
    if (type !== LINE) context.closePath();
  }
}

const WIDTH: Partial<Record<Look, number>> = { rejected: 1, blocked: 2 };

function outline(context: CanvasRenderingContext2D, feature: Feature, colours: Colours): void {
  const { look, isBefore, isWay, type } = feature;
  trace(context, feature);
  context.setLineDash(isBefore || isWay || look === "rejected" ? [4, 3] : []);
  context.lineJoin = "round";
  if (type !== LINE && !isBefore && look !== "rejected") {
    context.globalAlpha = 0.22;
    context.fillStyle = colours[look];
    context.fill("evenodd");
    context.globalAlpha = 1;
  }
  const width = isBefore || isWay ? 1.2 : (WIDTH[look] ?? 1.8) * (type === LINE ? 1.8 : 1);
  // A line of light under it, so that it stands out from what is public.
  context.lineWidth = width + 2.4;
  context.strokeStyle = colours.paper;
  context.globalAlpha = 0.7;
  context.stroke();
  context.globalAlpha = 1;
  context.lineWidth = width;
  context.strokeStyle = isBefore ? colours.before : colours[look];
  context.stroke();
  context.setLineDash([]);
}

/** A point, by form and colour: added a plus, changed a diamond, removed a cross, faulty an exclamation mark. */
function sign(context: CanvasRenderingContext2D, feature: Feature, colours: Colours, crowded: boolean): void {
  const { look, isBefore } = feature;
  for (const [[x, y]] of feature.parts) {
    if (crowded) {
      context.fillStyle = isBefore ? colours.before : colours[look];
      if (!isBefore) context.fillRect(x - SPECK_PX / 2, y - SPECK_PX / 2, SPECK_PX, SPECK_PX);
      continue;
    }
    const draw = (width: number, colour: string): void => {
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.fillStyle = colour;
      strokeSign(context, x, y, isBefore ? "before" : look);
    };
    draw(isBefore ? 4 : 6.5, colours.paper);
    draw(isBefore ? 1.4 : 2.6, isBefore ? colours.before : colours[look]);
  }
}

function strokeSign(context: CanvasRenderingContext2D, x: number, y: number, what: Look | "before"): void {
  const r = SIGN_PX;
  context.beginPath();
  switch (what) {
    case "added":
      context.moveTo(x - r, y);
      context.lineTo(x + r, y);
      context.moveTo(x, y - r);
      context.lineTo(x, y + r);
      context.stroke();
      break;
    case "removed":
      context.moveTo(x - r * 0.8, y - r * 0.8);
      context.lineTo(x + r * 0.8, y + r * 0.8);
      context.moveTo(x + r * 0.8, y - r * 0.8);
      context.lineTo(x - r * 0.8, y + r * 0.8);
      context.stroke();
      break;
    case "blocked":
      context.moveTo(x, y - r);
      context.lineTo(x, y + r * 0.3);
      context.stroke();
      context.beginPath();
      context.arc(x, y + r * 0.9, 0.8, 0, 2 * Math.PI);
      context.stroke();
      break;
    case "before":
    case "rejected":
      context.arc(x, y, r * 0.75, 0, 2 * Math.PI);
      context.stroke();
      break;
    default:
      context.moveTo(x, y - r);
      context.lineTo(x + r, y);
      context.lineTo(x, y + r);
      context.lineTo(x - r, y);
      context.closePath();
      context.fill();
      context.stroke();
  }
}

// --- the pointer --------------------------------------------------------------------------------

/** Pixels from a place to a feature; within an area a little, the larger the area the more. */
function distance({ parts, type }: Feature, x: number, y: number): number {
  if (type === POINT) return Math.min(...parts.flat().map(([px, py]) => Math.hypot(px - x, py - y)));
  const edge = Math.min(...parts.map((part) => toLine(part, x, y)));
  if (type === LINE || !contains(parts, x, y)) return edge;
  return Math.min(edge, REACH_PX * (1 - 1 / (1 + areaOf(parts) / TILE_PX ** 2)));
}

function toLine(part: [number, number][], x: number, y: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 1; i < part.length; i++) {
    const [[ax, ay], [bx, by]] = [part[i - 1], part[i]];
    const length = (bx - ax) ** 2 + (by - ay) ** 2;
    const t = length ? Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) : 0;
    best = Math.min(best, Math.hypot(ax + t * (bx - ax) - x, ay + t * (by - ay) - y));
  }
  return best;
}

function contains(parts: [number, number][][], x: number, y: number): boolean {
  let inside = false;
  for (const ring of parts)
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [[ax, ay], [bx, by]] = [ring[i], ring[j]];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
  return inside;
}

function areaOf(parts: [number, number][][]): number {
  let sum = 0;
  for (const ring of parts)
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++)
      sum += ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
  return Math.abs(sum / 2);
}
