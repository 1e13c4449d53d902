import { expect, test } from "vitest";
import { dayOf } from "../src/dates";
import { downloadsOf } from "../src/state/downloads";

test("what is downloaded is what is shown", () => {
  const links = downloadsOf({
    day: dayOf("2025-01-16"),
    known: dayOf("2024-12-31"),
    kinds: new Set(["metro", "road"]),
    phases: new Set(["building"]),
    lang: "en",
  });
  const chosen = "day=2025-01-16&known=2024-12-31&kind=metro&kind=road&phase=building";
  expect(links.snapshot).toBe(`/snapshot.html?${chosen}&lang=en`);
  expect(links.csv).toBe(`/api/projects.csv?${chosen}&lang=en`);
  expect(links.xlsx).toBe(`/api/projects.xlsx?${chosen}&lang=en`);
  expect(links.gpkg).toBe(`/api/projects.gpkg?${chosen}`);
  expect(links.shp).toBe(`/api/projects.shp.zip?${chosen}`);
  expect(links.kml).toBe(`/api/projects.kml?${chosen}`);
  expect(links.geojson).toBe(`/api/projects.geojson?${chosen}`);
});

test("names that were asked for go along, but for the map in one file", () => {
  const links = downloadsOf({
    day: dayOf("2020-01-01"),
    known: null,
    kinds: null,
    phases: new Set<string>(),
    lang: "zh",
    words: " 路 ",
  });
  for (const link of [links.csv, links.xlsx, links.gpkg, links.shp, links.kml, links.geojson])
    expect(link).toContain("&q=%E8%B7%AF");
  expect(links.snapshot).not.toContain("q=");
});

test("everything on a day needs no more than the day", () => {
  const all = { known: null, kinds: null, phases: new Set<string>(), lang: "zh" as const };
  expect(downloadsOf({ ...all, day: dayOf("2020-01-01") }).geojson).toBe(
    "/api/projects.geojson?day=2020-01-01",
  );
});
