/** Beside the page: fetches vector tiles, reads them once, and finds the pixels of their features. */
import { decodeTile, type Tile, type TileNames } from "./tiled-decode";
import { type Pens, type Pixels, pixelsByFeature, rasterise } from "./tiled-raster";

export interface TileQuestion {
  key: string;
  url: string;
  kind: string;
  /** Pixels of the raster a side. */
  side: number;
  pens: Pens;
}
export interface TileAnswer {
  key: string;
  /** Null: nothing is in it. */
  found: { names: TileNames; cells: Uint32Array<ArrayBuffer>; pixels: Pixels; side: number } | null;
  failed: boolean;
}

/** Tiles that are kept to be drawn at another size. */
const KEPT = 64;
const tiles = new Map<string, Promise<Tile | null>>();

// The types of a page are loaded, not those of a worker.
const port = self as unknown as {
  onmessage: (event: MessageEvent<TileQuestion>) => void;
  postMessage(answer: TileAnswer, transfer: Transferable[]): void;
};

async function load({ url, kind }: TileQuestion): Promise<Tile | null> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(String(response.status));
  return decodeTile(await response.arrayBuffer(), kind);
}

function tileOf(question: TileQuestion): Promise<Tile | null> {
  const { url } = question;
  const tile = tiles.get(url) ?? load(question);
  // The one asked for last is let go last.
  tiles.delete(url);
  tiles.set(url, tile);
  if (tiles.size > KEPT) tiles.delete(tiles.keys().next().value!);
  // What failed may be asked for again.
  tile.catch(() => tiles.delete(url));
  return tile;
}

port.onmessage = async ({ data }) => {
  const { key, side, pens } = data;
  try {
    const tile = await tileOf(data);
    if (!tile) {
      port.postMessage({ key, found: null, failed: false }, []);
      return;
    }
    const cells = rasterise(tile.shapes, side, pens) as Uint32Array<ArrayBuffer>;
    const pixels = pixelsByFeature(cells, tile.names.ids.length);
    const found = { names: tile.names, cells, pixels, side };
    const given = [cells.buffer, pixels.order.buffer, pixels.first.buffer];
    port.postMessage({ key, found, failed: false }, given);
  } catch {
    port.postMessage({ key, found: null, failed: true }, []);
  }
};
