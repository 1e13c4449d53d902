/** Puts labels on the sheet: measures them, finds their places, and keeps the elements that are there. */
import type { Map as LeafletMap } from "leaflet";
import type { Position } from "../data/geometry";
import type { Frame } from "./frame";
import { badgeOf, badgesAlong, roomiest, TYPE, type Wanted } from "./labels";
import { lengthOf, visiblePart } from "./paths";
import { type Box, type Label, type Placed, type Point, placeLabels, Sheet } from "./placement";

const TAG_PX = 10;
const USUAL_ROOT_PX = 16;
/** Two labels of the same words this near would only say it twice. */
const ECHO_PX = 60;

const signature = (wanted: Wanted): string =>
  [wanted.lines.join("\n"), wanted.tag, wanted.extra, wanted.short, wanted.style, wanted.selected].join("\t");

/** All that decides where one label stands, on a sheet that has not moved. */
const claim = (wanted: Wanted): string =>
  [
    wanted.key,
    wanted.rank,
    signature(wanted),
    wanted.hue,
    wanted.site.mode,
    "at" in wanted.site ? wanted.site.at : "",
  ].join("\t");

export interface Surroundings {
  /** Symbols and controls, in pixels of the sheet. */
  obstacles: Box[];
  /** Strong lines, as positions. */
  ink: Position[][];
}

export class LabelLayer {
  private readonly host: HTMLElement;
  private readonly elements = new Map<string, HTMLElement>();
  private readonly widths = new Map<string, number>();
  /** The view and everything else that the words were last placed for, and where they came to stand. */
  private last = { view: "", asked: "", ink: 0, places: new Map<string, { sign: string; placed: Placed }>() };
  /** What is seen of lines, and the room in outlines, on a sheet that has not moved. */
  private parts = new WeakMap<Position[][], Point[]>();
  private rooms = new WeakMap<Position[], Point | null>();
  private readonly context = document.createElement("canvas").getContext("2d")!;
  private readonly family: string;
  /** Type as the reader has set it: how much larger than usual, and no smaller than this. */
  private type: { scale: number; least: number };

  constructor(
    private readonly frame: Frame,
    onPick: (id: string) => void,
  ) {
    this.host = document.createElement("div");
    this.host.className = "labels";
    frame.map.getPane("label")!.append(this.host);
    this.family = getComputedStyle(document.documentElement).getPropertyValue("--hei") || "sans-serif";
    this.type = this.readType();
    this.host.addEventListener("click", (event) => {
      const label = (event.target as Element).closest<HTMLElement>("[data-id]");
      // The end of a drag is no click.
      if (!label?.dataset.id || frame.dragged) return;
      event.stopPropagation();
      onPick(label.dataset.id);
    });
    // Between two zoom steps the words would stand in the wrong place.
    frame.map.on("zoomstart", () => this.host.classList.add("waiting"));
  }

  /**
   * Place the labels. On a sheet that has not moved, nothing is done when nothing is asked for otherwise, and
   * what can stays where it stands.
   */
  render(wanted: Wanted[], around: Surroundings): void {
    const { map } = this.frame;
    const { x: width, y: height } = map.getSize();
    const zoom = map.getZoom();
    const asked = wanted.filter((label) => zoom >= label.minZoom);
    if (!this.isNew(asked, around, [zoom, width, height, ...this.frame.pixel([0, 0])].join())) return;
    const pixels = (line: Position[]): Point[] => line.map((position) => this.frame.pixel(position));
    const sheet = new Sheet(width, height, around.obstacles, around.ink.map(pixels));
    const byKey = new Map<string, Wanted>();
    const instead = new Map<string, Wanted>();
    const labels = this.onSheet(asked, width, height, instead).flatMap((one) => {
      const [label, ...further] = this.toLabels(one, byKey, width, height);
      const other = instead.get(one.key);
      // Of two stations of one name the other one bears it where the first has no room.
      if (label && other) label.shorter ??= this.toLabel(other, byKey, width, height) ?? undefined;
      return label ? [label, ...further] : [];
    });
    const placed = placeLabels(sheet, labels);
    this.last.places = new Map(
      placed.map((place) => [place.key, { sign: signature(byKey.get(place.key)!), placed: place }]),
    );
    this.show(placed, byKey, map);
    this.host.classList.remove("waiting");
  }

  /** Whether anything differs from what the words were last placed for; then that is forgotten. */
  private isNew(wanted: Wanted[], { obstacles, ink }: Surroundings, view: string): boolean {
    const asked = `${obstacles.join(";")}\n${wanted.map(claim).join("\n")}`;
    const inked = ink.reduce((sum, line) => sum + line.length, ink.length);
    const same = view === this.last.view && !this.host.classList.contains("waiting");
    if (same && asked === this.last.asked && inked === this.last.ink) return false;
    this.last = { view, asked, ink: inked, places: same ? this.last.places : new Map() };
    if (!same) {
      // On paper type has another size than on the screen.
      this.type = this.readType();
      this.parts = new WeakMap();
      this.rooms = new WeakMap();
    }
    return true;
  }

  /**
   * Without what stands beside the sheet, and without saying the same twice in one place: what is not said goes
   * to `instead`, by the key of what is.
   */
  private onSheet(wanted: Wanted[], width: number, height: number, instead: Map<string, Wanted>): Wanted[] {
    const said = new Map<string, { at: Point; key: string }[]>();
    return [...wanted]
      .sort((a, b) => b.rank - a.rank)
      .filter((one) => {
        const { site, lines, key } = one;
        if (site.mode !== "beside") return true;
        const at = this.frame.pixel(site.at);
        if (at[0] < 0 || at[1] < 0 || at[0] > width || at[1] > height) return false;
        const text = lines.join(" ");
        const others = said.get(text);
        const near = others?.find((other) => Math.hypot(other.at[0] - at[0], other.at[1] - at[1]) < ECHO_PX);
        if (near) {
          if (!instead.has(near.key)) instead.set(near.key, one);
          return false;
        }
        said.set(text, [...(others ?? []), { at, key }]);
        return true;
      });
  }

  /** A label with its shorter form, and of a line the badges further along. */
  private toLabels(wanted: Wanted, byKey: Map<string, Wanted>, width: number, height: number): Label[] {
    const label = this.toLabel(wanted, byKey, width, height);
    if (!label) return [];
    if (!wanted.short || !("paths" in wanted.site)) return [label];
    const apart = { group: wanted.key, px: 0 };
    label.apart = apart;
    const shorter = this.toLabel(badgeOf(wanted), byKey, width, height);
    if (shorter?.mode === "plate") label.shorter = { ...shorter, apart, near: true };
    if (wanted.site.mode === "along") return [label];
    const further = badgesAlong(wanted).flatMap(({ wanted: badge, apart: px }) => {
      const again = this.toLabel(badge, byKey, width, height);
      return again ? [{ ...again, apart: { group: wanted.key, px } }] : [];
    });
    return [label, ...further];
  }

  private toLabel(wanted: Wanted, byKey: Map<string, Wanted>, width: number, height: number): Label | null {
    const base = { key: wanted.key, rank: wanted.rank, ...this.size(wanted), before: this.before(wanted) };
    const { site } = wanted;
    byKey.set(wanted.key, wanted);
    switch (site.mode) {
      case "beside":
        return { ...base, mode: "beside", at: this.frame.pixel(site.at), radius: site.radius };
      case "over":
        return { ...base, mode: "over", at: this.frame.pixel(site.at) };
      case "inside": {
        const at = this.roomiestIn(site.ring, width, height);
        return at && { ...base, mode: "over", at };
      }
      default: {
        const path = this.longestSeen(site.paths, width, height);
        if (path.length < 2) return null;
        if (site.mode === "plate") return { ...base, mode: "plate", path };
        const uprightLength = this.uprightLength(wanted);
        return { ...base, mode: "along", path, offset: site.offset, uprightLength };
      }
    }
  }

  private before(wanted: Wanted): Placed | undefined {
    const known = this.last.places.get(wanted.key);
    return known?.sign === signature(wanted) ? known.placed : undefined;
  }

  private roomiestIn(ring: Position[], width: number, height: number): Point | null {
    let found = this.rooms.get(ring);
    if (found === undefined) {
      const outline = ring.map((position) => this.frame.pixel(position));
      found = roomiest(outline, width, height);
      this.rooms.set(ring, found);
    }
    return found;
  }

  /** Of the pieces of a line, the one that is seen best. */
  private longestSeen(paths: Position[][], width: number, height: number): Point[] {
    let found = this.parts.get(paths);
    if (!found) {
      found = this.findLongest(paths, width, height);
      this.parts.set(paths, found);
    }
    return found;
  }

  private findLongest(paths: Position[][], width: number, height: number): Point[] {
    return paths
      .map((path) =>
        visiblePart(
          path.map((position) => this.frame.pixel(position)),
          width,
          height,
        ),
      )
      .reduce((best, part) => (lengthOf(part) > lengthOf(best) ? part : best), []);
  }

  private readType(): { scale: number; least: number } {
    const root = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const probe = document.createElement("span");
    probe.style.fontSize = "1px";
    this.host.append(probe);
    const least = Number.parseFloat(getComputedStyle(probe).fontSize);
    probe.remove();
    return { scale: root / USUAL_ROOT_PX || 1, least: least || 1 };
  }

  private typed(px: number): number {
    return Math.max(px * this.type.scale, this.type.least);
  }

  private size(wanted: Wanted): { width: number; height: number } {
    const [usual, weight, usualHeight, spacing] = TYPE[wanted.style];
    const px = this.typed(usual);
    const lineHeight = (usualHeight / usual) * px;
    const plate = /^(plate|badge)/.test(wanted.style);
    const bold = wanted.selected && !plate ? 700 : weight;
    const lines = wanted.lines.map(
      (text) => this.measure(text, px, bold) + (spacing ? spacing * px * [...text].length : 0),
    );
    // What is said after the name stands on its last line.
    if (wanted.extra) lines[lines.length - 1] += this.measure(wanted.extra, px, 400) + 5;
    if (wanted.tag) lines[lines.length - 1] += this.measure(wanted.tag, this.typed(TAG_PX), 400) + 5;
    const width = Math.ceil(Math.max(...lines) + (plate ? 12 : 3));
    return { width, height: Math.ceil(lineHeight * wanted.lines.length) + (plate ? 3 : 0) };
  }

  /** Character under character each takes a full line, digits too; only Chinese is set so. */
  private uprightLength(wanted: Wanted): number | null {
    const [name] = wanted.lines;
    if (!/\p{Script=Han}/u.test(name)) return null;
    const px = this.typed(TYPE[wanted.style][0]);
    const tag = this.typed(TAG_PX);
    return [...name].length * (px + 1) + (wanted.tag ? [...wanted.tag].length * (tag + 1) + 4 : 0) + 2;
  }

  private measure(text: string, px: number, weight: number): number {
    const key = `${weight} ${px} ${text}`;
    let width = this.widths.get(key);
    if (width === undefined) {
      this.context.font = `${weight} ${px}px ${this.family}`;
      width = this.context.measureText(text).width;
      this.widths.set(key, width);
    }
    return width;
  }

  private show(placed: Placed[], byKey: Map<string, Wanted>, map: LeafletMap): void {
    const origin = map.containerPointToLayerPoint([0, 0]);
    const seen = new Set<string>();
    for (const place of placed) {
      seen.add(place.key);
      const wanted = byKey.get(place.key)!;
      const element = this.element(wanted);
      const [x, y] = [Math.round((place.x + origin.x) * 2) / 2, Math.round((place.y + origin.y) * 2) / 2];
      const turn = place.angle ? ` rotate(${place.angle.toFixed(1)}deg)` : "";
      element.style.transform = `translate(${x}px, ${y}px)${turn}`;
      element.style.width = `${place.width}px`;
      element.style.height = `${place.height}px`;
      element.classList.toggle("upright", place.vertical);
      if (!element.isConnected) this.host.append(element);
    }
    for (const [key, element] of this.elements) if (!seen.has(key)) element.remove();
  }

  private element(wanted: Wanted): HTMLElement {
    const known = this.elements.get(wanted.key);
    const sign = signature(wanted);
    if (known?.dataset.sign === sign) return known;
    const element = known ?? document.createElement("div");
    element.dataset.sign = sign;
    element.className = `label ${wanted.style}${wanted.selected ? " selected" : ""}`;
    if (wanted.hue) element.style.setProperty("--c", wanted.hue);
    if (wanted.onHue) element.style.setProperty("--on", wanted.onHue);
    if (wanted.project) element.dataset.id = wanted.project;
    element.replaceChildren(...parts(wanted));
    this.elements.set(wanted.key, element);
    return element;
  }
}

function parts(wanted: Wanted): Node[] {
  const part = (tag: "b" | "i" | "small", text: string): HTMLElement => {
    const element = document.createElement(tag);
    element.textContent = text;
    return element;
  };
  const lines = wanted.lines.flatMap((line, i) =>
    i ? [document.createElement("br"), part("b", line)] : [part("b", line)],
  );
  return [
    ...lines,
    ...(wanted.extra ? [part("i", wanted.extra)] : []),
    ...(wanted.tag ? [part("small", wanted.tag)] : []),
  ];
}
