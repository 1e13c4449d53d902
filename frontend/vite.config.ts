import { readFileSync } from "node:fs";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

// Chromium 95 is the oldest browser an office may still run: scripts and styles are written down to it. What no
// compiler can add (a newer call, a newer selector) is refused by tests/syntax.test.ts.
const OLDEST = "chrome95";

/** The service inlines Leaflet into the maps it sends out as one file; it takes it from beside the pages. */
function leafletForSnapshots(): Plugin {
  return {
    name: "leaflet-for-snapshots",
    apply: "build",
    generateBundle() {
      for (const name of ["leaflet.js", "leaflet.css"]) {
        const source = readFileSync(new URL(`node_modules/leaflet/dist/${name}`, import.meta.url), "utf-8");
        this.emitFile({ type: "asset", fileName: `snapshot/${name}`, source });
      }
    },
  };
}

export default defineConfig({
  base: "/",
  plugins: [leafletForSnapshots()],
  build: {
    target: OLDEST,
    cssTarget: OLDEST,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: [
        "index.html",
        "signin.html",
        "transit.html",
        "board.html",
        "upload.html",
        "history.html",
        "how.html",
      ],
    },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8000", "/snapshot.html": "http://127.0.0.1:8000" } },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
