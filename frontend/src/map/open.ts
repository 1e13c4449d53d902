/** The part of the sheet that nothing lies over, and whether a thing is to be seen in it. Pure; in pixels. */
import type { Box, Point } from "./placement";

/** Something that spans more than this share of a side cuts off all beyond it. */
const SPANS = 0.7;

/** What is left of a sheet of that size when bars and cards along its edges are taken away. */
export function openBox(width: number, height: number, covers: Box[]): Box {
  const open: Box = [0, 0, width, height];
  for (const [left, top, right, bottom] of covers) {
    const across = Math.min(right, width) - Math.max(left, 0);
    const down = Math.min(bottom, height) - Math.max(top, 0);
    if (across <= 0 || down <= 0) continue;
    if (across > SPANS * width) {
      if (top > height - bottom) open[3] = Math.min(open[3], top);
      else open[1] = Math.max(open[1], bottom);
    } else if (down > SPANS * height) {
      if (left > width - right) open[2] = Math.min(open[2], left);
      else open[0] = Math.max(open[0], right);
    }
  }
  return open;
}

const STEP_PX = 8;

/** How much of some lines lies in a box, as a share of what lies in another. */
export function shareIn(lines: Point[][], box: Box, of: Box): number {
  const within = ([x, y]: Point, [left, top, right, bottom]: Box): boolean =>
    x >= left && x <= right && y >= top && y <= bottom;
  let [all, seen] = [0, 0];
  for (const line of lines)
    for (let i = 1; i < line.length; i++) {
      const [[ax, ay], [bx, by]] = [line[i - 1], line[i]];
      const steps = Math.max(1, Math.min(500, Math.ceil(Math.hypot(bx - ax, by - ay) / STEP_PX)));
      for (let s = 0; s < steps; s++) {
        const at: Point = [ax + ((bx - ax) * s) / steps, ay + ((by - ay) * s) / steps];
        if (!within(at, of)) continue;
        all++;
        if (within(at, box)) seen++;
      }
    }
  return all ? seen / all : 0;
}
