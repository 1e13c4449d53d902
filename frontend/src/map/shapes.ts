/** Soft forms for places that were drawn from words: an invented corner must not look surveyed. Pure. */
import type { Position } from "../data/geometry";

/** Chaikin's corner cutting: each pass replaces a corner by two points on its legs. */
export function smooth(line: Position[], closed: boolean, passes = 3): Position[] {
  let points = line;
  for (let pass = 0; pass < passes; pass++) {
    const out: Position[] = closed ? [] : [points[0]];
    const legs = closed ? points.length : points.length - 1;
    for (let i = 0; i < legs; i++) {
      const [ax, ay] = points[i];
      const [bx, by] = points[(i + 1) % points.length];
      out.push(
        [ax * 0.75 + bx * 0.25, ay * 0.75 + by * 0.25],
        [ax * 0.25 + bx * 0.75, ay * 0.25 + by * 0.75],
      );
    }
    if (!closed) out.push(points[points.length - 1]);
    points = out;
  }
  return points;
}

/** A ring without the repeated last position. */
export function openRing(ring: Position[]): Position[] {
  const [first] = ring;
  const last = ring[ring.length - 1];
  return ring.length > 1 && first[0] === last[0] && first[1] === last[1] ? ring.slice(0, -1) : ring;
}

/** Repeatable numbers in [0, 1) from a text: the same project always gets the same soft form. */
function numbersFrom(seed: string): () => number {
  let state = 2166136261;
  for (const char of seed) state = Math.imul(state ^ char.charCodeAt(0), 16777619);
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
}

const signedArea = (ring: Position[]): number =>
  ring.reduce((sum, [x, y], i) => {
    const [nx, ny] = ring[(i + 1) % ring.length];
    return sum + (x * ny - nx * y) / 2;
  }, 0);

const CORNERS = 72;
const ROUNDNESS = 3.2;

/** A superellipse with a slight wobble over the ring's box, of the same area as the ring. */
export function softForm(ring: Position[], seed: string, wobble = 0.045): Position[] {
  const xs = ring.map(([x]) => x);
  const ys = ring.map(([, y]) => y);
  const half = (values: number[]): [number, number] => {
    const low = Math.min(...values);
    const high = Math.max(...values);
    return [(low + high) / 2, (high - low) / 2];
  };
  const [cx, a] = half(xs);
  const [cy, b] = half(ys);
  const next = numbersFrom(seed);
  const turns = [next(), next(), next()].map((value) => value * 2 * Math.PI);
  const heights = [wobble * (0.6 + next()), wobble * 0.7 * next(), wobble * 0.5 * next()];
  const unit: Position[] = [];
  for (let i = 0; i < CORNERS; i++) {
    const angle = (i / CORNERS) * 2 * Math.PI;
    const wave = [2, 3, 5].reduce((sum, n, k) => sum + heights[k] * Math.sin(n * angle + turns[k]), 1);
    const axis = (value: number): number => Math.sign(value) * Math.abs(value) ** (2 / ROUNDNESS) * wave;
    unit.push([axis(Math.cos(angle)), axis(Math.sin(angle))]);
  }
  const scale = Math.sqrt(Math.abs(signedArea(ring)) / (signedArea(unit) * a * b || 1));
  return unit.map(([x, y]) => [cx + x * a * scale, cy + y * b * scale]);
}

/** The outline of a soft form round the origin that reaches about so far, as the data of an SVG path. */
export function softOutline(seed: string, reach: number): string {
  const box: Position[] = [
    [-reach, -reach],
    [reach, -reach],
    [reach, reach],
    [-reach, reach],
  ];
  const points = softForm(box, seed, 0.06).map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`);
  return `M${points.join("L")}Z`;
}

/** A rectangle (four corners) is a box that somebody invented; more corners were drawn on purpose. */
export const isBox = (ring: Position[]): boolean => openRing(ring).length <= 4;
