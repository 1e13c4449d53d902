import { expect, test } from "vitest";
import type { Project } from "../src/data/types";
import { buildIndex, find, findPlaces, fold, groupHits, holds, type Place } from "../src/state/search";

const project = (id: string, name_zh: string, name_en: string, aliases: string[] = []): Project =>
  ({
    type: "Feature",
    id,
    geometry: null,
    properties: { id, name_zh, name_en, aliases },
  }) as unknown as Project;

const index = buildIndex([
  project("a", "地铁10号线", "Metro Line 10", ["10号线"]),
  project("b", "深大城际白坭坑站", "Bainikeng Station (Shenda Intercity)", ["白坭坑站", "白泥坑站"]),
  project("c", "旧墟镇GX04城市更新项目", "Old Market Town GX04 Urban Renewal", ["GX04"]),
  project("d", "富安东路", "Fu’an East Road"),
  project("hill-intercity", "山海城际", "Shenzhen Airport–Bay Intercity", ["山海线"]),
  project("e", "山海城际富安站", "Hill Intercity Fu’an Station"),
]);
const ids = (query: string): string[] => find(index, query).map((hit) => hit.project.id);

test("two Chinese characters are enough", () => {
  expect(ids("富安")).toEqual(["d", "e"]);
  expect(ids("白坭")).toEqual(["b"]);
});

test("every other name is found", () => {
  expect(ids("白泥坑")).toEqual(["b"]);
  expect(ids("gx04")).toEqual(["c"]);
});

test("full width and half width, upper and lower case are one", () => {
  expect(ids("ＧＸ０４")).toEqual(["c"]);
  expect(ids("１０号线")).toEqual(["a"]);
  expect(ids("METRO line")).toEqual(["a"]);
});

test("an apostrophe may be left out or typed either way", () => {
  expect(ids("fuan")).toEqual(["d", "e"]);
  expect(ids("Fu'an")).toEqual(["d", "e"]);
  expect(fold("Fu’an East")).toBe("fuaneast");
});

test("one letter says too little, and what nothing is called finds nothing", () => {
  expect(ids("m")).toEqual([]);
  expect(ids("  ")).toEqual([]);
  expect(ids("机场")).toEqual([]);
});

test("equal comes before beginning, beginning before anywhere, a name before another name", () => {
  expect(ids("山海城际")).toEqual(["hill-intercity", "e"]);
  expect(ids("10号线")).toEqual(["a"]);
  expect(ids("hill")).toEqual(["e", "hill-intercity"]);
});

test("the words of an id are found, and words in any order", () => {
  expect(ids("hill-intercity")).toEqual(["hill-intercity", "e"]);
  expect(ids("line metro")).toEqual(["a"]);
});

test("a hit says by which name it was found", () => {
  const [hit] = find(index, "白泥坑");
  expect(hit.by).toBe("白泥坑站");
  expect(holds(hit.project.properties.name_zh, "白泥坑")).toBe(false);
  expect(find(index, "line metro")[0].by).toBeNull();
});

test("nothing is cut off", () => {
  const many = buildIndex(Array.from({ length: 80 }, (_, i) => project(`p${i}`, `路${i}号`, `Road ${i}`)));
  expect(find(many, "road")).toHaveLength(80);
});

test("the first letters of the pinyin are enough, from the beginning of a name", () => {
  const road = project("r", "富安东路", "Fu’an East Road", ["东路"]);
  const spelt = buildIndex([{ ...road, properties: { ...road.properties, initials: ["fadl", "dl"] } }]);
  expect(find(spelt, "fadl").map((hit) => hit.by)).toEqual(["富安东路"]);
  expect(find(spelt, "FAD").map((hit) => hit.by)).toEqual(["富安东路"]);
  expect(find(spelt, "dl").map((hit) => hit.by)).toEqual(["东路"]);
  expect(find(spelt, "adl")).toEqual([]);
});

test("hits stand by kind, the nearest kind first", () => {
  const of = (id: string, kind: string) => {
    const one = project(id, id, id);
    return { project: { ...one, properties: { ...one.properties, kind } }, by: null };
  };
  const groups = groupHits([of("a", "x"), of("b", "y"), of("c", "x")]);
  expect(groups.map((group) => [group.kind, group.hits.map((hit) => hit.project.id)])).toEqual([
    ["x", ["a", "c"]],
    ["y", ["b"]],
  ]);
});

test("a place of the ground is found by its names, the nearest first and each once", () => {
  const place = (name_zh: string, name_en: string, geometry: unknown = {}): Place =>
    ({ id: name_zh, geometry, properties: { name_zh, name_en } }) as unknown as Place;
  const ground = [
    place("平湖大街", "Pinghu Street"),
    place("新平湖路", "New Pinghu Road"),
    place("平湖", "Pinghu"),
    place("平湖大街", "Pinghu Street"),
    place("平湖站", "Pinghu Station", null),
    place("", ""),
  ];
  const found = (query: string): string[] => findPlaces(ground, query).map((one) => one.properties.name_zh);
  expect(found("平湖")).toEqual(["平湖", "平湖大街", "新平湖路"]);
  expect(found("pinghu st")).toEqual(["平湖大街"]);
  expect(found("p")).toEqual([]);
  expect(found("没有")).toEqual([]);
});
