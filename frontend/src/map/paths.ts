/** Lines on the sheet, in pixels: how long, where straight, and what of them is seen. Pure. */

export type Point = [x: number, y: number];

/** A line measured in pixels. */
export interface Walk {
  length: number;
  /** The point after so many pixels along the line. */
  at(distance: number): Point;
  /** A stretch round that point, if the line has one that is near enough to straight. */
  straight(distance: number, length: number): { turn: number; middle: Point } | null;
}

/** Measure a line; null when it has no length. */
export function measure(path: Point[]): Walk | null {
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

/** The part of a line that lies in or near the sheet: labels belong on what is seen. */
export function visiblePart(path: Point[], width: number, height: number): Point[] {
  let best: Point[] = [];
  let run: Point[] = [];
  const close = (): void => {
    if (lengthOf(run) > lengthOf(best)) best = run;
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

/** Pixels from one end to the other along a line. */
export const lengthOf = (path: Point[]): number =>
  path.reduce((sum, [x, y], i) => (i ? sum + Math.hypot(x - path[i - 1][0], y - path[i - 1][1]) : 0), 0);

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
