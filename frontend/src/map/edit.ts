/** The map of an editor: the public map, quiet, the neighbours to snap to, and the shape that is worked on. */
import { DivIcon, type LatLng, LatLngBounds, LayerGroup, Marker, type Polygon, type Polyline } from "leaflet";
import {
  type Bounds,
  boundsOf,
  type Geometry,
  linesOf,
  middleOf,
  type Position,
  pointsOf,
  polygonsOf,
  shapeOf,
} from "../data/geometry";
import { type Frame, latLng } from "./frame";
import type { Editable } from "./geoman";
import { MapSheet, type SheetHosts } from "./sheet";

export type Tool = "none" | "point" | "line" | "area" | "vertices" | "move" | "cut" | "merge";
const SNAP_PX = 14;
const ROOM_PX = 64;
const DEEPEST = 19;
const CLOSE = 17;
const STORED_DECIMALS = 8;
const DRAWS: Partial<Record<Tool, "Marker" | "Line" | "Polygon">> = {
  point: "Marker",
  line: "Line",
  cut: "Line",
  area: "Polygon",
};

export interface Neighbour {
  id: string;
  geometry: Geometry;
  /** Whether corners snap to it: not to a shape drawn from words, whose corners are nobody's. */
  snaps: boolean;
}

export interface Told {
  /** A shape was drawn to its end; with the tool "cut" the line that cuts. */
  onDrawn(geometry: Geometry): void;
  /** The shape that is worked on was changed. */
  onEdited(geometry: Geometry): void;
  /** What is being drawn or dragged, up to the pointer; null: nothing any more. set: how many corners of a
   *  drawing are set. */
  onSketch(positions: readonly Position[] | null, set?: number): void;
  onPick(id: string): void;
  /** The map rests at another view. */
  onView(bounds: Bounds): void;
}

export interface Shown {
  geometry: Geometry | null;
  cut: Geometry | null;
  /** What a cut or a merger makes. */
  pieces: readonly Geometry[];
  tool: Tool;
}

/** Of the library's tool for lines and areas, what its own button for this calls. */
interface Drawing {
  _markers?: readonly unknown[];
  _removeLastVertex(): void;
  _finishShape(): void;
}
type Worked = Polygon | Polyline | Marker;

export class EditMap {
  private readonly sheet: MapSheet;
  private readonly beside = new LayerGroup();
  private readonly pieces = new LayerGroup();
  private readonly faults = new LayerGroup();
  private cut: Polyline | null = null;
  private worked: Worked | null = null;
  /** The shape that the layer shows, as text, and the tool that is in hand. */
  private shown = "";
  private tool: Tool = "none";

  constructor(
    library: Editable,
    hosts: SheetHosts,
    private readonly told: Told,
  ) {
    this.sheet = new MapSheet(hosts, "nothing");
    const { map } = this.sheet.frame;
    map.options.pmIgnore = false;
    library.PM.reInitLayer(map as never);
    map.setMaxZoom(DEEPEST);
    // It ends a line or an area.
    map.doubleClickZoom.disable();
    // A long press takes a corner out, also where a browser does not tell of one by itself.
    map.tapHold?.enable();
    beneathTheWork(this.sheet.frame);
    for (const group of [this.beside, this.pieces, this.faults]) group.addTo(map);
    map.on("pm:create", ({ layer }) => {
      const geometry = geometryOf(layer as Worked);
      layer.remove();
      this.told.onSketch(null);
      this.told.onDrawn(geometry);
    });
    map.on("pm:drawstart", ({ workingLayer }) => {
      if (!("getLatLngs" in workingLayer)) return;
      const tell = (at?: LatLng): void => {
        const set = positionsOf(workingLayer as Polyline);
        this.told.onSketch(set.length && at ? [...set, [at.lng, at.lat]] : set, set.length);
      };
      const follow = (event: { latlng: LatLng }): void => tell(event.latlng);
      workingLayer.on("pm:vertexadded pm:change", () => tell());
      map.on("mousemove", follow);
      map.once("pm:drawend", () => {
        map.off("mousemove", follow);
        this.told.onSketch(null);
      });
    });
    map.on("moveend", () => this.told.onView(this.bounds));
  }

  destroy(): void {
    this.put("none");
    this.sheet.destroy();
  }

  get bounds(): Bounds {
    const bounds = this.sheet.frame.map.getBounds();
    return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  }

  /** Take back the last corner of what is being drawn. */
  takeBack(): void {
    const { drawing } = this;
    if (!drawing?._markers?.length) return;
    // Without its only corner the library would put the tool away.
    if (drawing._markers.length > 1) drawing._removeLastVertex();
    else this.giveUp();
  }

  /** End what is being drawn with the corners that are set; with too few of them nothing happens. */
  finish(): void {
    if (this.drawing?._markers?.length) this.drawing._finishShape();
  }

  /** Drop what is being drawn. The tool stays in hand. */
  giveUp(): void {
    const { tool } = this;
    this.put("none");
    this.put(tool);
  }

  private get drawing(): Drawing | undefined {
    const { Draw } = this.sheet.frame.map.pm;
    return Draw[Draw.getActiveShape()] as unknown as Drawing | undefined;
  }

  zoomBy(steps: number): void {
    this.sheet.zoomBy(steps);
  }

  fit(geometry: Geometry): void {
    const [west, south, east, north] = boundsOf(geometry);
    this.sheet.frame.map.fitBounds(new LatLngBounds([south, west], [north, east]), {
      padding: [ROOM_PX, ROOM_PX],
      maxZoom: CLOSE,
      animate: false,
    });
  }

  show(what: Shown): void {
    const text = JSON.stringify(what.geometry);
    const isNew = text !== this.shown;
    if (isNew || what.tool !== this.tool) this.put("none");
    if (isNew) {
      this.worked?.remove();
      this.worked = what.geometry && this.made(what.geometry);
      this.shown = text;
    }
    this.drawPieces(what.pieces);
    this.cut?.remove();
    this.cut = what.cut
      ? this.sheet.frame.line("chosen", linesOf(what.cut), {
          color: "var(--s-red)",
          weight: 2,
          dashArray: "6 4",
        })
      : null;
    this.cut?.addTo(this.sheet.frame.map);
    this.put(what.tool);
  }

  /** What lies round about: to be seen, snapped to, and (`picks`) pressed. `chosen`: ids of those marked. */
  surround(neighbours: readonly Neighbour[], picks: ReadonlySet<string>, chosen: ReadonlySet<string>): void {
    this.beside.clearLayers();
    for (const { id, geometry, snaps } of neighbours) {
      const is = chosen.has(id);
      const style = {
        color: is ? "var(--d-changed)" : "var(--ink-3)",
        weight: is ? 3 : 1.2,
        fillOpacity: is ? 0.25 : 0.04,
        fillColor: is ? "var(--d-changed)" : "var(--ink-3)",
        dashArray: is ? undefined : "2 3",
        interactive: picks.has(id),
        pmIgnore: false,
        snapIgnore: !snaps,
      };
      const layer = polygonsOf(geometry).length
        ? this.sheet.frame.area("top", polygonsOf(geometry), style)
        : linesOf(geometry).length
          ? this.sheet.frame.line("top", linesOf(geometry), style)
          : null;
      layer?.on("click", () => this.told.onPick(id));
      layer?.addTo(this.beside);
    }
  }

  mark(places: readonly { lon: number; lat: number; said: string }[]): void {
    this.faults.clearLayers();
    for (const { lon, lat, said } of places) {
      const icon = new DivIcon({ className: "fault-mark", html: "!", iconSize: [18, 18] });
      new Marker([lat, lon], { icon, title: said, pane: "chosen", keyboard: false }).addTo(this.faults);
    }
  }

  // --- the shape that is worked on --------------------------------------------------------------

  private made(geometry: Geometry): Worked {
    const { frame } = this.sheet;
    const style = {
      color: "var(--d-changed)",
      weight: 3,
      fillColor: "var(--d-changed)",
      fillOpacity: 0.16,
      interactive: true,
      pmIgnore: false,
      snapIgnore: true,
    };
    const form = shapeOf(geometry);
    const layer: Worked =
      form === "area"
        ? frame.area("chosen", polygonsOf(geometry), style)
        : form === "line"
          ? frame.line("chosen", linesOf(geometry), style)
          : new Marker(latLng(pointsOf(geometry)[0]), {
              icon: new DivIcon({ className: "edit-point", iconSize: [22, 22] }),
              pmIgnore: false,
              snapIgnore: true,
              keyboard: false,
            });
    const tell = (): void => {
      const now = geometryOf(layer);
      this.shown = JSON.stringify(now);
      this.told.onSketch(null);
      this.told.onEdited(now);
    };
    layer.on("pm:markerdragend pm:vertexadded pm:vertexremoved pm:dragend", tell);
    layer.on("pm:markerdrag pm:drag", () => {
      if (!(layer instanceof Marker)) this.told.onSketch(positionsOf(layer));
    });
    return layer.addTo(frame.map);
  }

  /** Take another tool in hand. */
  private put(tool: Tool): void {
    if (tool === this.tool) return;
    const { map } = this.sheet.frame;
    map.pm.disableDraw();
    this.worked?.pm.disable();
    this.worked?.pm.disableLayerDrag();
    this.tool = tool;
    const snapping = {
      snappable: true,
      snapDistance: SNAP_PX,
      snapSegment: true,
      allowSelfIntersection: true,
    };
    const draws = DRAWS[tool];
    if (draws)
      map.pm.enableDraw(draws, {
        ...snapping,
        tooltips: false,
        continueDrawing: false,
        finishOn: draws === "Marker" ? undefined : "dblclick",
        pathOptions: { color: tool === "cut" ? "var(--s-red)" : "var(--d-added)" },
        templineStyle: { color: tool === "cut" ? "var(--s-red)" : "var(--d-added)" },
        hintlineStyle: { color: tool === "cut" ? "var(--s-red)" : "var(--d-added)", dashArray: "5 5" },
        markerStyle: { icon: new DivIcon({ className: "edit-point", iconSize: [22, 22] }) },
      });
    if (tool === "vertices" && !(this.worked instanceof Marker)) this.worked?.pm.enable(snapping);
    if (tool === "move" || (tool === "vertices" && this.worked instanceof Marker))
      this.worked?.pm.enableLayerDrag();
  }

  private drawPieces(pieces: readonly Geometry[]): void {
    this.pieces.clearLayers();
    const { frame } = this.sheet;
    pieces.forEach((geometry, n) => {
      const style = {
        color: "var(--d-added)",
        weight: 2,
        fillColor: "var(--d-added)",
        fillOpacity: n ? 0.3 : 0.1,
      };
      const layer = polygonsOf(geometry).length
        ? frame.area("chosen", polygonsOf(geometry), style)
        : frame.line("chosen", linesOf(geometry), { ...style, weight: n ? 6 : 4 });
      layer.addTo(this.pieces);
      const icon = new DivIcon({ className: "edit-piece", html: String(n + 1), iconSize: [22, 22] });
      new Marker(latLng(middleOf(geometry)), { icon, interactive: false, keyboard: false }).addTo(
        this.pieces,
      );
    });
  }
}

/** What is drawn, and the shape that is worked on, lie over the names round about. */
function beneathTheWork(frame: Frame): void {
  frame.namesBeneath("chosen");
  // Where the library draws.
  frame.map.getPane("overlayPane")!.style.zIndex = String(frame.depth("chosen") + 1);
}

/** As it is stored: one polygon is no collection of polygons. */
function geometryOf(layer: Worked): Geometry {
  const found = layer.toGeoJSON(STORED_DECIMALS).geometry as Geometry;
  if (found.type === "MultiPolygon" && found.coordinates.length === 1)
    return { type: "Polygon", coordinates: found.coordinates[0] };
  if (found.type === "MultiLineString" && found.coordinates.length === 1)
    return { type: "LineString", coordinates: found.coordinates[0] };
  return found;
}

/** The corners so far of the first line or outline. */
function positionsOf(layer: Polyline | Polygon): Position[] {
  let line = layer.getLatLngs() as unknown[];
  while (Array.isArray(line[0])) line = line[0];
  return (line as LatLng[]).map(({ lng, lat }): Position => [lng, lat]);
}
