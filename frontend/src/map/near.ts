/** The map beside an answer: the sheet of the map page, with the circle that was asked about. */
import { Circle, DivIcon, LatLng, LatLngBounds, LayerGroup, type LeafletMouseEvent, Marker } from "leaflet";
import { selected } from "../state/store";
import { latLng } from "./frame";
import { MapSheet, type SheetHosts } from "./sheet";

const ROOM_PX = 14;

export interface Round {
  lon: number;
  lat: number;
  radius_m: number;
}

export class NearMap {
  private readonly sheet: MapSheet;
  private readonly drawn = new LayerGroup();
  private at: Round | null = null;

  /** `onTap`: a place on the ground was pressed, degrees in WGS84. */
  constructor(hosts: SheetHosts, onTap: (lon: number, lat: number) => void) {
    this.sheet = new MapSheet(hosts, "signs");
    const { map } = this.sheet.frame;
    this.drawn.addTo(map);
    // Pressing beside an open card closes it, and asks nothing.
    let closes = false;
    map.on("preclick", () => {
      closes = selected.value !== null;
    });
    map.on("click", ({ latlng }: LeafletMouseEvent) => {
      if (!closes) onTap(latlng.lng, latlng.lat);
    });
    map.on("resize", () => this.fit());
  }

  destroy(): void {
    this.sheet.destroy();
  }

  zoomBy(steps: number): void {
    this.sheet.zoomBy(steps);
  }

  /** Draw the circle and bring it into view. */
  show(at: Round | null): void {
    this.at = at;
    this.drawn.clearLayers();
    if (!at) return;
    const centre = latLng([at.lon, at.lat]);
    new Circle(centre, {
      radius: at.radius_m,
      pane: "chosen",
      interactive: false,
      className: "near-circle",
    }).addTo(this.drawn);
    new Marker(centre, {
      icon: new DivIcon({ className: "near-centre", iconSize: [14, 14] }),
      pane: "chosen",
      interactive: false,
      keyboard: false,
    }).addTo(this.drawn);
    this.fit();
  }

  fit(): void {
    if (!this.at) {
      this.sheet.home();
      return;
    }
    const { lon, lat, radius_m } = this.at;
    const bounds = new LatLng(lat, lon).toBounds(radius_m * 2);
    this.sheet.frame.map.fitBounds(new LatLngBounds(bounds.getSouthWest(), bounds.getNorthEast()), {
      padding: [ROOM_PX, ROOM_PX],
      animate: false,
    });
  }
}
