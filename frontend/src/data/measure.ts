/** How large shapes are, at once: what is drawn is then measured by the service, on the ellipsoid. */
import type { Position } from "./geometry";

const A = 6_378_137;
const E2 = 0.006_694_379_990_14;
const RADIANS = Math.PI / 180;

/** Metres per degree of longitude and latitude on the WGS84 ellipsoid, at a latitude. */
function scale(lat: number): [number, number] {
  const phi = lat * RADIANS;
  const w = 1 - E2 * Math.sin(phi) ** 2;
  return [(A * Math.cos(phi) * RADIANS) / Math.sqrt(w), (A * (1 - E2) * RADIANS) / w ** 1.5];
}

/** Positions as metres on a plane that touches in their middle: good to 0.01 % across ten kilometres. */
function flat(positions: readonly Position[]): [number, number][] {
  const lat = positions.reduce((sum, position) => sum + position[1], 0) / positions.length;
  const [x, y] = scale(lat);
  const [west, south] = positions[0];
  return positions.map((position) => [(position[0] - west) * x, (position[1] - south) * y]);
}

export function lengthKm(positions: readonly Position[]): number {
  if (positions.length < 2) return 0;
  const points = flat(positions);
  const steps = points.slice(1).map((b, i) => Math.hypot(b[0] - points[i][0], b[1] - points[i][1]));
  return steps.reduce((sum, step) => sum + step, 0) / 1000;
}

/** Of the outline through positions, closed. */
export function areaHa(positions: readonly Position[]): number {
  if (positions.length < 3) return 0;
  const points = flat(positions);
  const twice = points.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = points[(i + 1) % points.length];
    return sum + x * nextY - nextX * y;
  }, 0);
  return Math.abs(twice) / 20_000;
}

/** Of areas, each as its outline and its holes. */
export const hectaresOf = (areas: readonly Position[][][]): number =>
  areas.reduce(
    (sum, [outline, ...holes]) => sum + areaHa(outline) - holes.reduce((all, hole) => all + areaHa(hole), 0),
    0,
  );

/** Metres by which a corner may lie outside: a cut is stored rounded. */
const ON_EDGE_M = 0.05;

/** Whether areas lie in others, as far as their corners tell. */
export const isWithin = (areas: readonly Position[][][], others: readonly Position[][][]): boolean =>
  areas.flat(2).every((at) => others.some((area) => isIn(at, area)));

function isIn([lon, lat]: Position, rings: readonly Position[][]): boolean {
  const [x, y] = scale(lat);
  let inside = false;
  for (const ring of rings) {
    const points = ring.map((at) => [(at[0] - lon) * x, (at[1] - lat) * y]);
    for (let i = 1; i < points.length; i++) {
      const [[ax, ay], [bx, by]] = [points[i - 1], points[i]];
      const [dx, dy] = [bx - ax, by - ay];
      const along = Math.min(1, Math.max(0, -(ax * dx + ay * dy) / (dx * dx + dy * dy || 1)));
      if (Math.hypot(ax + along * dx, ay + along * dy) < ON_EDGE_M) return true;
      if (ay > 0 !== by > 0 && ax - (ay * dx) / dy > 0) inside = !inside;
    }
  }
  return inside;
}
