/** The numerous kinds on the sheet: one layer of tiles each, in step with the state of the page. */
import { effect, untracked } from "@preact/signals";
import { type LatLng, type LeafletMouseEvent, Tooltip } from "leaflet";
import type { Catalogue, KindInfo } from "../data/types";
import { printing } from "../state/paper";
import {
  catalogue,
  day,
  kindIsOn,
  kindsOn,
  lang,
  phaseFilter,
  select,
  tiledKinds,
  today,
  words,
} from "../state/store";
import { theme } from "../state/theme";
import { LISTED, type TiledProject, tiledView, tilesAsked, tilesMissing } from "../state/tiled";
import { nameIn } from "../text/words";
import type { Frame } from "./frame";
import { type Found, TiledKind, type TiledLook } from "./tiled";

/** What is in view is told once the tiles and the day have come to rest. */
const REST_MS = 250;
const CLOSER = 1.5;
const DEFAULT_WIDTH = 5;

export class TiledLayers {
  private readonly layers = new Map<string, TiledKind>();
  private readonly tooltip = new Tooltip({ direction: "top", opacity: 1, offset: [0, -6] });
  private readonly stops: (() => void)[] = [];
  private resting = 0;

  constructor(private readonly frame: Frame) {
    const { map } = frame;
    map.on("mousemove", (event: LeafletMouseEvent) => this.point(event));
    map.on("mouseout movestart", () => this.hush());
    map.on("moveend", () => this.tellSoon());
    const watch = (work: () => void): void => {
      this.stops.push(effect(work));
    };
    watch(() => {
      const cat = catalogue.value;
      const kinds = tiledKinds.value;
      if (cat) untracked(() => this.build(cat, kinds));
    });
    watch(() => {
      void [day.value, today.value, phaseFilter.value, kindsOn.value];
      void [tiledKinds.value, theme.value, printing.value];
      untracked(() => this.paint());
    });
    watch(() => {
      if (tilesAsked.value) for (const layer of this.layers.values()) layer.retry();
    });
  }

  destroy(): void {
    for (const stop of this.stops) stop();
    clearTimeout(this.resting);
    for (const layer of this.layers.values()) layer.destroy();
  }

  /** Open what is painted at a place, or come closer to a crowd. False: nothing is there. */
  press(place: LatLng): boolean {
    const found = this.at(place);
    if (!found) return false;
    this.hush();
    if (found.id) select(found.id);
    else this.frame.map.setView(place, this.frame.map.getZoom() + CLOSER, { animate: false });
    return true;
  }

  private at(place: LatLng): Found | null {
    // What was laid last lies on top.
    for (const layer of [...this.layers.values()].reverse()) {
      const found = this.frame.map.hasLayer(layer) ? layer.at(place) : null;
      if (found) return found;
    }
    return null;
  }

  private build({ area, revision }: Catalogue, kinds: readonly KindInfo[]): void {
    const wanted = new Set(kinds.map((kind) => kind.id));
    for (const [id, layer] of this.layers)
      if (!wanted.has(id)) {
        layer.destroy();
        this.layers.delete(id);
      }
    for (const kind of kinds) {
      const template = `/tiles/${area.id}/${revision}/${kind.id}/{z}/{x}/{y}.mvt`;
      const width = kind.style.width || DEFAULT_WIDTH;
      const layer = this.layers.get(kind.id);
      if (layer) layer.setTemplate(template);
      else this.layers.set(kind.id, new TiledKind(template, kind.id, width, () => this.tellSoon()));
    }
    this.paint();
  }

  private paint(): void {
    const { map } = this.frame;
    for (const kind of tiledKinds.value) {
      const layer = this.layers.get(kind.id);
      if (!layer) continue;
      if (kindIsOn(kind.id)) {
        layer.set(lookOf(kind));
        layer.addTo(map);
      } else layer.remove();
    }
    this.tellSoon();
  }

  private tellSoon(): void {
    clearTimeout(this.resting);
    this.resting = window.setTimeout(() => this.tell(), REST_MS);
  }

  private tell(): void {
    const shown = [...this.layers].filter(([, layer]) => this.frame.map.hasLayer(layer));
    const listed: TiledProject[] = [];
    const precisions = new Set<string>();
    let [single, crowded] = [0, 0];
    for (const [kind, layer] of shown)
      for (const { id, zh, en, state, stands, precision } of layer.inView()) {
        if (id) precisions.add(precision);
        if (!id) crowded += stands;
        else if (++single <= LISTED) listed.push({ id, kind, name_zh: zh || id, name_en: en || id, state });
      }
    tiledView.value = { listed, single, crowded, precisions };
    tilesMissing.value = shown.reduce((sum, [, layer]) => sum + layer.failed, 0);
  }

  // --- the pointer ----------------------------------------------------------------------------

  private point({ latlng, originalEvent }: LeafletMouseEvent): void {
    const { map } = this.frame;
    // What is drawn over the tiles has a tooltip of its own.
    const target = originalEvent.target as Element;
    const found = target.closest(".hit, .mark") ? null : this.at(latlng);
    map.getContainer().classList.toggle("over-tile", found !== null);
    if (!found) {
      this.tooltip.remove();
      return;
    }
    this.tooltip.setContent(said(found)).setLatLng(latlng).addTo(map);
  }

  private hush(): void {
    this.tooltip.remove();
    this.frame.map.getContainer().classList.remove("over-tile");
  }
}

function lookOf({ style, tracked }: KindInfo): TiledLook {
  // Paper is white, whatever the screen is.
  const dark = theme.value === "dark" && printing.value === null;
  const wanted = phaseFilter.value;
  const values = Object.entries(style.values ?? {});
  return {
    day: day.value,
    // A tile holds what is known at its revision.
    known: today.value,
    hue: dark ? style.dark : style.light,
    hueOf: new Map(values.map(([value, hue]) => [value, dark ? hue.dark : hue.light])),
    isShown: (state) => !wanted.size || (tracked && wanted.has(state.phase)),
    pale: day.value > today.value,
  };
}

function said(found: Found): HTMLElement {
  const element = document.createElement("span");
  const phase = catalogue.value?.phases.find((one) => one.id === found.state.phase);
  const name = nameIn(lang.value, { name_zh: found.zh || found.id, name_en: found.en || found.id });
  const precision = catalogue.value?.precisions.find((one) => one.id === found.precision);
  const promised = found.state.basis === "promise" ? words.value.card.promised : "";
  element.textContent = found.id
    ? [name, phase ? nameIn(lang.value, phase) : "", promised, precision ? nameIn(lang.value, precision) : ""]
        .filter(Boolean)
        .join(" · ")
    : words.value.tiled.square(found.stands);
  return element;
}
