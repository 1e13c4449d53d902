/** How large what is being drawn is, at once; once it is drawn the service measures it on the ellipsoid. */
import type { Position } from "../data/geometry";

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
