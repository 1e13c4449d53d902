/** The colours of what is painted by pixels: the cartographic table of areas, as squares of 32 pixels. Pure. */
import type { PHASE_IDS, PhaseState } from "../phases";
import { type AreaStyle, areaStyle } from "./strokes";
import { CODES, stateOfCode } from "./tiled-clock";
import { FILL, RIM, RIM_FAINT, SPECK } from "./tiled-raster";

const SIDE = 32;
const SQUARE = SIDE * SIDE;
const PARTS = 4;
/** The colours of one code: a square for each part of a feature. */
const BLOCK = PARTS * SQUARE;

const SOLID = 0.42;
const RIM_OPACITY = 0.95;
const FAINT = 0.5;
/** How much of its ink is left to what is drawn weaker. */
const PALE = 0.45;

type At = (x: number, y: number) => number;
const band = (n: number, period: number, width: number): boolean => ((n % period) + period) % period < width;

/** The patterns of the areas that are drawn as shapes, on periods that divide the square. */
const PATTERN: Record<NonNullable<AreaStyle["pattern"]>, At> = {
  proposed: (x, y) => (band(x - 3, 8, 2) && band(y - 3, 8, 2) ? 0.8 : 0),
  preparing: (x, y) => (band(x + y, 16, 2) ? 0.75 : 0.09),
  building: (x, y) => (band(x + y, 8, 3) ? 1 : 0.13),
  completing: (x, y) => (band(x + y, 8, 3) || band(x - y, 8, 3) ? 1 : 0.18),
};

/** How strong a speck is: where no pattern can be told, the phase is lightness alone. */
const SPECK_OPACITY: Record<(typeof PHASE_IDS)[number], number> = {
  unknown: 0.1,
  proposed: 0.16,
  planned: 0.22,
  preparing: 0.3,
  building: 0.42,
  completing: 0.52,
  in_service: 0.64,
  closed: 0.08,
  cancelled: 0.06,
};

function rimOf({ phase, basis }: PhaseState): At {
  if (basis === "promise") return () => RIM_OPACITY;
  switch (phase) {
    case "unknown":
      return (x, y) => (band(x + y, 8, 3) ? 0.5 : 0);
    case "proposed":
      return (x, y) => (band(x + y, 8, 3) ? RIM_OPACITY : 0);
    case "planned":
      return (x, y) => (band(x + y, 16, 10) ? RIM_OPACITY : 0);
    case "preparing":
      return (x, y) => (band(x + y, 32, 25) ? RIM_OPACITY : 0);
    case "cancelled":
      return (x, y) => (band(x + y, 8, 2) ? RIM_OPACITY : 0);
    default:
      return () => RIM_OPACITY;
  }
}

/** What is promised is a screen of single pixels: hollow, as far as a speck can be. */
const speckOf = ({ phase, basis }: PhaseState): At =>
  basis === "promise" ? (x, y) => (band(x + y, 2, 1) ? 0.5 : 0.04) : () => SPECK_OPACITY[phase];

/** How opaque a pixel is, by the part of its feature. */
function opacities(state: PhaseState): Record<number, At> {
  const { pattern, opacity } = areaStyle(state, SOLID);
  const fill: At = pattern ? PATTERN[pattern] : () => opacity;
  const rim = rimOf(state);
  return {
    [FILL]: fill,
    [RIM]: (x, y) => Math.max(rim(x, y), fill(x, y)),
    [RIM_FAINT]: (x, y) => Math.max(rim(x, y) * FAINT, fill(x, y) * FAINT),
    [SPECK]: speckOf(state),
  };
}

/** A colour `#rrggbb` as the three low bytes of a pixel. */
export function inkOf(colour: string): number {
  const value = Number.parseInt(colour.slice(1, 7), 16);
  return ((value & 255) << 16) | (value & 0xff00) | (value >> 16);
}

export interface PaletteLook {
  /** The colours `#rrggbb` of the hues: a feature's code counts on from hue to hue. */
  hues: readonly string[];
  isShown(state: PhaseState): boolean;
  /** Facts are drawn weaker: they are last known before the day. */
  pale: boolean;
  /** Whole pixels of the raster to one of the page. */
  density: number;
}

/** The pixels of every code, for `lookUp`. */
export function paletteOf(look: PaletteLook): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(look.hues.length * CODES * BLOCK);
  look.hues.forEach((colour, hue) => {
    const ink = inkOf(colour);
    for (let code = 0; code < CODES; code++) {
      const state = stateOfCode(code);
      if (!look.isShown(state)) continue;
      const share = look.pale && state.basis === "fact" ? PALE : 1;
      const parts = opacities(state);
      const start = (hue * CODES + code) * BLOCK;
      for (let part = 0; part < PARTS; part++)
        for (let i = 0; i < SQUARE; i++) {
          const [x, y] = [i % SIDE, Math.floor(i / SIDE)].map((n) => Math.floor(n / look.density));
          const alpha = Math.round(parts[part](x, y) * share * 255);
          out[start + part * SQUARE + i] = ((alpha << 24) | ink) >>> 0;
        }
    }
  });
  return out;
}

/**
 * Paint: for every cell the pixel of its feature's code. `codes` is by number of the feature, from 1.
 * Runs over every pixel of a tile: when it is new, and when colours or filters change.
 */
export function lookUp(
  pixels: Uint32Array,
  cells: Uint32Array,
  side: number,
  codes: Uint16Array,
  palette: Uint32Array,
): void {
  for (let y = 0, at = 0; y < side; y++) {
    const row = (y & (SIDE - 1)) * SIDE;
    for (let x = 0; x < side; x++, at++) {
      const cell = cells[at];
      pixels[at] = cell
        ? palette[codes[cell >>> 2] * BLOCK + (cell & 3) * SQUARE + row + (x & (SIDE - 1))]
        : 0;
    }
  }
}

/** As `lookUp`, for the pixels of one feature: what a step of the day does for each that changes its phase. */
export function lookUpSome(
  pixels: Uint32Array,
  cells: Uint32Array,
  side: number,
  some: Uint32Array,
  code: number,
  palette: Uint32Array,
): void {
  for (const at of some) {
    const y = Math.floor(at / side);
    const inSquare = (y & (SIDE - 1)) * SIDE + ((at - y * side) & (SIDE - 1));
    pixels[at] = palette[code * BLOCK + (cells[at] & 3) * SQUARE + inSquare];
  }
}
