/** The order of the style sheets, which decides who has the last word. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const SRC = join(dirname(fileURLToPath(import.meta.url)), "../src");

test("the styles of the map library come before ours: from a style sheet, never from a script", () => {
  const scripts = readdirSync(SRC, { recursive: true, encoding: "utf-8" }).filter((name) =>
    /\.tsx?$/.test(name),
  );
  const asking = scripts.filter((name) => readFileSync(join(SRC, name), "utf-8").includes("leaflet.css"));
  expect(asking).toEqual([]);
  const sheets = readdirSync(join(SRC, "styles")).filter((name) =>
    readFileSync(join(SRC, "styles", name), "utf-8").includes("leaflet.css"),
  );
  expect(sheets.length).toBeGreaterThan(0);
  for (const name of sheets) {
    const imports = readFileSync(join(SRC, "styles", name), "utf-8").match(/@import "[^"]+"/g);
    expect(imports?.[0]).toContain("leaflet.css");
  }
});
