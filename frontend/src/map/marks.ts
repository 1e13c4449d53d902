/**
 * One project on the sheet, built once. A change of day, filter or selection only sets styles on the
 * layers that are there; nothing is made or thrown away.
 */
import { DivIcon, type LayerGroup, Marker, type Path, type PathOptions, type Polyline } from "leaflet";
import { sameState } from "../changes";
import { linesOf, middleOf, type Position, pointsOf, polygonsOf, shapeOf } from "../data/geometry";
import type { GroupId, Project } from "../data/types";
import type { PhaseState } from "../phases";
import { hueVar } from "../state/hues";
import { type Frame, latLng, type Pane } from "./frame";
import type { Patterns } from "./patterns";
import { isBox, openRing, smooth, softForm } from "./shapes";
import {
  areaStyle,
  flankStrokes,
  formerStrokes,
  HALO,
  lineStrokes,
  railStrokes,
  type Stroke,
} from "./strokes";
import { type Drawing, glyphSymbol, SOFT_PX, softSign, stationSymbol } from "./symbols";
import type { Trait } from "./traits";

export interface MarkLook {
  state: PhaseState;
  shown: boolean;
  selected: boolean;
  /** What to draw beside it of the day that this one is compared with: a former phase, "unknown" for a first word. */
  former: PhaseState | null;
  /** Drawn weaker: it is the same on both days that are compared, or last known before the day. */
  pale: boolean;
  /** Known otherwise today. */
  differs: boolean;
}

const isSameLook = (a: MarkLook, b: MarkLook): boolean =>
  sameState(a.state, b.state) &&
  (a.former === b.former || (a.former !== null && b.former !== null && sameState(a.former, b.former))) &&
  a.shown === b.shown &&
  a.selected === b.selected &&
  a.pale === b.pale &&
  a.differs === b.differs;

const HIDDEN: PathOptions = { opacity: 0, fillOpacity: 0, weight: 0 };
const MAX_STROKES = 5;
/** How much of its ink is left to what is drawn weaker. */
const PALE = 0.45;
const FLASHES = ["flash-a", "flash-b"] as const;
const SYMBOL_PX = 22;
const SELECTED_Z = 5000;
/** Of an area that is chosen, also one of which next to nothing is known. */
const CHOSEN_AREA_GLOW = 0.34;
const CHOSEN_AREA_FILL = 0.18;
/** A line that words alone have placed is not what the eye should meet first. */
const QUIET_OPACITY = 0.7;
const QUIET_HALO = 0.45;

/** The tint of an area in service: what many walk through is paler than what is built up. */
const SOLID: Partial<Record<GroupId, number>> = { public: 0.22, transit: 0.28, context: 0.12 };

export class Mark {
  /** Where its symbol or the middle of its drawing is. */
  readonly anchor: Position;
  /** The drawn course of a line, smoothed when it is schematic; empty for others. */
  readonly course: Position[][] = [];
  /** The outlines of an area that in service is tinted strongly enough to cross out a word; empty for others. */
  readonly edges: Position[][] = [];
  readonly marker: Marker | null = null;
  private readonly layers: Path[] = [];
  private readonly paints: ((look: MarkLook) => void)[] = [];
  private readonly leader: Polyline | null = null;
  private drawing: Drawing | null = null;
  private readonly glows: Path[] = [];
  private painted: MarkLook | null = null;
  private flashes = 0;

  constructor(
    private readonly frame: Frame,
    private readonly patterns: Patterns,
    private readonly group: LayerGroup,
    readonly project: Project,
    readonly trait: Trait,
  ) {
    const geometry = project.geometry!;
    const shape = shapeOf(geometry);
    this.anchor = shape === "point" ? pointsOf(geometry)[0] : middleOf(geometry);
    if (shape === "line") {
      this.course = linesOf(geometry).map((line) => (this.schematic ? smooth(line, false) : line));
      this.buildLine();
    } else {
      if (shape === "area") {
        const polygons = polygonsOf(geometry);
        if (!(trait.group in SOLID) && !trait.flanks) this.edges = polygons.map((rings) => rings[0]);
        this.buildArea(polygons);
      }
      this.leader = this.add("top", frame.line("top", [[this.anchor, this.anchor]], HIDDEN)) as Polyline;
      this.marker = this.buildMarker();
    }
  }

  get schematic(): boolean {
    return this.project.properties.precision === "schematic";
  }

  get approximate(): boolean {
    return this.project.properties.precision === "approximate";
  }

  /** How far its symbol is surrounded by the sign of a place drawn from words, in pixels. */
  get softPx(): number {
    return this.schematic ? SOFT_PX : 0;
  }

  /** Every layer that answers to the pointer. */
  get targets(): (Path | Marker)[] {
    const paths = this.layers.filter((layer) => layer.options.interactive);
    return this.marker ? [...paths, this.marker] : paths;
  }

  /** Put away what a pointer called up. */
  hush(): void {
    for (const target of this.targets) target.closeTooltip();
  }

  /** Set the styles for a state; does nothing when they are set already. */
  paint(look: MarkLook): void {
    const { state } = look;
    if (this.painted && isSameLook(this.painted, look)) return;
    this.painted = look;
    for (const layer of this.layers) {
      const element = layer.getElement() as SVGElement | undefined;
      if (element) element.style.display = look.shown ? "" : "none";
    }
    if (look.shown) for (const paint of this.paints) paint(look);
    const icon = this.marker?.getElement();
    if (!icon) return;
    icon.style.display = look.shown ? "" : "none";
    icon.classList.toggle("selected", look.selected);
    icon.classList.toggle("unstated", state.phase === "unknown" && this.trait.tracked);
    icon.classList.toggle("pale", look.pale);
    icon.classList.toggle("differs", look.differs);
    this.marker?.setZIndexOffset(look.selected ? SELECTED_Z : this.depth);
    this.drawing?.paint(state, look.former);
  }

  /** Light up once and fade. */
  flash(): void {
    // Of two like animations the other one begins anew; taking one away and putting it back does not.
    const [next, last] = this.flashes++ % 2 ? FLASHES : [FLASHES[1], FLASHES[0]];
    const elements = [...this.glows.map((glow) => glow.getElement()), this.marker?.getElement()];
    for (const element of elements) {
      element?.classList.remove(last);
      element?.classList.add(next);
    }
  }

  /** Let the symbol step aside; a hairline leads back when it moved more than a few pixels. */
  moveSymbol(to: Position, far: boolean): void {
    this.marker?.setLatLng(latLng(to));
    this.leader?.setLatLngs([latLng(this.anchor), latLng(to)]);
    this.leader?.setStyle({ color: this.ink, weight: far ? 1 : 0, opacity: far ? 0.8 : 0 });
  }

  /** A station stands above whatever else is near it. */
  private get depth(): number {
    return this.trait.station ? 1000 : 0;
  }

  private get ink(): string {
    return hueVar(this.trait.hue);
  }

  private add<T extends Path>(_pane: Pane, layer: T): T {
    this.layers.push(layer.addTo(this.group) as T);
    return layer;
  }

  private strokesFor(state: PhaseState, former: PhaseState | null): Stroke[] {
    const { rails, width, flanks } = this.trait;
    if (flanks) return flankStrokes(state, width);
    const now = rails ? railStrokes(state, width) : lineStrokes(state, width);
    return former ? [...formerStrokes(former, width), ...now] : now;
  }

  private buildLine(): void {
    const { form, width, flanks, flanked, quiet } = this.trait;
    const pane: Pane = form === "road" && !flanks && !flanked ? "context" : "line";
    const line = (where: Pane, options: PathOptions): Polyline =>
      this.add(where, this.frame.line(where, this.course, options));
    const glow = line("halo", { ...HIDDEN, color: "var(--ink)", lineCap: "round" });
    this.addGlow(glow, width + 13);
    if (this.schematic && !flanks)
      this.buildHalo((options) => line("halo", options), quiet ? QUIET_HALO : form === "road" ? 0.55 : 1);
    const precise = ["digitised", "surveyed"].includes(this.project.properties.precision);
    if (precise && !flanks) {
      const casing = line(pane, { ...HIDDEN, color: "var(--land)" });
      this.paints.push(({ state }) =>
        casing.setStyle({ weight: width + 4, opacity: state.phase === "unknown" ? 0 : 0.9 }),
      );
    }
    const slots = Array.from({ length: MAX_STROKES }, () => line(pane, HIDDEN));
    let used = 0;
    this.paints.push(({ state, former, pale }) => {
      const strokes = this.strokesFor(state, former);
      strokes.forEach((stroke, i) => {
        slots[i].setStyle(this.strokeOptions(stroke, pale ? PALE : 1));
      });
      for (const slot of slots.slice(strokes.length, used)) slot.setStyle(HIDDEN);
      used = strokes.length;
    });
    const reach = flanks ? 20 : flanked ? 9 : Math.max(16, width + 10);
    line("top", { color: "#000", weight: reach, opacity: 0, interactive: true, className: "hit" });
  }

  /** What lies under a project: it tells what is selected, what is known otherwise, and flashes. */
  private addGlow(glow: Path, weight: number, chosen = 0.2): void {
    this.glows.push(glow);
    this.paints.push(({ selected, differs }) =>
      glow.setStyle({
        weight: selected || !differs ? weight : weight - 5,
        opacity: selected ? chosen : differs ? 0.5 : 0,
        dashArray: differs && !selected ? "1.5 6" : "",
        lineCap: differs && !selected ? "butt" : "round",
      }),
    );
  }

  private strokeOptions(stroke: Stroke, share: number): PathOptions {
    const road = this.trait.form === "road" && !stroke.dash ? 0.82 : 1;
    const quiet = this.trait.quiet ? QUIET_OPACITY : road;
    return {
      color: stroke.ink === "hue" ? this.ink : "var(--land)",
      weight: stroke.width,
      opacity: (stroke.opacity ?? 1) * (stroke.ink === "hue" ? quiet * share : 1),
      dashArray: stroke.dash ?? "",
      lineCap: stroke.round || (!stroke.dash && !this.trait.flanks) ? "round" : "butt",
    };
  }

  private buildHalo(make: (options: PathOptions) => Path, scale: number): void {
    for (const [width, opacity] of HALO) {
      const ring = make({ ...HIDDEN, fill: false, color: this.ink, lineCap: "round" });
      const faint = (state: PhaseState): number => (state.phase === "unknown" ? 0.45 : 1);
      this.paints.push(({ state, pale }) =>
        ring.setStyle({ weight: width * scale, opacity: opacity * faint(state) * (pale ? PALE : 1) }),
      );
    }
  }

  private buildArea(polygons: Position[][][]): void {
    const { hue, flanks, tracked, group } = this.trait;
    const id = this.project.id;
    const soft = (ring: Position[], seed: string, wobble?: number): Position[] =>
      isBox(ring) ? softForm(openRing(ring), seed, wobble) : smooth(openRing(ring), true, 3);
    // What was measured keeps its corners; what is only about there has none to keep.
    const isMeasured = ["surveyed", "digitised"].includes(this.project.properties.precision);
    const hard = (ring: Position[]): Position[] =>
      isMeasured ? openRing(ring) : smooth(openRing(ring), true, 2);
    const shape = polygons.map((rings) =>
      rings.map((ring) => (this.schematic ? soft(ring, id) : hard(ring))),
    );
    const area = (rings: Position[][][], options: PathOptions): Path =>
      this.add("area", this.frame.area("area", rings, options));
    const edge = { ...HIDDEN, fill: false };
    const glow = area(shape, { ...edge, color: "var(--ink)" });
    this.addGlow(glow, 12, CHOSEN_AREA_GLOW);
    if (this.schematic) this.buildHalo((options) => area(shape, options), 0.85);
    const solid = SOLID[group] ?? 0.42;
    const fill = area(shape, { stroke: false, interactive: true, className: "hit" });
    const old = area(shape, edge);
    const gap = area(shape, edge);
    const casing = area(shape, { ...edge, color: "var(--land)" });
    const first = area(shape, { ...edge, color: this.ink });
    // A second, offset pencil line says that nobody surveyed this edge.
    const second = this.schematic
      ? area(
          polygons.map((rings) => rings.map((ring) => soft(ring, `${id} again`, 0.06))),
          { ...edge, color: this.ink },
        )
      : null;
    this.paints.push(({ state, former, pale, selected }) => {
      const style = areaStyle(state, solid);
      const share = pale ? PALE : 1;
      // Two projects on one plot: the upper one shows its edge only.
      const opacity = flanks ? 0 : tracked ? style.opacity : 0.1;
      const pattern = style.pattern && !flanks ? this.patterns.fill(style.pattern, hue) : this.ink;
      const least = selected ? CHOSEN_AREA_FILL : 0;
      fill.setStyle({ fillColor: pattern, fillOpacity: Math.max(opacity * share, least) });
      // Dots for a place that nobody measured; what was measured is there, whatever its phase.
      const unsaid = isMeasured && state.phase === "unknown";
      const dash = unsaid ? "3 3" : tracked ? (style.dash ?? "") : "2 4";
      casing.setStyle({ weight: this.schematic ? 0 : 4.5, opacity: this.schematic ? 0 : 0.9 });
      const thin = this.schematic ? (state.phase === "unknown" ? 1.1 : 1.3) : 1.8;
      first.setStyle({ weight: thin + (selected ? 1 : 0), opacity: 0.95 * share, dashArray: dash });
      // Between two days its place goes to the edge of what was: both phases are to be seen.
      if (former) second?.setStyle(HIDDEN);
      else second?.setStyle({ weight: 0.8, opacity: 0.6 * share, dashArray: dash });
      const [edge, inner] = former ? formerStrokes(former, thin) : [];
      old.setStyle(edge ? this.strokeOptions(edge, 1) : HIDDEN);
      gap.setStyle(inner ? this.strokeOptions(inner, 1) : HIDDEN);
    });
  }

  private buildMarker(): Marker {
    const { trait } = this;
    this.drawing = trait.station
      ? stationSymbol(this.ink, trait.ringRadius)
      : glyphSymbol(trait.glyph, this.ink, SYMBOL_PX);
    const size = trait.station ? 2 * trait.ringRadius + 10 : SYMBOL_PX;
    const html = document.createElement("span");
    html.style.setProperty("--c", this.ink);
    html.dataset.project = this.project.id;
    if (this.schematic) {
      const radius = trait.station ? trait.ringRadius + 2 : SYMBOL_PX / 2;
      html.append(softSign(this.ink, radius, this.project.id));
    }
    html.append(this.drawing.element);
    const icon = new DivIcon({
      className: `mark${this.schematic ? " soft" : ""}`,
      html,
      iconSize: [size, size],
    });
    const zIndexOffset = this.depth;
    const marker = new Marker(latLng(this.anchor), { pane: "symbol", icon, keyboard: false, zIndexOffset });
    return marker.addTo(this.group);
  }
}
