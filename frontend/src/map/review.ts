/** The map of a review: the public map, quiet, under what a changeset does and under the change that is looked at. */
import { DivIcon, LatLngBounds, LayerGroup, type LeafletMouseEvent, Marker } from "leaflet";
import type { Look } from "../data/changesets";
import {
  type Bounds,
  boundsOf,
  type Geometry,
  linesOf,
  middleOf,
  pointsOf,
  polygonsOf,
} from "../data/geometry";
import { latLng } from "./frame";
import { ChangeTiles, type Colours } from "./review-tiles";
import { MapSheet, type SheetHosts } from "./sheet";

const ROOM_PX = 48;
/** What is chosen and smaller than this is come closer to. */
const SMALL_PX = 28;
const DEEPEST = 16;
const LOOKS: readonly Look[] = ["added", "changed", "removed", "blocked", "rejected", "said"];

export interface Told {
  /** Number of the change at a pressed place; null: nothing is there. */
  onPick(n: number | null): void;
  /** What the map shows, west,south,east,north in degrees. */
  onView(bbox: string): void;
  /** How many tiles could not be fetched. */
  onMissing(count: number): void;
}

/** A change as it is looked at: both of its shapes, or a place in a file. */
export interface Chosen {
  before: Geometry | null;
  after: Geometry | null;
  look: Look;
}

/** A place at which something is wrong, or (`warns`) to be looked at; `n` is the change that it is of. */
export interface Fault {
  lon: number;
  lat: number;
  said: string;
  n?: number;
  warns?: boolean;
}

export class ReviewMap {
  private readonly sheet: MapSheet;
  private readonly tiles: ChangeTiles;
  private readonly chosen = new LayerGroup();
  private readonly faults = new LayerGroup();
  /** What is marked, as text. */
  private marked = "";

  constructor(
    hosts: SheetHosts,
    private readonly told: Told,
  ) {
    this.sheet = new MapSheet(hosts, "nothing");
    const { map } = this.sheet.frame;
    this.sheet.frame.namesBeneath("staged");
    this.tiles = new ChangeTiles(() => this.told.onMissing(this.tiles.failed));
    this.tiles.addTo(map);
    this.chosen.addTo(map);
    this.faults.addTo(map);
    map.on("click", ({ latlng }: LeafletMouseEvent) => this.told.onPick(this.tiles.at(latlng)));
    map.on("mousemove", ({ latlng }: LeafletMouseEvent) =>
      map.getContainer().classList.toggle("over-tile", this.tiles.at(latlng) !== null),
    );
    map.on("moveend", () => this.tellView());
  }

  destroy(): void {
    this.tiles.remove();
    this.sheet.destroy();
  }

  zoomBy(steps: number): void {
    this.sheet.zoomBy(steps);
  }

  /** Show what a changeset does, as far as it passes a filter (the query of the service). */
  show(changeset: number, query: string): void {
    this.tiles.setAddress(
      ({ x, y, z }) => `/api/changesets/${changeset}/tiles/${z}/${x}/${y}.mvt${query && `?${query}`}`,
    );
  }

  /** Take the colours of the theme from the style sheet. */
  recolour(): void {
    const style = getComputedStyle(document.documentElement);
    const token = (name: string): string => style.getPropertyValue(name).trim();
    const looks = LOOKS.map((look): [Look, string] => [look, token(`--d-${look}`)]);
    this.tiles.setColours({
      ...(Object.fromEntries(looks) as Record<Look, string>),
      before: token("--d-before"),
      paper: token("--land"),
    } satisfies Colours);
  }

  retry(): void {
    this.tiles.retry();
  }

  fit([west, south, east, north]: Bounds): void {
    this.sheet.frame.map.fitBounds(new LatLngBounds([south, west], [north, east]), {
      padding: [ROOM_PX, ROOM_PX],
      maxZoom: DEEPEST,
      animate: false,
    });
  }

  /** Draw the change that is looked at in full, and bring it into view when it is not. */
  look(at: Chosen | null): void {
    this.chosen.clearLayers();
    if (!at) return;
    const { before, after, look } = at;
    if (before) this.draw(before, "var(--d-before)", after ? "5 4" : undefined);
    if (before && after) this.connect(before, after);
    if (after) this.draw(after, `var(--d-${look})`);
    const boxes = [before, after].flatMap((one) => (one ? [boundsOf(one)] : []));
    if (!boxes.length) return;
    const box = boxes.reduce(union);
    const { map } = this.sheet.frame;
    const bounds = new LatLngBounds([box[1], box[0]], [box[3], box[2]]);
    const size = map.getSize();
    const [a, b] = [
      map.latLngToContainerPoint(bounds.getNorthWest()),
      map.latLngToContainerPoint(bounds.getSouthEast()),
    ];
    const inside = a.x > 0 && a.y > 0 && b.x < size.x && b.y < size.y;
    const large =
      b.x - a.x > SMALL_PX ||
      b.y - a.y > SMALL_PX ||
      !(polygonsOf(after ?? before!).length || linesOf(after ?? before!).length);
    if (!inside || !large) this.fit(box);
  }

  /** Mark where faults are. `show`: bring all of them into view. */
  mark(places: readonly Fault[], show: boolean): void {
    // A list that is read again says the same; a mark that is pressed just then must not go from under the finger.
    const said = JSON.stringify(places);
    if (said === this.marked && !show) return;
    this.marked = said;
    this.faults.clearLayers();
    for (const { lon, lat, said, n, warns } of places) {
      const icon = new DivIcon({
        className: `fault-mark${warns ? " warns" : ""}`,
        html: "!",
        iconSize: [18, 18],
      });
      const marker = new Marker([lat, lon], { icon, title: said, pane: "chosen", keyboard: false });
      if (n !== undefined) marker.on("click", () => this.told.onPick(n));
      marker.addTo(this.faults);
    }
    if (!show || !places.length) return;
    const box = places.map(({ lon, lat }): Bounds => [lon, lat, lon, lat]).reduce(union);
    this.fit(box);
  }

  private draw(geometry: Geometry, color: string, dashArray?: string): void {
    const { frame } = this.sheet;
    const style = { color, weight: 3, fillColor: color, fillOpacity: 0.2, dashArray };
    const halo = { color: "var(--halo)", weight: 7, fill: false };
    const areas = polygonsOf(geometry);
    const lines = linesOf(geometry);
    for (const look of [halo, style]) {
      if (areas.length) frame.area("chosen", areas, look).addTo(this.chosen);
      if (lines.length) frame.line("chosen", lines, look).addTo(this.chosen);
    }
    for (const place of pointsOf(geometry)) {
      const icon = new DivIcon({
        className: `chosen-point${dashArray ? " before" : ""}`,
        iconSize: [22, 22],
      });
      const marker = new Marker(latLng(place), { icon, pane: "chosen", interactive: false, keyboard: false });
      marker.addTo(this.chosen);
      marker.getElement()?.style.setProperty("--c", color);
    }
  }

  /** A point that moved: from where to where. */
  private connect(before: Geometry, after: Geometry): void {
    if (!pointsOf(before).length || !pointsOf(after).length) return;
    const line = [middleOf(before), middleOf(after)];
    const style = { color: "var(--d-changed)", weight: 1.6, dashArray: "4 4" };
    this.sheet.frame.line("chosen", [line], style).addTo(this.chosen);
  }

  private tellView(): void {
    const bounds = this.sheet.frame.map.getBounds();
    const sides = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    this.told.onView(sides.map((side) => side.toFixed(6)).join(","));
  }
}

const union = (a: Bounds, b: Bounds): Bounds => [
  Math.min(a[0], b[0]),
  Math.min(a[1], b[1]),
  Math.max(a[2], b[2]),
  Math.max(a[3], b[3]),
];
