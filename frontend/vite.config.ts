import { defineConfig } from "vitest/config";

// Chromium 95 is the oldest browser an office may still run: build both languages for it.
const OLDEST = "chrome95";

export default defineConfig({
  base: "/",
  build: { target: OLDEST, cssTarget: OLDEST, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { "/api": "http://127.0.0.1:8000", "/snapshot.html": "http://127.0.0.1:8000" } },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
