/**
 * Which feature of a tile each pixel belongs to. Made once a tile; a step of the day then only looks up, for
 * every pixel, the colour of its feature, which costs the same for ten features as for ten thousand. Pure.
 */
import { AREA, LINE, type TileShapes } from "./tiled-decode";

/** What a pixel is of its feature: the low two bits of a cell. Above them stands its number, from 1. */
export const FILL = 0;
export const RIM_FAINT = 1;
export const RIM = 2;
/** All of something too small for a rim and a pattern. */
export const SPECK = 3;

/** In pixels of the raster. */
export interface Pens {
  /** Half the width of the rim of an area. */
  rim: number;
  /** Half the width of a line. */
  line: number;
  /** The radius of a point. */
  point: number;
  /** An area smaller than this across is a speck. */
  speck: number;
}

const SOFT_PX = 0.5;
const MOST_CROSSINGS = 256;

class Raster {
  readonly cells: Uint32Array;
  private readonly crossings = new Float64Array(MOST_CROSSINGS);

  constructor(
    private readonly shapes: TileShapes,
    private readonly side: number,
    private readonly pens: Pens,
  ) {
    this.cells = new Uint32Array(side * side);
  }

  private get scale(): number {
    return this.side / this.shapes.extent;
  }

  draw(f: number): void {
    const number = (f + 1) << 2;
    const { type, parts, starts, xy } = this.shapes;
    if (type[f] === AREA) {
      this.area(f, number);
      return;
    }
    const half = type[f] === LINE ? this.pens.line : this.pens.point;
    for (let p = parts[f]; p < parts[f + 1]; p++) {
      const [first, end] = [starts[p], starts[p + 1]];
      for (let i = first; i < end; i++) {
        const from = type[f] === LINE && i > first ? i - 1 : i;
        if (type[f] === LINE && i === first && end - first > 1) continue;
        this.stroke(number, xy[2 * from], xy[2 * from + 1], xy[2 * i], xy[2 * i + 1], half, true);
      }
    }
  }

  private area(f: number, number: number): void {
    const { parts, starts, xy } = this.shapes;
    const [left, top, right, bottom] = this.boxOf(f);
    if (Math.max(right - left, bottom - top) < this.pens.speck) {
      this.speck(number | SPECK, left, top, right, bottom);
      return;
    }
    this.fill(f, number | FILL, top, bottom);
    if (this.shapes.soft[f]) return;
    for (let p = parts[f]; p < parts[f + 1]; p++)
      for (let i = starts[p] + 1; i < starts[p + 1]; i++)
        this.stroke(number, xy[2 * i - 2], xy[2 * i - 1], xy[2 * i], xy[2 * i + 1], this.pens.rim, false);
  }

  /** Left, top, right, bottom in pixels. */
  private boxOf(f: number): [number, number, number, number] {
    const { parts, starts, xy } = this.shapes;
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = starts[parts[f]]; i < starts[parts[f + 1]]; i++) {
      left = Math.min(left, xy[2 * i]);
      right = Math.max(right, xy[2 * i]);
      top = Math.min(top, xy[2 * i + 1]);
      bottom = Math.max(bottom, xy[2 * i + 1]);
    }
    return [left * this.scale, top * this.scale, right * this.scale, bottom * this.scale];
  }

  /** Its box in whole pixels, at least one: however small, it is never lost. */
  private speck(cell: number, left: number, top: number, right: number, bottom: number): void {
    const [x0, y0] = [Math.max(0, Math.round(left)), Math.max(0, Math.round(top))];
    const [x1, y1] = [Math.max(x0 + 1, Math.round(right)), Math.max(y0 + 1, Math.round(bottom))];
    for (let y = y0; y < Math.min(y1, this.side); y++)
      this.cells.fill(cell, y * this.side + x0, y * this.side + Math.max(x0, Math.min(x1, this.side)));
  }

  /** Every pixel whose middle lies inside an odd number of rings. */
  private fill(f: number, cell: number, top: number, bottom: number): void {
    const { side, scale, crossings, cells } = this;
    const last = Math.min(side - 1, Math.floor(bottom));
    for (let y = Math.max(0, Math.floor(top)); y <= last; y++) {
      const count = this.cross(f, (y + 0.5) / scale);
      for (let k = 0; k + 1 < count; k += 2) {
        const from = Math.max(0, Math.ceil(crossings[k] * scale - 0.5));
        const to = Math.min(side - 1, Math.floor(crossings[k + 1] * scale - 0.5));
        if (from <= to) cells.fill(cell, y * side + from, y * side + to + 1);
      }
    }
  }

  /** Where the rings of an area cross a row, from left to right. */
  private cross(f: number, row: number): number {
    const { parts, starts, xy } = this.shapes;
    let count = 0;
    for (let p = parts[f]; p < parts[f + 1]; p++)
      for (let i = starts[p] + 1; i < starts[p + 1]; i++) {
        const [ay, by] = [xy[2 * i - 1], xy[2 * i + 1]];
        if (ay > row === by > row || count === MOST_CROSSINGS) continue;
        const [ax, bx] = [xy[2 * i - 2], xy[2 * i]];
        this.crossings[count++] = ax + ((row - ay) * (bx - ax)) / (by - ay);
      }
    this.crossings.subarray(0, count).sort();
    return count;
  }

  /** Every pixel near a leg; `solid`: what is well inside is fill, else all of it is rim. */
  private stroke(
    number: number,
    ax: number,
    ay: number,
    bx: number,
    by: number,
    half: number,
    solid: boolean,
  ): void {
    const { side, scale, cells } = this;
    const [x0, y0, x1, y1] = [ax * scale, ay * scale, bx * scale, by * scale];
    const reach = half + SOFT_PX;
    const length = (x1 - x0) ** 2 + (y1 - y0) ** 2 || 1;
    const [top, bottom] = [Math.floor(Math.min(y0, y1) - reach), Math.ceil(Math.max(y0, y1) + reach)];
    for (let y = Math.max(0, top); y <= Math.min(side - 1, bottom); y++) {
      const [left, right] = [Math.floor(Math.min(x0, x1) - reach), Math.ceil(Math.max(x0, x1) + reach)];
      for (let x = Math.max(0, left); x <= Math.min(side - 1, right); x++) {
        const [px, py] = [x + 0.5 - x0, y + 0.5 - y0];
        const along = Math.max(0, Math.min(1, (px * (x1 - x0) + py * (y1 - y0)) / length));
        const far = Math.hypot(px - along * (x1 - x0), py - along * (y1 - y0));
        if (far > reach) continue;
        const at = y * side + x;
        if (solid && far < half - 1.2 * this.pens.rim) cells[at] = number | FILL;
        else if (far <= half) cells[at] = number | RIM;
        else if ((cells[at] & 3) !== RIM) cells[at] = number | RIM_FAINT;
      }
    }
  }
}

/** The cells of a tile of so many pixels a side, row by row; 0 where there is nothing. */
export function rasterise(shapes: TileShapes, side: number, pens: Pens): Uint32Array {
  const raster = new Raster(shapes, side, pens);
  for (let f = 0; f < shapes.type.length; f++) raster.draw(f);
  return raster.cells;
}

/** The pixels of each feature: those of the feature numbered n, from 1, are from `first[n]` up to `first[n + 1]`. */
export interface Pixels {
  order: Uint32Array<ArrayBuffer>;
  first: Uint32Array<ArrayBuffer>;
}

/** The pixels of a raster by feature, so that one feature can be painted anew without looking at the others. */
export function pixelsByFeature(cells: Uint32Array, features: number): Pixels {
  const first = new Uint32Array(features + 2);
  for (const cell of cells) first[(cell >>> 2) + 1]++;
  for (let n = 0; n <= features; n++) first[n + 1] += first[n];
  const order = new Uint32Array(cells.length);
  const next = first.slice();
  for (let at = 0; at < cells.length; at++) order[next[cells[at] >>> 2]++] = at;
  return { order, first };
}
