/** The sheet's frame: the neat line with its degrees, and the scale bar. Drawn from the map's view. */
import type { Map as LeafletMap } from "leaflet";
import { type Attributes, svg } from "./svg";

const STEP_DEGREES = 0.01;
const CLOSE_ZOOM = 15;
/** Room for one number along the edge. */
const DEGREES_APART_PX = 52;

interface Axis {
  from: number;
  to: number;
  /** Pixels along the edge of a degree value. */
  at(degrees: number): number;
  length: number;
}

/** Draw the neat line round the sheet; `margin` is its distance from the host's edge in pixels. */
export function drawNeatLine(map: LeafletMap, host: HTMLElement, margin: number): void {
  const { x: w, y: h } = map.getSize();
  if (!margin) {
    host.replaceChildren();
    return;
  }
  const bounds = map.getBounds();
  const middle = bounds.getCenter();
  const across: Axis = {
    from: bounds.getWest(),
    to: bounds.getEast(),
    length: w,
    at: (lon) => map.latLngToContainerPoint([middle.lat, lon]).x,
  };
  const down: Axis = {
    from: bounds.getSouth(),
    to: bounds.getNorth(),
    length: h,
    at: (lat) => map.latLngToContainerPoint([lat, middle.lng]).y,
  };
  const step = map.getZoom() >= CLOSE_ZOOM ? STEP_DEGREES / 5 : STEP_DEGREES;
  const frame = (gap: number, width: number): Node =>
    svg("rect", {
      x: margin - gap,
      y: margin - gap,
      width: w + 2 * gap,
      height: h + 2 * gap,
      fill: "none",
      stroke: "var(--map-ink)",
      "stroke-width": width,
    });
  host.replaceChildren(
    svg(
      "svg",
      { width: w + 2 * margin, height: h + 2 * margin, "aria-hidden": "true" },
      ...bars(across, step, margin, h, false),
      ...bars(down, step, margin, w, true),
      ...degrees(across, step, margin, false),
      ...degrees(down, step, margin, true),
      frame(0.5, 1),
      frame(4.5, 0.8),
    ),
  );
}

/** The black and white bars on both sides of an axis. */
function bars(axis: Axis, step: number, margin: number, across: number, vertical: boolean): Node[] {
  const out: Node[] = [];
  for (let i = Math.floor(axis.from / step); i * step < axis.to; i++) {
    const ends = [axis.at(i * step), axis.at((i + 1) * step)].map((v) =>
      Math.max(0, Math.min(axis.length, v)),
    );
    const [start, end] = [Math.min(...ends), Math.max(...ends)];
    if (end <= start) continue;
    const fill = i % 2 ? "var(--paper)" : "var(--map-ink)";
    for (const side of [margin - 4, margin + across + 1]) {
      const along = { start: margin + start, size: end - start };
      out.push(
        vertical
          ? svg("rect", { x: side, y: along.start, width: 3, height: along.size, fill })
          : svg("rect", { x: along.start, y: side, width: along.size, height: 3, fill }),
      );
    }
  }
  return out;
}

function degrees(axis: Axis, step: number, margin: number, vertical: boolean): Node[] {
  const every = Math.max(
    1,
    Math.ceil(DEGREES_APART_PX / Math.abs(axis.at(axis.from + step) - axis.at(axis.from))),
  );
  const digits = step < STEP_DEGREES ? 3 : 2;
  const out: Node[] = [];
  for (let i = Math.ceil(axis.from / step); i * step < axis.to; i++) {
    const at = axis.at(i * step);
    if (i % every || at < 26 || at > axis.length - 26) continue;
    const text = `${(i * step).toFixed(digits)}°${vertical ? "N" : "E"}`;
    const place: Attributes = vertical
      ? { transform: `translate(${margin - 7} ${margin + at}) rotate(-90)` }
      : { x: margin + at, y: margin - 7 };
    out.push(svg("text", { "text-anchor": "middle", ...place }, text));
  }
  return out;
}

const NARROW_PX = 700;
const CHARACTER_PX = 7;
const LENGTHS_M = [50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/** A scale bar for the middle of the sheet. Returns its length in words. */
export function drawScale(map: LeafletMap, host: HTMLElement): string {
  const y = map.getSize().y / 2;
  const metresPerPixel =
    map.distance(map.containerPointToLatLng([0, y]), map.containerPointToLatLng([100, y])) / 100;
  // On a narrow sheet the credits need the room beside it.
  const least = map.getSize().x < NARROW_PX ? 45 : 70;
  const metres =
    LENGTHS_M.find((length) => length / metresPerPixel > least) ?? LENGTHS_M[LENGTHS_M.length - 1];
  const width = metres / metresPerPixel;
  const say = (m: number): string => (m >= 1000 ? `${m / 1000} km` : `${m} m`);
  const box = (x: number, w: number, fill: string): Node =>
    svg("rect", { x, y: 0, width: w, height: 4, fill });
  const text = (x: number, words: string): Node => svg("text", { x, y: -4, "text-anchor": "middle" }, words);
  const half = metres >= 2000 ? String(metres / 2000) : String(metres / 2);
  const hasRoom = width > (half.length + say(metres).length) * CHARACTER_PX;
  const outline = svg("rect", { width, height: 4, fill: "none", stroke: "var(--map-ink)" });
  host.replaceChildren(
    svg(
      "svg",
      { width: width + 48, height: 22, "aria-hidden": "true" },
      svg(
        "g",
        { transform: "translate(8 15)" },
        box(0, width / 2, "var(--map-ink)"),
        box(width / 2, width / 2, "var(--paper)"),
        outline,
        text(0, "0"),
        ...(hasRoom ? [text(width / 2, half)] : []),
        text(width, say(metres)),
      ),
    ),
  );
  return say(metres);
}
