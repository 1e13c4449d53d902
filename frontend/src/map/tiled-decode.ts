/** A vector tile as flat arrays: what its features are, and their shapes. Pure; in units of the tile. */
import { VectorTile, type VectorTileLayer } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";

/** What of a tile the page asks about: by the number of the feature, counted from 0. */
export interface TileNames {
  /** The project's id; empty for a square that stands for several. */
  ids: string[];
  zh: string[];
  en: string[];
  /** The different `phases` texts, and which of them each feature has. */
  texts: string[];
  textOf: Uint32Array;
  /** The different values of the attribute that may override the hue, and which each feature has. */
  values: string[];
  hueOf: Uint8Array;
  /** How sure each place is, as its identifier; empty for a square of a crowd. */
  precisions: string[];
  precisionOf: Uint8Array;
  /** For how many projects a feature stands: 1 unless it is a square of a crowd. */
  stands: Uint32Array;
}
export const POINT = 1;
export const LINE = 2;
export const AREA = 3;
export interface TileShapes {
  extent: number;
  /** POINT, LINE or AREA of each feature. */
  type: Uint8Array;
  /** 1 for a feature that was placed from words: it has no edge that anybody could have measured. */
  soft: Uint8Array;
  /** The parts of feature f are those from `parts[f]` up to `parts[f + 1]`. */
  parts: Uint32Array;
  /** The positions of part p are those from `starts[p]` up to `starts[p + 1]`, each an x and a y. */
  starts: Uint32Array;
  xy: Int16Array;
}
export interface Tile {
  names: TileNames;
  shapes: TileShapes;
}

/** Each different text once, numbered in the order in which it was met. */
class Numbered {
  readonly all: string[] = [];
  private readonly numbers = new Map<string, number>();

  of(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.all.push(text) - 1;
      this.numbers.set(text, number);
    }
    return number;
  }
}

const said = (value: string | number | boolean | undefined): string =>
  value === undefined ? "" : String(value);

/** The features of a kind in the bytes of a tile: its shapes, and the squares of its crowd. Null: none. */
export function decodeTile(bytes: ArrayBuffer, kind: string): Tile | null {
  const { layers } = new VectorTile(new PbfReader(new Uint8Array(bytes)));
  const found = [layers[`${kind}-crowd`], layers[kind]].filter((layer): layer is VectorTileLayer => !!layer);
  const count = found.reduce((sum, layer) => sum + layer.length, 0);
  if (!count) return null;
  const names = { ids: [] as string[], zh: [] as string[], en: [] as string[] };
  const [texts, values, precisions] = [new Numbered(), new Numbered(), new Numbered()];
  const [textOf, stands] = [new Uint32Array(count), new Uint32Array(count)];
  const [hueOf, precisionOf] = [new Uint8Array(count), new Uint8Array(count)];
  const [type, soft] = [new Uint8Array(count), new Uint8Array(count)];
  const [parts, starts, xy] = [[0], [0], [] as number[]];
  let f = 0;
  for (const layer of found)
    for (let i = 0; i < layer.length; i++, f++) {
      const feature = layer.feature(i);
      const { id, name_zh, name_en, phases, precision, by, n } = feature.properties;
      names.ids.push(said(id));
      names.zh.push(said(name_zh));
      names.en.push(said(name_en));
      textOf[f] = texts.of(said(phases));
      hueOf[f] = values.of(said(by));
      precisionOf[f] = precisions.of(said(precision));
      soft[f] = Number(precision === "schematic");
      stands[f] = Number(n ?? 1);
      type[f] = feature.type;
      for (const part of feature.loadGeometry()) {
        for (const { x, y } of part) xy.push(x, y);
        starts.push(xy.length / 2);
      }
      parts.push(starts.length - 1);
    }
  return {
    names: {
      ...names,
      texts: texts.all,
      textOf,
      values: values.all,
      hueOf,
      precisions: precisions.all,
      precisionOf,
      stands,
    },
    shapes: {
      extent: found[0].extent,
      type,
      soft,
      parts: Uint32Array.from(parts),
      starts: Uint32Array.from(starts),
      xy: Int16Array.from(xy),
    },
  };
}
