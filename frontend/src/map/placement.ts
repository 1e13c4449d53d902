/**
 * Placing labels: greedy by rank, many candidates each, never an overlap, never clipped. Pure.
 *
 * All positions are pixels of the sheet. A label that finds no free place is not shown; one that would
 * lie across several strong lines is worse than none, unless its rank says otherwise.
 */

import { type Box, Occupied } from "./occupied";
import { measure, type Point, type Walk } from "./paths";

export type { Box, Point };

interface LabelBase {
  key: string;
  rank: number;
  width: number;
  height: number;
  /** Where it stood last time: it stays there while the place is free, so that words do not jump about. */
  before?: Placed;
  /** What is said instead when there is no room for all of it. */
  shorter?: Label;
  /** Several that say the same keep this many pixels from one another. */
  apart?: { group: string; px: number };
}
/** Stands beside a point, clear of a symbol of that radius. */
export interface PointLabel extends LabelBase {
  mode: "beside";
  at: Point;
  radius: number;
}
/** Lies over a point, or a little above or below it. */
export interface CentreLabel extends LabelBase {
  mode: "over";
  at: Point;
}
/** An upright plate somewhere on a line. */
export interface PlateLabel extends LabelBase {
  mode: "plate";
  path: Point[];
  /** Rather than not at all it may stand close by the line instead of on it. */
  near?: boolean;
}
/** Runs along a line, `offset` pixels beside it. */
export interface PathLabel extends LabelBase {
  mode: "along";
  path: Point[];
  offset: number;
  /** Its length when it stands character under character, as Chinese does on a steep line; null: never. */
  uprightLength: number | null;
}
export type Label = PointLabel | CentreLabel | PlateLabel | PathLabel;

export interface Placed {
  key: string;
  x: number;
  y: number;
  width: number;
  height: number;
  /** Degrees, clockwise. */
  angle: number;
  vertical: boolean;
  /** What it covers; a slanted label covers a chain of boxes. */
  boxes: Box[];
}

const CELL = 5;
const STRONG_RANK = 62;
const MAX_COST = 11;
const QUIET_RANK = 15;
/** From here on a label that does not fit along its line is worth another try. */
const NAMED_RANK = 39;
const MARGIN = 4;

export class Sheet {
  private readonly taken: Occupied;
  private readonly columns: number;
  /** One number per cell of the sheet: whether a strong line runs through it. */
  private readonly ink: Uint8Array;
  private readonly view: Box;
  private readonly groups = new Map<string, Box[]>();

  /** `obstacles` are symbols and controls; `lines` are strong lines that labels would rather not cross. */
  constructor(width: number, height: number, obstacles: Box[], lines: Point[][]) {
    this.view = [MARGIN, MARGIN, width - MARGIN, height - MARGIN];
    this.taken = new Occupied(width, height);
    for (const box of obstacles) this.taken.add(box);
    this.columns = Math.ceil(width / CELL) + 1;
    this.ink = new Uint8Array(this.columns * (Math.ceil(height / CELL) + 1));
    for (const line of lines) this.drawInk(line);
  }

  private drawInk(line: Point[]): void {
    const [left, top, right, bottom] = this.view;
    for (let i = 1; i < line.length; i++) {
      const [ax, ay] = line[i - 1];
      const [bx, by] = line[i];
      if (Math.max(ax, bx) < left || Math.min(ax, bx) > right) continue;
      if (Math.max(ay, by) < top || Math.min(ay, by) > bottom) continue;
      const steps = Math.min(2000, Math.ceil(Math.hypot(bx - ax, by - ay) / 4));
      for (let s = 0; s <= steps; s++) {
        const t = steps ? s / steps : 0;
        const [x, y] = [ax + (bx - ax) * t, ay + (by - ay) * t];
        if (x < left || x > right || y < top || y > bottom) continue;
        this.ink[Math.floor(y / CELL) * this.columns + Math.floor(x / CELL)] = 1;
      }
    }
  }

  private crossings(box: Box): number {
    let count = 0;
    for (let y = Math.floor((box[1] + 3) / CELL); y <= (box[3] - 3) / CELL; y++)
      for (let x = Math.floor(box[0] / CELL); x <= box[2] / CELL; x++)
        count += this.ink[y * this.columns + x];
    return count;
  }

  private free(box: Box): boolean {
    const [left, top, right, bottom] = this.view;
    if (box[0] < left || box[1] < top || box[2] > right || box[3] > bottom) return false;
    return !this.taken.meets(box);
  }

  /** Find a place and take it; what has none says less, if it can; null when there is none for that either. */
  place(label: Label): Placed | null {
    const placed = this.again(label) ?? this.find(label);
    if (!placed) return label.shorter ? this.place(label.shorter) : null;
    for (const box of placed.boxes) this.taken.add(box);
    if (label.apart) {
      const { group } = label.apart;
      this.groups.set(group, [...(this.groups.get(group) ?? []), ...placed.boxes]);
    }
    return placed;
  }

  private again({ before, apart }: Label): Placed | null {
    return before?.boxes.every((box) => this.free(box) && this.clear(box, apart)) ? before : null;
  }

  private find(label: Label): Placed | null {
    if (label.mode === "along") return this.along(label) ?? this.besideMiddle(label);
    return label.mode === "plate" ? this.plate(label) : this.beside(label);
  }

  /** Whether a box is far enough from all others of its group. */
  private clear(box: Box, apart: Label["apart"]): boolean {
    if (!apart) return true;
    const near = (other: Box): boolean => {
      const dx = Math.max(0, other[0] - box[2], box[0] - other[2]);
      const dy = Math.max(0, other[1] - box[3], box[1] - other[3]);
      return Math.hypot(dx, dy) < apart.px;
    };
    return !this.groups.get(apart.group)?.some(near);
  }

  private beside(label: PointLabel | CentreLabel): Placed | null {
    const { width: w, height: h } = label;
    const [x, y] = label.at;
    let best: { cost: number; placed: Placed } | null = null;
    let tried = 0;
    for (const [dx, dy] of label.mode === "over" ? over(w, h) : around(w, h, label.radius, label.rank)) {
      tried++;
      const [left, top] = [x + dx, y + dy];
      const box: Box = [left - 2, top - 1, left + w + 2, top + h + 1];
      if (!this.free(box)) continue;
      const cost = this.crossings([left, top, left + w, top + h]) + tried * 0.35;
      if (!best || cost < best.cost) best = { cost, placed: flat(label, left, top, [box]) };
      if (best.cost < 1) break;
    }
    return best && (best.cost < MAX_COST || label.rank >= STRONG_RANK) ? best.placed : null;
  }

  /** A road too short or too bent for its name has it beside its middle, if the name matters. */
  private besideMiddle(label: PathLabel): Placed | null {
    const walk = label.rank >= NAMED_RANK ? measure(label.path) : null;
    if (!walk) return null;
    const { key, rank, width, height } = label;
    return this.beside({ key, rank, width, height, mode: "beside", at: walk.at(walk.length / 2), radius: 5 });
  }

  private plate(label: PlateLabel): Placed | null {
    const walk = measure(label.path);
    if (!walk) return null;
    const { width: w, height: h } = label;
    for (const [dx, dy] of label.near ? aside(w, h) : [[0, 0]])
      for (const share of shares()) {
        const [x, y] = walk.at(share * walk.length);
        const [left, top] = [x + dx - w / 2, y + dy - h / 2];
        const box: Box = [left - 2, top - 2, left + w + 2, top + h + 2];
        if (this.free(box) && this.clear(box, label.apart)) return flat(label, left, top, [box]);
      }
    return null;
  }

  private along(label: PathLabel): Placed | null {
    const walk = measure(label.path);
    if (!walk || walk.length < label.width * 0.95) return null;
    const sides = label.offset ? [label.offset, -label.offset] : [0];
    let best: { cost: number; placed: Placed } | null = null;
    let tried = 0;
    for (const share of shares())
      for (const offset of sides) {
        const found = this.alongAt({ ...label, offset }, walk, share * walk.length);
        const cost = found ? found.cost + tried++ * 0.1 : Infinity;
        if (found && cost < (best?.cost ?? MAX_COST)) best = { cost, placed: found.placed };
        if (best && best.cost < 1) return best.placed;
      }
    return best?.placed ?? null;
  }

  private alongAt(label: PathLabel, walk: Walk, s: number): { cost: number; placed: Placed } | null {
    let length = label.width;
    let run = walk.straight(s, length);
    if (!run) return null;
    const vertical = label.uprightLength !== null && Math.abs(run.turn) > STEEP;
    if (vertical) {
      length = label.uprightLength!;
      run = walk.straight(s, length);
      if (!run) return null;
    }
    const { turn, middle } = run;
    const cx = middle[0] - Math.sin(turn) * label.offset;
    const cy = middle[1] + Math.cos(turn) * label.offset;
    const boxes = chain(cx, cy, turn, length, label.height);
    if (!boxes.every((box) => this.free(box))) return null;
    // The letters themselves, without the air round them: a line beside its own name does not count.
    const letters = label.offset ? chain(cx, cy, turn, length, label.height * 0.55) : boxes;
    const cost = letters.reduce((sum, box) => sum + this.crossings(box), 0);
    if (label.rank < QUIET_RANK && cost > 3) return null;
    const [width, height] = vertical ? [label.height, length] : [length, label.height];
    const degrees = (turn * 180) / Math.PI;
    const angle = vertical ? degrees + (degrees > 0 ? -90 : 90) : degrees;
    const place = { x: cx - width / 2, y: cy - height / 2, width, height, angle, vertical };
    return { cost, placed: { key: label.key, ...place, boxes } };
  }
}

function flat(label: LabelBase, x: number, y: number, boxes: Box[]): Placed {
  const { key, width, height } = label;
  return { key, x, y, width, height, angle: 0, vertical: false, boxes };
}

function over(w: number, h: number): Point[] {
  return [0, -12, 12, -24, 24].map((dy): Point => [-w / 2, -h / 2 + dy]);
}

/** On the line, then beside it, ever further off. */
function aside(w: number, h: number): Point[] {
  const beside = [4, 14, 24].flatMap((gap): Point[] => {
    const [x, y] = [w / 2 + gap, h / 2 + gap];
    return [
      [x, 0],
      [-x, 0],
      [0, y],
      [0, -y],
    ];
  });
  return [[0, 0], ...beside];
}

/** Right and left first, then below and above, then the corners; the first rank may stand further off. */
function around(w: number, h: number, r: number, rank: number): Point[] {
  const gap = 3;
  const near: Point[] = [
    [r + gap, -h / 2],
    [-r - gap - w, -h / 2],
    [-w / 2, r + 1],
    [-w / 2, -r - h - 1],
    [r - 2, r - 4],
    [r - 2, -r - h + 5],
    [-r - w + 2, r - 4],
    [-r - w + 2, -r - h + 5],
    [r + gap, -h / 2 + 9],
    [r + gap, -h / 2 - 9],
    [-r - gap - w, -h / 2 + 9],
    [-r - gap - w, -h / 2 - 9],
    [-w * 0.25, r + 1],
    [-w * 0.75, r + 1],
    [-w * 0.25, -r - h - 1],
    [-w * 0.75, -r - h - 1],
  ];
  if (rank < 90) return near;
  const far: Point[] = [
    [r + 6, -r - h - 4],
    [-r - w - 6, -r - h - 4],
    [-r - w - 6, r + 2],
    [r + 6, r + 2],
    [r + 14, -h / 2],
    [-r - w - 14, -h / 2],
    [-w / 2, r + 14],
    [-w / 2, -r - h - 14],
    [-r - w - 20, -r - h + 2],
    [-r - w - 20, r - 4],
    // On a phone a hub stands among so many symbols that only a place further below or above is free.
    ...[10, 16].flatMap((down): Point[] => [
      [r + 4, r + down],
      [-r - w - 4, r + down],
      [r + 4, -r - h - down],
      [-r - w - 4, -r - h - down],
    ]),
  ];
  return [...near, ...far];
}

const STEPS = 41;
const STEEP = (50 * Math.PI) / 180;

/** Shares of a line's length, from its middle outwards. */
function* shares(): Generator<number> {
  for (let i = 0; i < STEPS; i++) yield 0.5 + ((i % 2 ? 1 : -1) * Math.ceil(i / 2) * 0.98) / STEPS;
}

/** A slanted label as a chain of squares along its middle line; together they cover it whole. */
function chain(cx: number, cy: number, turn: number, w: number, h: number): Box[] {
  const n = Math.max(2, Math.ceil(w / h));
  const half = (Math.max(h, w / n) / 2) * (Math.abs(Math.cos(turn)) + Math.abs(Math.sin(turn))) + 1;
  return Array.from({ length: n }, (_, i): Box => {
    const t = ((i + 0.5) / n - 0.5) * w;
    const x = cx + Math.cos(turn) * t;
    const y = cy + Math.sin(turn) * t;
    return [x - half, y - half, x + half, y + half];
  });
}

/** More names than this nobody reads on one sheet: of very many only the first by rank are tried. */
const MOST = 600;

/** Place labels by rank; at equal rank the order given. Those without a place are left out. */
export function placeLabels(sheet: Sheet, labels: Label[]): Placed[] {
  return [...labels]
    .sort((a, b) => b.rank - a.rank)
    .slice(0, MOST)
    .map((label) => sheet.place(label))
    .filter((placed): placed is Placed => placed !== null);
}
