/**
 * A numerous kind on the sheet: vector tiles painted on canvas. A tile is fetched and read once; a change of
 * the day, of filters or of colours only looks its pixels up anew, and asks nobody anything.
 */
import { type Coords, type DoneCallback, GridLayer, type LatLng, type Map as LeafletMap } from "leaflet";
import type { Day } from "../dates";
import type { PhaseState } from "../phases";
import { CODES, PhaseClock, stateOfCode } from "./tiled-clock";
import type { TileNames } from "./tiled-decode";
import { lookUp, lookUpSome, type PaletteLook, paletteOf } from "./tiled-palette";
import type { Pixels } from "./tiled-raster";
import type { TileAnswer, TileQuestion } from "./tiled-worker";

const TILE_PX = 256;
const RIM_PX = 0.75;
const POINT_PX = 5;
const SPECK_PX = 7;
/** A denser screen than this would cost a step more than the eye gains. */
const MOST_DENSE = 2;

export interface Found {
  /** Empty: a square that stands for several. */
  id: string;
  zh: string;
  en: string;
  precision: string;
  state: PhaseState;
  stands: number;
}

interface Sheet {
  coords: Coords;
  canvas: HTMLCanvasElement;
  done: DoneCallback | null;
  side: number;
  names: TileNames | null;
  cells: Uint32Array | null;
  image: ImageData | null;
  pixels: Uint32Array | null;
  byFeature: Pixels | null;
  /** By number of the feature: its text, its hue times the number of codes, and from 1 its code. */
  texts: Uint32Array;
  hues: Uint16Array;
  codes: Uint16Array;
  version: number;
}

export interface TiledLook extends Omit<PaletteLook, "density" | "hues"> {
  day: Day;
  known: Day;
  /** The colour of the kind, and of each value that overrides it. */
  hue: string;
  hueOf: ReadonlyMap<string, string>;
}

export class TiledKind extends GridLayer {
  private readonly sheets = new Map<string, Sheet>();
  private readonly clock = new PhaseClock();
  private readonly worker = new Worker(new URL("./tiled-worker.ts", import.meta.url), { type: "module" });
  private palette = new Uint32Array(0);
  private look: TiledLook | null = null;
  private looked = "";
  private version = 0;
  private asked = 0;
  private readonly waiting = new Map<string, string>();
  private readonly failedKeys = new Set<string>();

  /** `template` has {z}, {x} and {y}; `onChange` hears that tiles came, went or failed. */
  constructor(
    private template: string,
    private readonly kind: string,
    private readonly lineWidth: number,
    private readonly onChange: () => void,
  ) {
    super({ pane: "tiled", tileSize: TILE_PX, keepBuffer: 1, updateWhenZooming: false });
    this.worker.onmessage = ({ data }: MessageEvent<TileAnswer>) => this.take(data);
    this.on("tileunload", ({ coords }: { coords: Coords }) => this.forget(keyOf(coords)));
  }

  override onAdd(map: LeafletMap): this {
    super.onAdd(map);
    map.on("zoomend", this.resharpen, this);
    return this;
  }

  override onRemove(map: LeafletMap): this {
    map.off("zoomend", this.resharpen, this);
    super.onRemove(map);
    return this;
  }

  /** It is not shown again: let the worker go. */
  destroy(): void {
    this.remove();
    this.worker.terminate();
  }

  /** Tiles of another revision. */
  setTemplate(template: string): void {
    if (template === this.template) return;
    this.template = template;
    this.redraw();
  }

  /** How many tiles could not be fetched. */
  get failed(): number {
    return this.failedKeys.size;
  }

  /** Ask again for what could not be fetched. */
  retry(): void {
    for (const key of [...this.failedKeys]) {
      const sheet = this.sheets.get(key);
      if (sheet) this.ask(key, sheet);
    }
  }

  /** Show a day and filters: paints at once, from what is there. */
  set(look: TiledLook): void {
    this.look = look;
    this.clock.set(look.day, look.known);
    this.mix();
    for (const sheet of this.sheets.values()) this.paint(sheet);
  }

  /** What is painted at a place; null when nothing is. */
  at(place: LatLng): Found | null {
    const map = this._map;
    const zoom = this._tileZoom;
    if (!map || zoom === undefined) return null;
    const point = map.project(place, zoom);
    const tile = point.divideBy(TILE_PX).floor();
    const sheet = this.sheets.get(keyOf({ x: tile.x, y: tile.y, z: zoom }));
    if (!sheet?.cells) return null;
    const { x, y } = point
      .subtract(tile.multiplyBy(TILE_PX))
      .multiplyBy(sheet.side / TILE_PX)
      .floor();
    const number = sheet.cells[y * sheet.side + x] >>> 2;
    const found = number ? this.found(sheet, number - 1) : null;
    return found && this.look?.isShown(found.state) ? found : null;
  }

  /** What passes the filters in the tiles that meet the view, each project once. */
  inView(): Found[] {
    const map = this._map;
    const zoom = this._tileZoom;
    if (!map || zoom === undefined || !this.look) return [];
    const box = map.getPixelBounds();
    const scale = map.getZoomScale(zoom);
    const [from, to] = [box.min!, box.max!].map((corner) => corner.multiplyBy(scale / TILE_PX).floor());
    const out: Found[] = [];
    const seen = new Set<string>();
    for (const sheet of this.sheets.values()) {
      const { x, y, z } = sheet.coords;
      if (z !== zoom || x < from.x || x > to.x || y < from.y || y > to.y || !sheet.names) continue;
      sheet.names.ids.forEach((id, f) => {
        const found = this.found(sheet, f);
        if ((id && seen.has(id)) || !this.look!.isShown(found.state)) return;
        if (id) seen.add(id);
        out.push(found);
      });
    }
    return out;
  }

  // --- tiles ----------------------------------------------------------------------------------

  override createTile(coords: Coords, done: DoneCallback): HTMLElement {
    const canvas = document.createElement("canvas");
    const none = { names: null, cells: null, image: null, pixels: null, byFeature: null };
    const sheet: Sheet = {
      ...{ coords, canvas, done, side: 0, ...none, version: -1 },
      ...{ texts: new Uint32Array(0), hues: new Uint16Array(0), codes: new Uint16Array(0) },
    };
    const key = keyOf(coords);
    this.sheets.set(key, sheet);
    this.ask(key, sheet);
    return canvas;
  }

  private ask(key: string, sheet: Sheet): void {
    const { x, y, z } = sheet.coords;
    const { side, density } = this.sharpness(z);
    sheet.side = side;
    const url = this.template.replace("{z}", `${z}`).replace("{x}", `${x}`).replace("{y}", `${y}`);
    const pens = {
      rim: RIM_PX * density,
      line: (this.lineWidth / 2) * density,
      point: POINT_PX * density,
      speck: SPECK_PX * density,
    };
    const ticket = `${++this.asked}`;
    this.waiting.set(ticket, key);
    // Addresses in a worker are read from where the worker lies.
    const absolute = new URL(url, location.href).href;
    this.worker.postMessage({
      key: ticket,
      url: absolute,
      kind: this.kind,
      side,
      pens,
    } satisfies TileQuestion);
  }

  private take({ key: ticket, found, failed }: TileAnswer): void {
    const key = this.waiting.get(ticket);
    this.waiting.delete(ticket);
    const sheet = key === undefined ? undefined : this.sheets.get(key);
    if (key === undefined || !sheet) return;
    if (failed) this.failedKeys.add(key);
    else this.failedKeys.delete(key);
    if (found && found.side === sheet.side) this.fill(sheet, found);
    sheet.done?.(undefined, sheet.canvas);
    sheet.done = null;
    this.onChange();
  }

  private fill(sheet: Sheet, found: NonNullable<TileAnswer["found"]>): void {
    const { names, cells, pixels, side } = found;
    const numbers = names.texts.map((text) => this.clock.number(text));
    const hues = names.values.map((value) => this.hueNumber(value) * CODES);
    sheet.names = names;
    sheet.cells = cells;
    sheet.byFeature = pixels;
    sheet.texts = names.textOf.map((text) => numbers[text]);
    sheet.hues = Uint16Array.from(names.hueOf, (value) => hues[value]);
    sheet.codes = new Uint16Array(names.ids.length + 1);
    sheet.canvas.width = side;
    sheet.canvas.height = side;
    sheet.image = new ImageData(side, side);
    sheet.pixels = new Uint32Array(sheet.image.data.buffer);
    sheet.version = -1;
    this.paint(sheet);
  }

  private forget(key: string): void {
    this.sheets.delete(key);
    this.failedKeys.delete(key);
  }

  /** Between whole zooms a tile is stretched: it gets as many pixels as it then covers. */
  private sharpness(z: number): { side: number; density: number } {
    const stretch = this._map ? this._map.getZoomScale(this._map.getZoom(), z) : 1;
    const density = Math.min(MOST_DENSE, window.devicePixelRatio || 1);
    return { side: Math.max(1, Math.round(TILE_PX * stretch * density)), density };
  }

  private resharpen(): void {
    for (const [key, sheet] of this.sheets)
      if (this.sharpness(sheet.coords.z).side !== sheet.side) this.ask(key, sheet);
  }

  // --- painting -------------------------------------------------------------------------------

  private hueNumber(value: string): number {
    const at = [...(this.look?.hueOf.keys() ?? [])].indexOf(value);
    return at + 1;
  }

  /** Mix the colours when something other than the phases has changed. */
  private mix(): void {
    const look = this.look!;
    const { density } = this.sharpness(0);
    const shown = Array.from({ length: CODES }, (_, code) => look.isShown(stateOfCode(code)));
    const hues = [look.hue, ...look.hueOf.values()];
    const key = [hues, look.pale, shown, density].join();
    if (key === this.looked) return;
    this.looked = key;
    this.version += 1;
    this.palette = paletteOf({ ...look, hues, density: Math.max(1, Math.round(density)) });
  }

  private paint(sheet: Sheet): void {
    const { cells, pixels, byFeature, image, texts, hues, codes } = sheet;
    if (!cells || !pixels || !byFeature || !image || !this.look) return;
    const anew = sheet.version !== this.version;
    let changed = anew;
    const { order, first } = byFeature;
    const said = this.clock.codes;
    for (let f = 0; f < texts.length; f++) {
      const code = hues[f] + said[texts[f]];
      if (codes[f + 1] === code) continue;
      codes[f + 1] = code;
      changed = true;
      if (anew) continue;
      const own = order.subarray(first[f + 1], first[f + 2]);
      lookUpSome(pixels, cells, image.width, own, code, this.palette);
    }
    if (!changed) return;
    sheet.version = this.version;
    if (anew) lookUp(pixels, cells, image.width, codes, this.palette);
    sheet.canvas.getContext("2d")?.putImageData(image, 0, 0);
  }

  private found(sheet: Sheet, f: number): Found {
    const { ids, zh, en, stands, precisions, precisionOf } = sheet.names!;
    const state = stateOfCode(this.clock.codes[sheet.texts[f]]);
    const precision = precisions[precisionOf[f]];
    return { id: ids[f], zh: zh[f], en: en[f], precision, stands: stands[f], state };
  }
}

const keyOf = ({ x, y, z }: { x: number; y: number; z: number }): string => `${x}:${y}:${z}`;
