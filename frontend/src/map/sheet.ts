/** The map of the page: joins the state to the marks, labels and furniture, and tells what is in view. */
import { batch, effect, untracked } from "@preact/signals";
import {
  type LayerGroup as Group,
  LatLngBounds,
  LayerGroup,
  type LeafletEvent,
  type LeafletMouseEvent,
} from "leaflet";
import { type Bounds, boundsMeet, boundsOf, type Position } from "../data/geometry";
import type { Catalogue, Ground, Project } from "../data/types";
import type { PhaseState } from "../phases";
import { comparedById, differing, pair, stepped } from "../state/changes";
import { hueKey, isLastKnown, isLocated, passing, stateOf, states } from "../state/day";
import { printing } from "../state/paper";
import {
  base,
  baseFailing,
  camera,
  catalogue,
  ground,
  guest,
  inView,
  kindById,
  kindOf,
  lang,
  marked,
  nameOf,
  place,
  projects,
  select,
  selected,
  toReveal,
  words,
} from "../state/store";
import { nameIn } from "../text/words";
import { Background } from "./background";
import { type Standing, spread, symbolScale } from "./crowd";
import { Frame, latLng } from "./frame";
import { drawNeatLine, drawScale } from "./furniture";
import { drawGround } from "./ground";
import { LabelLayer } from "./label-layer";
import { groundLabels, projectLabel, type Wanted } from "./labels";
import { Mark } from "./marks";
import { Patterns } from "./patterns";
import type { Box } from "./placement";
import { Revealing } from "./revealing";
import { Chosen } from "./tiled-chosen";
import { TiledLayers } from "./tiled-layers";
import { labelNames, traitsOf } from "./traits";

const HOME_PADDING_PX = 8;
const SYMBOL_REACH_PX = 12.5;
const SYMBOL_CLEAR_PX = 11;
const LEADER_FROM_PX = 7;
/** After a step of the day the words wait for the next one this long, and in all no longer than that. */
const REST_MS = 150;
const RESTLESS_MS = 1000;

const stillness = matchMedia("(prefers-reduced-motion: reduce)");

export interface SheetHosts {
  map: HTMLElement;
  neat: HTMLElement;
  scale: HTMLElement;
}

/** On small scales signs may touch, and words lie on their tint: otherwise there is no room for the words. */
const roomOfSign = (mark: Mark, scale: number): number => (scale < 1 ? 0 : mark.softPx);

export class MapSheet {
  readonly frame: Frame;
  private readonly patterns: Patterns;
  private readonly labels: LabelLayer;
  private readonly background: Background;
  private readonly tiled: TiledLayers;
  private readonly chosen: Chosen;
  private readonly revealing: Revealing;
  private readonly marks = new Map<string, Mark>();
  private readonly standing = new Map<string, Position>();
  private readonly stops: (() => void)[] = [];
  private projectGroup: Group = new LayerGroup();
  private groundGroup: Group | null = null;
  private groundWanted: Wanted[] = [];
  private names = new Map<string, string>();
  /** The frame and the rest that the words wait for, and since when the day has gone on. */
  private waiting = 0;
  private resting = 0;
  private restless: number | null = null;
  private moving = false;
  /** What the screen showed before the sheet was printed. */
  private onScreen: LatLngBounds | null = null;

  /** `picks`: what chooses a project when it is pressed. Where a press on the ground asks something, lines and areas
   *  are ground; where something else lies over them, nothing does. */
  constructor(
    private readonly hosts: SheetHosts,
    private readonly picks: "all" | "signs" | "nothing" = "all",
  ) {
    this.frame = new Frame(hosts.map);
    this.patterns = new Patterns(hosts.map);
    this.labels = new LabelLayer(this.frame, (id) => picks !== "nothing" && select(id));
    const { map } = this.frame;
    this.background = new Background(map, (failing) => {
      baseFailing.value = failing;
    });
    this.goTo();
    this.tiled = new TiledLayers(this.frame);
    this.chosen = new Chosen(this.frame);
    this.revealing = new Revealing(this.frame, () => this.boxes("[data-covers]", 0));
    this.projectGroup.addTo(map);
    map.on("click", ({ latlng }: LeafletMouseEvent) => {
      if (picks !== "nothing" && !this.tiled.press(latlng)) select(null);
    });
    map.on("move moveend zoomend resize", () => drawNeatLine(map, hosts.neat, this.margin));
    map.on("moveend zoomend resize", () => this.afterMove());
    map.on("zoomend resize", () => this.spreadSymbols());
    this.follow();
    const observer = new ResizeObserver(() => this.resized());
    observer.observe(hosts.map);
    this.stops.push(() => observer.disconnect());
  }

  destroy(): void {
    for (const stop of this.stops) stop();
    cancelAnimationFrame(this.waiting);
    clearTimeout(this.resting);
    this.tiled.destroy();
    this.frame.map.remove();
  }

  zoomBy(steps: number): void {
    this.frame.map.setZoom(this.frame.map.getZoom() + steps);
  }

  /** Show the whole area again. */
  home(): void {
    if (camera.value) camera.value = null;
    else this.goTo();
  }

  /** Bring a project into the part of the sheet that nothing covers; do nothing when it is there, unless it
   * is to be seen `closer`. */
  reveal(id: string, closer = false): void {
    const mark = this.marks.get(id);
    if (mark) this.revealing.mark(mark, this.standing.get(id) ?? mark.anchor, closer);
    else if (guest.value?.id === id && guest.value.geometry)
      this.revealing.shape(guest.value.geometry, closer);
    else this.revealing.parts(this.partsOf(id), closer);
  }

  /** What is drawn of a whole that has no shape of its own. */
  private partsOf(id: string): Mark[] {
    return [...this.marks.values()].filter((mark) => mark.project.properties.parent === id);
  }

  private get margin(): number {
    return Number.parseFloat(getComputedStyle(this.hosts.neat).getPropertyValue("--neat")) || 0;
  }

  // --- following the state --------------------------------------------------------------------

  private follow(): void {
    const watch = (work: () => void): void => {
      this.stops.push(effect(work));
    };
    watch(() => {
      const [cat, all] = [catalogue.value, projects.value];
      if (cat) untracked(() => this.build(cat, all));
    });
    watch(() => {
      const [laid, cat] = [ground.value, catalogue.value];
      if (laid.status === "ready" && cat) untracked(() => this.lay(laid.value, cat));
    });
    watch(() => {
      const wanted = base.value;
      untracked(() => this.background.show(wanted));
    });
    let painted = states.peek();
    watch(() => {
      // Read here what a repaint depends on; it happens once per frame at most.
      const onDay = states.value;
      void [passing.value, selected.value, projects.value];
      void [pair.value, comparedById.value, differing.value, marked.value];
      untracked(() => this.paint());
      if (onDay === painted) this.label();
      else this.labelAtRest();
      painted = onDay;
    });
    watch(() => {
      void [lang.value, projects.value, ground.value, catalogue.value, place.value];
      untracked(() => this.rename());
    });
    watch(() => {
      // Somebody else moved the camera: an address, or the way home.
      void camera.value;
      if (!this.moving) untracked(() => this.goTo());
    });
    watch(() => {
      const wanted = toReveal.value;
      // The card takes its column first; then the sheet knows its size.
      // The open project of a kind that comes as tiles has its place only when its card has come.
      void guest.value;
      if (wanted && catalogue.value)
        requestAnimationFrame(() => requestAnimationFrame(() => this.reveal(wanted.id, wanted.closer)));
    });
    watch(() => {
      const geometry = place.value?.geometry;
      if (geometry) requestAnimationFrame(() => this.revealing.shape(geometry, true));
    });
    watch(() => {
      const changed = stepped.value;
      // Between two days the whole sheet tells what changed.
      if (pair.peek() || stillness.matches) return;
      for (const id of changed) this.marks.get(id)?.flash();
    });
    watch(() => this.chosen.show((guest.value ?? place.value)?.geometry ?? null));
    watch(() => {
      void printing.value;
      untracked(() => this.toPaper());
    });
    watch(() => {
      // What the card says at length need not stand over the map as well.
      if (selected.value) for (const mark of this.marks.values()) mark.hush();
    });
  }

  private build(cat: Catalogue, all: readonly Project[]): void {
    this.projectGroup.clearLayers();
    this.marks.clear();
    const located = all.filter(isLocated);
    const subjects = located.map((project) => ({ project, kind: kindOf(project), hue: hueKey(project) }));
    const traits = traitsOf(subjects);
    // What flanks a line lies right under it.
    const order = (project: Project): number =>
      traits.get(project.id)!.layer - (traits.get(project.id)!.flanks ? 0.5 : 0);
    for (const project of [...located].sort((a, b) => order(a) - order(b))) {
      const mark = new Mark(this.frame, this.patterns, this.projectGroup, project, traits.get(project.id)!);
      this.marks.set(project.id, mark);
      for (const target of this.picks === "nothing" ? [] : mark.targets) {
        target.bindTooltip(() => this.tooltip(project), {
          sticky: !mark.marker,
          direction: "top",
          opacity: 1,
        });
        const isGround = this.picks === "signs" && target !== mark.marker;
        target.options.bubblingMouseEvents = isGround;
        // After the tooltip, which a touch would open in the same moment.
        target.on("click", (event: LeafletEvent) => {
          mark.hush();
          if (isGround) return;
          (event as unknown as { originalEvent?: Event }).originalEvent?.stopPropagation();
          select(project.id);
        });
      }
    }
    if (!camera.value) this.goTo(cat);
    this.spreadSymbols();
  }

  private lay(laid: Ground, cat: Catalogue): void {
    this.groundGroup?.remove();
    this.groundGroup = drawGround(this.frame, laid, cat.area.bbox_lonlat).addTo(this.frame.map);
  }

  private rename(): void {
    this.names = labelNames(
      [...this.marks.values()].map((mark) => mark.project),
      lang.value,
    );
    const laid = ground.value.status === "ready" ? ground.value.value.features : [];
    this.groundWanted = groundLabels(laid, lang.value, place.value);
    this.label();
  }

  /** The slider's step: only styles are set. */
  private paint(): void {
    for (const [id, mark] of this.marks) {
      mark.paint({
        state: this.stateOf(id),
        shown: passing.value.has(id),
        selected: selected.value === id,
        former: this.formerOf(id),
        pale: this.isPale(id),
        differs: differing.value.has(id) || marked.value.has(id),
      });
    }
  }

  private isPale(id: string): boolean {
    if (pair.value) return !comparedById.value.has(id);
    if (marked.value.size) return !marked.value.has(id);
    return isLastKnown(stateOf(id));
  }

  /** What is drawn beside a changed project: its former phase, or that this is the first word of it. */
  private formerOf(id: string): PhaseState | null {
    const change = comparedById.value.get(id);
    if (!change) return null;
    return change.group === "first" || change.before.phase !== "unknown" ? change.before : null;
  }

  /** Of two days that are compared the later one is drawn in full. */
  private stateOf(id: string): PhaseState {
    return comparedById.value.get(id)?.after ?? stateOf(id);
  }

  private tooltip(project: Project): HTMLElement {
    const state = this.stateOf(project.id);
    const phase = catalogue.value?.phases.find((one) => one.id === state.phase);
    const precision = catalogue.value?.precisions.find((one) => one.id === project.properties.precision);
    const said = [
      nameOf(project),
      kindById.value.get(project.properties.kind)?.tracked && phase ? nameIn(lang.value, phase) : "",
      state.basis === "promise" ? words.value.card.promised : "",
      isLastKnown(state) ? words.value.time.lastKnown : "",
      precision ? nameIn(lang.value, precision) : "",
    ];
    const element = document.createElement("span");
    element.textContent = said.filter(Boolean).join(" · ");
    return element;
  }

  // --- the view -------------------------------------------------------------------------------

  private goTo(cat: Catalogue | null = catalogue.value): void {
    const { map } = this.frame;
    const wanted = camera.value;
    this.moving = true;
    if (wanted) map.setView(latLng([wanted.lon, wanted.lat]), wanted.zoom, { animate: false });
    else {
      const [west, south, east, north] = cat?.area.bbox_lonlat ?? [114.08, 22.65, 114.17, 22.73];
      const bounds = new LatLngBounds([south, west], [north, east]);
      map.fitBounds(bounds, { padding: [HOME_PADDING_PX, HOME_PADDING_PX], animate: false });
    }
    this.moving = false;
  }

  private resized(): void {
    this.moving = true;
    this.frame.map.invalidateSize({ animate: false, pan: true });
    this.moving = false;
    if (!camera.value) this.goTo();
  }

  private afterMove(): void {
    const { map } = this.frame;
    drawScale(map, this.hosts.scale);
    this.tellView();
    this.label();
    if (this.moving) return;
    const centre = map.getCenter();
    this.moving = true;
    camera.value = { zoom: map.getZoom(), lat: centre.lat, lon: centre.lng };
    this.moving = false;
  }

  /** To the size of the paper and back, at once: the printer waits for nothing. */
  private toPaper(): void {
    if (printing.value === null && !this.onScreen) return;
    const { map } = this.frame;
    const bounds = map.getBounds();
    const leaving = printing.value !== null && !this.onScreen;
    if (leaving) this.onScreen = bounds;
    this.moving = true;
    map.invalidateSize({ animate: false, pan: false });
    if (camera.value && printing.value) map.fitBounds(this.onScreen ?? bounds, { animate: false });
    this.moving = false;
    if (!camera.value || !printing.value) this.goTo();
    if (!printing.value) this.onScreen = null;
    this.labelNow();
  }

  private tellView(): void {
    const box = this.frame.map.getBounds();
    const view: Bounds = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
    const ids = [...this.marks.values()]
      .filter((mark) => boundsMeet(boundsOf(mark.project.geometry!), view))
      .map((mark) => mark.project.id);
    batch(() => {
      if (ids.join() !== inView.value.join()) inView.value = ids;
    });
  }

  // --- symbols and words ----------------------------------------------------------------------

  private spreadSymbols(): void {
    const crowd: { mark: Mark; at: Standing; from: [number, number] }[] = [];
    const scale = symbolScale(this.frame.map.getZoom());
    this.hosts.map.style.setProperty("--symbol-scale", String(scale));
    for (const mark of this.marks.values()) {
      if (!mark.marker) continue;
      const from = this.frame.pixel(mark.anchor);
      const { station, ringRadius } = mark.trait;
      const fixed = ["digitised", "surveyed"].includes(mark.project.properties.precision);
      const reach = scale * ((station ? ringRadius + 4 : SYMBOL_REACH_PX) + roomOfSign(mark, scale));
      crowd.push({ mark, from, at: { x: from[0], y: from[1], reach, fixed, station } });
    }
    spread(crowd.map((one) => one.at));
    this.standing.clear();
    for (const { mark, at, from } of crowd) {
      const { lat, lng } = this.frame.map.containerPointToLatLng([at.x, at.y]);
      const far = Math.hypot(at.x - from[0], at.y - from[1]) > LEADER_FROM_PX;
      this.standing.set(mark.project.id, [lng, lat]);
      mark.moveSymbol([lng, lat], far);
    }
  }

  private label(): void {
    cancelAnimationFrame(this.waiting);
    this.waiting = requestAnimationFrame(() => this.labelNow());
  }

  /** Words are read when the day rests; while it goes on for long they are placed now and then. */
  private labelAtRest(): void {
    clearTimeout(this.resting);
    const now = performance.now();
    this.restless ??= now;
    const wait = Math.min(REST_MS, this.restless + RESTLESS_MS - now);
    this.resting = window.setTimeout(() => this.label(), Math.max(0, wait));
  }

  private labelNow(): void {
    clearTimeout(this.resting);
    this.restless = null;
    const shown = [...this.marks.values()].filter((mark) => passing.value.has(mark.project.id));
    const phases = new Map(catalogue.value?.phases.map((phase) => [phase.id, nameIn(lang.value, phase)]));
    const wanted = shown.map((mark) => {
      const { id } = mark.project;
      const state = this.stateOf(id);
      const at = this.standing.get(id) ?? mark.anchor;
      const name = this.names.get(id) ?? nameOf(mark.project);
      return projectLabel(
        mark,
        at,
        name,
        state,
        [phases.get(state.phase) ?? "", isLastKnown(state) ? words.value.time.lastKnown : ""]
          .filter(Boolean)
          .join(" · "),
        selected.value === id,
        words.value,
      );
    });
    this.labels.render([...wanted, ...this.groundWanted], {
      obstacles: [...this.symbolBoxes(shown), ...this.boxes("[data-obstacle]", 4)],
      ink: shown
        .filter((mark) => mark.trait.form !== "road" || mark.trait.trunk)
        .flatMap((mark) => [
          ...mark.course,
          ...(stateOf(mark.project.id).phase === "in_service" ? mark.edges : []),
        ]),
    });
  }

  private symbolBoxes(shown: Mark[]): Box[] {
    const scale = symbolScale(this.frame.map.getZoom());
    return shown
      .filter((mark) => mark.marker)
      .map((mark) => {
        const [x, y] = this.frame.pixel(this.standing.get(mark.project.id) ?? mark.anchor);
        const own = mark.trait.station ? mark.trait.ringRadius + 2 : SYMBOL_CLEAR_PX;
        const r = scale * (own + roomOfSign(mark, scale));
        return [x - r, y - r, x + r, y + r];
      });
  }

  /** The boxes of some elements of the page, in pixels of the sheet. */
  private boxes(selector: string, margin: number): Box[] {
    const sheet = this.hosts.map.getBoundingClientRect();
    return [...document.querySelectorAll(selector)]
      .map((element) => element.getBoundingClientRect())
      .filter((box) => box.width > 0)
      .map((box) => [
        box.left - sheet.left - margin,
        box.top - sheet.top - margin,
        box.right - sheet.left + margin,
        box.bottom - sheet.top + margin,
      ]);
  }
}
