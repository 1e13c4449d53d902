/** The library by which shapes are drawn and changed, fetched when somebody edits. */

import type {} from "@geoman-io/leaflet-geoman-free";
import * as Leaflet from "leaflet";

export type Editable = typeof Leaflet;
let coming: Promise<Editable> | null = null;

/** Leaflet with the library. It hooks itself into layers that ask for it (`pmIgnore: false`), and no others. */
export function geoman(): Promise<Editable> {
  coming ??= bring().catch((error: unknown) => {
    coming = null;
    throw error;
  });
  return coming;
}

async function bring(): Promise<Editable> {
  // It is written for a page of scripts: it wants Leaflet as a global that can be added to.
  const global = window as unknown as { L?: Editable };
  global.L = { ...Leaflet };
  await import("@geoman-io/leaflet-geoman-free");
  const found = global.L;
  found.PM.setOptIn(true);
  // Corners are dragged; whoever uses the keyboard types coordinates instead of walking through hundreds of them.
  found.Marker.mergeOptions({ keyboard: false });
  return found;
}
