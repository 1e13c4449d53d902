/** The survey sheet under the projects: district, neighbours, water, green, roads, railways, graticule. */
import { LayerGroup } from "leaflet";
import { linesOf, type Position, pointsOf, polygonsOf } from "../data/geometry";
import type { Feature, Ground, GroundProperties, GroundRole } from "../data/types";
import type { Frame } from "./frame";
import { openRing, smooth } from "./shapes";

type Ground1 = Feature<GroundProperties>;

const GRATICULE_DEGREES = 0.01;
const CROSS_DEGREES = 0.00028;
const ROAD_WIDTH: Record<string, number> = { avenue: 4.2, highway: 4.2, road: 3, street: 2.2 };
/** The outline is OpenStreetMap's, not a survey: it fades outwards instead of ending. */
const FEATHER: readonly (readonly [width: number, opacity: number])[] = [
  [44, 0.16],
  [30, 0.22],
  [17, 0.34],
  [7, 0.6],
];

const rings = (features: Ground1[]): Position[][][] =>
  features.flatMap((feature) => (feature.geometry ? polygonsOf(feature.geometry) : []));
const lines = (features: Ground1[]): Position[][] =>
  features.flatMap((feature) => (feature.geometry ? linesOf(feature.geometry) : []));
const softened = (polygons: Position[][][]): Position[][][] =>
  polygons.map((polygon) => polygon.map((ring) => smooth(openRing(ring), true, 2)));

function crosses([west, south, east, north]: [number, number, number, number]): Position[][] {
  const out: Position[][] = [];
  const first = (value: number): number => Math.floor(value / GRATICULE_DEGREES);
  for (let i = first(west); i <= first(east); i++)
    for (let j = first(south); j <= first(north); j++) {
      const [lon, lat] = [i * GRATICULE_DEGREES, j * GRATICULE_DEGREES];
      out.push([
        [lon - CROSS_DEGREES, lat],
        [lon + CROSS_DEGREES, lat],
      ]);
      out.push([
        [lon, lat - CROSS_DEGREES],
        [lon, lat + CROSS_DEGREES],
      ]);
    }
  return out;
}

/** Draw the ground once. `bbox` is that of the area; the graticule reaches well beyond it. */
export function drawGround(frame: Frame, ground: Ground, bbox: [number, number, number, number]): LayerGroup {
  const group = new LayerGroup();
  const of = (...roles: GroundRole[]): Ground1[] =>
    ground.features.filter((feature) => roles.includes(feature.properties.role));
  const fill = (polygons: Position[][][], color: string, extra: object = {}): void => {
    frame
      .area("ground", polygons, {
        stroke: false,
        fillColor: color,
        fillOpacity: 1,
        // Over a background the style sheet lets it through.
        className: "ground-fill",
        ...extra,
      })
      .addTo(group);
  };
  const stroke = (target: Position[][], options: object): void => {
    frame.line("ground", target, options).addTo(group);
  };

  fill(rings(of("district")), "var(--district)");
  const edge = { color: "var(--rule-2)", weight: 0.7, opacity: 0.45, dashArray: "6 3 1.5 3" };
  stroke([...rings(of("district")).flat(), ...rings(of("neighbour")).flat()], edge);
  const outline = rings(of("outline"));
  for (const [weight, opacity] of FEATHER) {
    stroke(outline.flat(), { color: "var(--land)", weight, opacity, className: "ground-feather" });
  }
  fill(outline, "var(--land)");
  fill(rings(of("green")), "var(--green)");
  // Water is coarse by 50 to 110 m: soft, and never with a shoreline.
  const shore = { stroke: true, color: "var(--water)", weight: 3, opacity: 0.45, fillOpacity: 0.9 };
  fill(softened(rings(of("water", "river"))), "var(--water)", shore);
  stroke(lines(of("river")), { color: "var(--water)", weight: 2.2, lineCap: "round" });
  drawRoads(frame, of("road"), group);
  stroke(outline.flat(), { color: "var(--map-ink-2)", weight: 1.1, opacity: 0.8, dashArray: "8 3 1.5 3" });
  drawRailways(frame, of("railway"), group);
  drawPeaks(frame, of("peak"), group);
  const [west, south, east, north] = bbox;
  stroke(crosses([west - 0.12, south - 0.12, east + 0.12, north + 0.12]), {
    color: "var(--grat)",
    weight: 0.8,
  });
  return group;
}

function drawRoads(frame: Frame, roads: Ground1[], group: LayerGroup): void {
  const widths = [...new Set(roads.map((road) => ROAD_WIDTH[road.properties.class ?? ""] ?? 2.6))].sort();
  for (const casing of [true, false])
    for (const width of widths) {
      const same = roads.filter((road) => (ROAD_WIDTH[road.properties.class ?? ""] ?? 2.6) === width);
      frame
        .line("ground", lines(same), {
          color: casing ? "var(--baseroad-2)" : "var(--baseroad)",
          weight: casing ? width + 1.4 : width,
          lineCap: "round",
          className: "ground-road",
        })
        .addTo(group);
    }
}

function drawRailways(frame: Frame, railways: Ground1[], group: LayerGroup): void {
  const color = "var(--map-ink)";
  frame.line("context", lines(railways), { color, weight: 1.3, opacity: 0.7 }).addTo(group);
  frame
    .line("context", lines(railways), { color, weight: 5, opacity: 0.7, dashArray: "1.2 11" })
    .addTo(group);
}

function drawPeaks(frame: Frame, peaks: Ground1[], group: LayerGroup): void {
  const size = 0.00042;
  const triangles = peaks
    .flatMap((peak) => (peak.geometry ? pointsOf(peak.geometry) : []))
    .map(([lon, lat]): Position[][] => [
      [
        [lon, lat + size * 0.8],
        [lon - size, lat - size * 0.5],
        [lon + size, lat - size * 0.5],
      ],
    ]);
  frame
    .area("ground", triangles, { stroke: false, fillColor: "var(--map-ink-2)", fillOpacity: 0.8 })
    .addTo(group);
}
