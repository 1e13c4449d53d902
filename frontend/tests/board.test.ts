import { expect, test } from "vitest";
import {
  inOrder,
  isHeading,
  type Order,
  pressed,
  type Row,
  readColumns,
  readOrders,
  underHeadings,
  writeOrders,
} from "../src/board/rows";

const COMMITMENTS = ["explored", "aspired", "pursued", "expected", "committed", "done"];

const row = (name: string, more: { due?: string; light?: string; unit?: string; phase?: string } = {}): Row =>
  ({
    project: { id: name, properties: { light: more.light ?? "grey", last_heard: null } },
    kind: { id: "road", style: { order: 1 } },
    name,
    parent: "",
    state: { phase: more.phase ?? "unknown", basis: "fact", maybe: null },
    since: "",
    next: more.due ? { due_latest: more.due, commitment: "expected", moves: 0, slip_days: 0 } : null,
    step: "",
    unit: more.unit ?? "",
  }) as unknown as Row;

const names = (rows: readonly Row[]): string => rows.map((one) => one.name).join(" ");
const by = (text: string): Order[] => readOrders(text);

test("what no source says stands last, whichever way the order goes", () => {
  const rows = [row("b"), row("a", { due: "2027-01-01" }), row("c", { due: "2026-01-01" })];
  expect(names(inOrder(rows, by("due"), "en", COMMITMENTS))).toBe("c a b");
  expect(names(inOrder(rows, by("-due"), "en", COMMITMENTS))).toBe("a c b");
});

test("several columns order one within the other, and names decide what is left", () => {
  const rows = [
    row("b", { unit: "二科", due: "2027-01-01" }),
    row("a", { unit: "二科", due: "2026-01-01" }),
    row("d", { unit: "二科", due: "2026-01-01" }),
    row("c", { unit: "一科" }),
  ];
  expect(names(inOrder(rows, by("unit,-due"), "zh", COMMITMENTS))).toBe("b a d c");
});

test("Chinese names go by their pinyin", () => {
  const rows = ["新南", "富安", "平湖", "鹅公岭"].map((name) => row(name));
  expect(names(inOrder(rows, by("name"), "zh", COMMITMENTS))).toBe("鹅公岭 富安 平湖 新南");
});

test("the worst light comes first, and none comes last", () => {
  const rows = ["grey", "green", "silent", "red", "amber"].map((light) => row(light, { light }));
  expect(names(inOrder(rows, by("light"), "en", COMMITMENTS))).toBe("red amber silent green grey");
});

test("groups stand in the order of their first row, each with its number", () => {
  const lines = underHeadings(
    [row("a", { unit: "x" }), row("b", { unit: "y" }), row("c", { unit: "x" })],
    (one) => one.unit,
  );
  expect(lines.map((line) => (isHeading(line) ? `${line.heading}:${line.count}` : line.name))).toEqual([
    "x:2",
    "a",
    "c",
    "y:1",
    "b",
  ]);
});

test("the address says the order and the columns, and nothing that is none", () => {
  expect(writeOrders(readOrders("-due,name,nonsense,light"))).toBe("-due,name,light");
  expect(readOrders(null)).toEqual([]);
  expect(readColumns("due,phase,nonsense")).toEqual(["name", "phase", "due"]);
  expect(readColumns("nonsense")).toBeNull();
});

test("a heading is pressed up, down and off, alone or as one of several", () => {
  let orders = pressed([], "due", false);
  expect(writeOrders(orders)).toBe("due");
  orders = pressed(orders, "due", false);
  expect(writeOrders(orders)).toBe("-due");
  expect(pressed(orders, "due", false)).toEqual([]);
  orders = pressed(orders, "name", true);
  expect(writeOrders(orders)).toBe("-due,name");
  expect(writeOrders(pressed(orders, "due", true))).toBe("name");
  expect(writeOrders(pressed(orders, "phase", false))).toBe("phase");
});
