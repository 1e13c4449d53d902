/** Puts labels on the sheet: measures them, finds their places, and keeps the elements that are there. */
import type { Map as LeafletMap } from "leaflet";
import type { Position } from "../data/geometry";
import type { Frame } from "./frame";
import { roomiest, TYPE, type Wanted } from "./labels";
import { type Box, type Label, type Placed, type Point, placeLabels, Sheet, visiblePart } from "./placement";

const TAG_PX = 10;
const USUAL_ROOT_PX = 16;
/** Two labels of the same words this near would only say it twice. */
const ECHO_PX = 60;

const signature = (wanted: Wanted): string =>
  [wanted.lines.join("\n"), wanted.tag, wanted.extra, wanted.style, wanted.selected].join("\t");

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
  private readonly context = document.createElement("canvas").getContext("2d")!;
  private readonly family: string;
  /** Type as the reader has set it: how much larger than usual, and no smaller than this. */
  private readonly type: { scale: number; least: number };

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

  /** Place all labels anew. Elements that stay are moved, not remade. */
  render(wanted: Wanted[], around: Surroundings): void {
    const { map } = this.frame;
    const { x: width, y: height } = map.getSize();
    const pixels = (line: Position[]): Point[] => line.map((position) => this.frame.pixel(position));
    const sheet = new Sheet(width, height, around.obstacles, around.ink.map(pixels));
    const zoom = map.getZoom();
    const byKey = new Map<string, Wanted>();
    const labels: Label[] = [];
    for (const one of this.withoutEchoes(wanted.filter((label) => zoom >= label.minZoom))) {
      const label = this.toLabel(one, width, height);
      if (!label) continue;
      byKey.set(one.key, one);
      labels.push(label);
    }
    const placed = placeLabels(sheet, labels);
    this.show(placed, byKey, map);
    this.host.classList.remove("waiting");
  }

  private withoutEchoes(wanted: Wanted[]): Wanted[] {
    const kept: { text: string; at: Point }[] = [];
    return [...wanted]
      .sort((a, b) => b.rank - a.rank)
      .filter(({ site, lines }) => {
        if (site.mode !== "beside") return true;
        const at = this.frame.pixel(site.at);
        const text = lines.join(" ");
        const near = (other: Point): boolean => Math.hypot(other[0] - at[0], other[1] - at[1]) < ECHO_PX;
        if (kept.some((other) => other.text === text && near(other.at))) return false;
        kept.push({ text, at });
        return true;
      });
  }

  private toLabel(wanted: Wanted, width: number, height: number): Label | null {
    const base = { key: wanted.key, rank: wanted.rank, ...this.size(wanted) };
    const { site } = wanted;
    switch (site.mode) {
      case "beside":
        return { ...base, mode: "beside", at: this.frame.pixel(site.at), radius: site.radius };
      case "over":
        return { ...base, mode: "over", at: this.frame.pixel(site.at) };
      case "inside": {
        const at = roomiest(
          site.ring.map((position) => this.frame.pixel(position)),
          width,
          height,
        );
        return at && { ...base, mode: "over", at };
      }
      default: {
        const path = visiblePart(
          site.path.map((position) => this.frame.pixel(position)),
          width,
          height,
        );
        if (path.length < 2) return null;
        if (site.mode === "plate") return { ...base, mode: "plate", path };
        const uprightLength = this.uprightLength(wanted);
        return { ...base, mode: "along", path, offset: site.offset, uprightLength };
      }
    }
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
    const plate = wanted.style.startsWith("plate");
    const bold = wanted.selected && !plate ? 700 : weight;
    const line = Math.max(
      ...wanted.lines.map((text) => this.measure(text, px, bold) + spacing * px * [...text].length),
    );
    const extra = wanted.extra ? this.measure(wanted.extra, px, 400) + 5 : 0;
    const tag = wanted.tag ? this.measure(wanted.tag, this.typed(TAG_PX), 400) + 5 : 0;
    const width = Math.ceil(line + extra + tag + (plate ? 12 : 3));
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
