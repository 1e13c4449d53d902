/**
 * Placing labels: greedy by rank, many candidates each, never an overlap, never clipped. Pure.
 *
 * All positions are pixels of the sheet. A label that finds no free place is not shown; one that would
 * lie across several strong lines is worse than none, unless its rank says otherwise.
 */

export type Point = [x: number, y: number];
/** Left, top, right, bottom. */
export type Box = [number, number, number, number];

interface LabelBase {
  key: string;
  rank: number;
  width: number;
  height: number;
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
const ROW = 1 << 14;
const STRONG_RANK = 62;
const MAX_COST = 11;
const QUIET_RANK = 15;
/** From here on a label that does not fit along its line is worth another try. */
const NAMED_RANK = 39;
const MARGIN = 4;

export class Sheet {
  private readonly taken: Box[] = [];
  private readonly ink = new Set<number>();
  private readonly view: Box;

  /** `obstacles` are symbols and controls; `lines` are strong lines that labels would rather not cross. */
  constructor(width: number, height: number, obstacles: Box[], lines: Point[][]) {
    this.view = [MARGIN, MARGIN, width - MARGIN, height - MARGIN];
    this.taken.push(...obstacles);
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
        const column = Math.floor((ax + (bx - ax) * t) / CELL);
        this.ink.add(column * ROW + Math.floor((ay + (by - ay) * t) / CELL));
      }
    }
  }

  private crossings(box: Box): number {
    let count = 0;
    for (let x = Math.floor(box[0] / CELL); x <= box[2] / CELL; x++)
      for (let y = Math.floor((box[1] + 3) / CELL); y <= (box[3] - 3) / CELL; y++)
        if (this.ink.has(x * ROW + y)) count++;
    return count;
  }

  private free(box: Box): boolean {
    const [left, top, right, bottom] = this.view;
    if (box[0] < left || box[1] < top || box[2] > right || box[3] > bottom) return false;
    return !this.taken.some((t) => box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1]);
  }

  /** Find a place and take it; null when there is none. */
  place(label: Label): Placed | null {
    const placed =
      label.mode === "along"
        ? (this.along(label) ?? this.besideMiddle(label))
        : label.mode === "plate"
          ? this.plate(label)
          : this.beside(label);
    if (placed) this.taken.push(...placed.boxes);
    return placed;
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
    for (const share of shares()) {
      const [x, y] = walk.at(share * walk.length);
      const [left, top] = [x - label.width / 2, y - label.height / 2];
      const box: Box = [left - 2, top - 2, left + label.width + 2, top + label.height + 2];
      if (this.free(box)) return flat(label, left, top, [box]);
    }
    return null;
  }

  private along(label: PathLabel): Placed | null {
    const walk = measure(label.path);
    if (!walk || walk.length < label.width * 0.95) return null;
    for (const share of shares()) {
      const found = this.alongAt(label, walk, share * walk.length);
      if (found) return found;
    }
    return null;
  }

  private alongAt(label: PathLabel, walk: Walk, s: number): Placed | null {
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
    if (label.rank < QUIET_RANK && boxes.reduce((sum, box) => sum + this.crossings(box), 0) > 3) return null;
    const [width, height] = vertical ? [label.height, length] : [length, label.height];
    const degrees = (turn * 180) / Math.PI;
    const angle = vertical ? degrees + (degrees > 0 ? -90 : 90) : degrees;
    return { key: label.key, width, height, vertical, boxes, x: cx - width / 2, y: cy - height / 2, angle };
  }
}

function flat(label: LabelBase, x: number, y: number, boxes: Box[]): Placed {
  const { key, width, height } = label;
  return { key, x, y, width, height, angle: 0, vertical: false, boxes };
}

function over(w: number, h: number): Point[] {
  return [0, -12, 12, -24, 24].map((dy): Point => [-w / 2, -h / 2 + dy]);
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
  ];
  return [...near, ...far];
}

const STEPS = 41;
const STEEP = (50 * Math.PI) / 180;

/** Shares of a line's length, from its middle outwards. */
function* shares(): Generator<number> {
  for (let i = 0; i < STEPS; i++) yield 0.5 + ((i % 2 ? 1 : -1) * Math.ceil(i / 2) * 0.98) / STEPS;
}

interface Walk {
  length: number;
  /** The point after so many pixels along the line. */
  at(distance: number): Point;
  /** A stretch round that point, if the line has one that is near enough to straight. */
  straight(distance: number, length: number): { turn: number; middle: Point } | null;
}

function measure(path: Point[]): Walk | null {
  const reach = [0];
  for (let i = 1; i < path.length; i++) {
    reach.push(reach[i - 1] + Math.hypot(path[i][0] - path[i - 1][0], path[i][1] - path[i - 1][1]));
  }
  const length = reach[reach.length - 1];
  if (!(length > 0)) return null;
  const at = (distance: number): Point => {
    let i = 1;
    while (i < reach.length - 1 && reach[i] < distance) i++;
    const t = (distance - reach[i - 1]) / (reach[i] - reach[i - 1] || 1);
    const [ax, ay] = path[i - 1];
    const [bx, by] = path[i];
    return [ax + (bx - ax) * t, ay + (by - ay) * t];
  };
  const straight = (distance: number, wanted: number): { turn: number; middle: Point } | null => {
    if (distance < wanted / 2 || distance > length - wanted / 2) return null;
    const [ax, ay] = at(distance - wanted / 2);
    const [bx, by] = at(distance + wanted / 2);
    if (Math.abs(Math.hypot(bx - ax, by - ay) - wanted) > wanted * 0.12) return null;
    return { turn: readable(Math.atan2(by - ay, bx - ax)), middle: at(distance) };
  };
  return { length, at, straight };
}

/** Text never stands on its head. */
function readable(turn: number): number {
  if (turn > Math.PI / 2) return turn - Math.PI;
  return turn < -Math.PI / 2 ? turn + Math.PI : turn;
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

/** Place labels by rank; at equal rank the order given. Those without a place are left out. */
export function placeLabels(sheet: Sheet, labels: Label[]): Placed[] {
  return [...labels]
    .sort((a, b) => b.rank - a.rank)
    .map((label) => sheet.place(label))
    .filter((placed): placed is Placed => placed !== null);
}

/** The part of a line that lies in or near the sheet: labels belong on what is seen. */
export function visiblePart(path: Point[], width: number, height: number): Point[] {
  let best: Point[] = [];
  let run: Point[] = [];
  const close = (): void => {
    if (run.length > best.length || (run.length === best.length && span(run) > span(best))) best = run;
    run = [];
  };
  for (let i = 1; i < path.length; i++) {
    const clipped = clip(path[i - 1], path[i], width, height);
    if (!clipped) {
      close();
      continue;
    }
    const last = run[run.length - 1];
    if (!last) run.push(clipped[0]);
    else if (last[0] !== clipped[0][0] || last[1] !== clipped[0][1]) {
      close();
      run.push(clipped[0]);
    }
    run.push(clipped[1]);
  }
  close();
  return best;
}

const span = (run: Point[]): number =>
  run.length ? Math.hypot(run[run.length - 1][0] - run[0][0], run[run.length - 1][1] - run[0][1]) : 0;

/** Liang–Barsky: the piece of a segment inside the sheet. */
function clip(a: Point, b: Point, width: number, height: number): [Point, Point] | null {
  const d: Point = [b[0] - a[0], b[1] - a[1]];
  let [enter, leave] = [0, 1];
  const edges: [number, number][] = [
    [-d[0], a[0]],
    [d[0], width - a[0]],
    [-d[1], a[1]],
    [d[1], height - a[1]],
  ];
  for (const [step, room] of edges) {
    if (step === 0 && room < 0) return null;
    if (step < 0) enter = Math.max(enter, room / step);
    if (step > 0) leave = Math.min(leave, room / step);
  }
  if (enter > leave) return null;
  const at = (t: number): Point => [a[0] + d[0] * t, a[1] + d[1] * t];
  return [enter === 0 ? a : at(enter), leave === 1 ? b : at(leave)];
}
