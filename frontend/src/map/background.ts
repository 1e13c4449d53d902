/** The optional pictures under the ground: tiles of the background that is chosen. */
import { LayerGroup, type Map as LeafletMap, TileLayer } from "leaflet";
import type { BasemapInfo } from "../data/types";

const TILE_PX = 256;

export class Background {
  private readonly group = new LayerGroup();
  private shown: BasemapInfo | null = null;
  private arrived = 0;

  /** `onFailing` hears true when no picture at all can be fetched, and false when one is. */
  constructor(
    private readonly map: LeafletMap,
    private readonly onFailing: (failing: boolean) => void,
  ) {
    this.group.addTo(map);
  }

  /** Lay these tiles under the map, or none. */
  show(wanted: BasemapInfo | null): void {
    if (wanted?.id === this.shown?.id) return;
    this.shown = wanted;
    this.arrived = 0;
    this.onFailing(false);
    this.group.clearLayers();
    this.map.getContainer().classList.toggle("with-base", wanted !== null);
    for (const template of wanted?.tiles ?? []) this.layer(template, wanted!.max_zoom).addTo(this.group);
  }

  private layer(template: string, deepest: number): TileLayer {
    const layer = new TileLayer(template, {
      tileSize: TILE_PX,
      maxNativeZoom: deepest,
      maxZoom: this.map.getMaxZoom(),
      updateWhenZooming: false,
    });
    layer.on("tileload", () => {
      this.arrived += 1;
      this.onFailing(false);
    });
    layer.on("tileerror", () => this.onFailing(this.arrived === 0));
    return layer;
  }
}
