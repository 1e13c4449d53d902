/** GeoJSON geometries as read from the service, and the few measures the page needs of them.
 *  Positions are longitude, latitude in degrees (WGS84). */
export type Position = [number, number];
export type Geometry =
  | { type: "Point"; coordinates: Position }
  | { type: "MultiPoint"; coordinates: Position[] }
  | { type: "LineString"; coordinates: Position[] }
  | { type: "MultiLineString"; coordinates: Position[][] }
  | { type: "Polygon"; coordinates: Position[][] }
  | { type: "MultiPolygon"; coordinates: Position[][][] };

export type Shape = "point" | "line" | "area";
/** West, south, east, north in degrees. */
export type Bounds = [number, number, number, number];

const METRES_PER_DEGREE = 111_195;

/** Which of the three ways of drawing a geometry asks for. */
export function shapeOf(geometry: Geometry): Shape {
  if (geometry.type.endsWith("Point")) return "point";
  return geometry.type.endsWith("LineString") ? "line" : "area";
}

/** Every point of a point geometry; empty for others. */
export function pointsOf(geometry: Geometry): Position[] {
  if (geometry.type === "Point") return [geometry.coordinates];
  return geometry.type === "MultiPoint" ? geometry.coordinates : [];
}

/** Every line of a line geometry; empty for others. */
export function linesOf(geometry: Geometry): Position[][] {
  if (geometry.type === "LineString") return [geometry.coordinates];
  return geometry.type === "MultiLineString" ? geometry.coordinates : [];
}

/** Every polygon (outer ring first) of an area; empty for others. */
export function polygonsOf(geometry: Geometry): Position[][][] {
  if (geometry.type === "Polygon") return [geometry.coordinates];
  return geometry.type === "MultiPolygon" ? geometry.coordinates : [];
}

function allPositions(geometry: Geometry): Position[] {
  const points = pointsOf(geometry);
  if (points.length) return points;
  const lines = linesOf(geometry);
  return lines.length ? lines.flat() : polygonsOf(geometry).flat(2);
}

export function boundsOf(geometry: Geometry): Bounds {
  const box: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon, lat] of allPositions(geometry)) {
    box[0] = Math.min(box[0], lon);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lon);
    box[3] = Math.max(box[3], lat);
  }
  return box;
}

/** The middle of the bounding box: where a symbol stands. */
export function middleOf(geometry: Geometry): Position {
  const [west, south, east, north] = boundsOf(geometry);
  return [(west + east) / 2, (south + north) / 2];
}

export function boundsMeet(a: Bounds, b: Bounds): boolean {
  return a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];
}

/** Metres between two positions on a local plane: good to a percent inside one district. */
export function roughMetres(a: Position, b: Position): number {
  const x = (b[0] - a[0]) * Math.cos((((a[1] + b[1]) / 2) * Math.PI) / 180);
  return Math.hypot(x, b[1] - a[1]) * METRES_PER_DEGREE;
}

/** Two projects drawn on one and the same place give equal keys. */
export function geometryKey(geometry: Geometry): string {
  return JSON.stringify([geometry.type, geometry.coordinates]);
}
