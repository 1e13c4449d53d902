/** The rows of the table: what each column shows of a project, their order and their groups. Pure. */
import type { KindInfo, NextPromise, Project } from "../data/types";
import { PHASE_IDS, type PhaseState } from "../phases";
import type { Lang } from "../text/words";

export const COLUMNS = [
  "name",
  "kind",
  "parent",
  "phase",
  "light",
  "since",
  "next",
  "due",
  "sure",
  "slip",
  "moves",
  "heard",
  "unit",
] as const;
export type Column = (typeof COLUMNS)[number];
/** Those that are shown until somebody chooses. The name is always there. */
export const USUAL: readonly Column[] = [
  "name",
  "kind",
  "phase",
  "light",
  "since",
  "next",
  "due",
  "sure",
  "slip",
  "heard",
];
export const GROUPINGS = ["none", "kind", "phase", "light", "parent", "unit"] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface Order {
  column: Column;
  down: boolean;
}

/** The order until somebody chooses: what is provably late or silent first, then what falls due next. */
export const USUAL_ORDER: readonly Order[] = [
  { column: "light", down: false },
  { column: "due", down: false },
  { column: "phase", down: false },
];

export interface Row {
  project: Project;
  kind: KindInfo;
  name: string;
  parent: string;
  /** Null: it has no phase of its own. */
  state: PhaseState | null;
  /** Since when, in the grammar of dates; empty when no fact says. */
  since: string;
  next: NextPromise | null;
  /** What the promise is of, in words. */
  step: string;
  unit: string;
}

const LIGHTS = ["red", "amber", "silent", "green", "grey"];

/** A day to sort by: the first that the date may mean. */
const sortable = (date: string): string => date.replace(/^\.\./, "");

type Value = string | number | null;

/** What a column sorts by; null comes last whichever way the order goes. */
export function sortValue(row: Row, column: Column, commitments: readonly string[]): Value {
  const { properties } = row.project;
  switch (column) {
    case "name":
      return row.name;
    case "kind":
      return row.kind.style.order;
    case "parent":
      return row.parent || null;
    case "phase":
      return row.state && row.state.phase !== "unknown" ? PHASE_IDS.indexOf(row.state.phase) : null;
    case "since":
      return row.since ? sortable(row.since) : null;
    case "next":
      return row.step || null;
    case "due":
      return row.next?.due_latest ?? null;
    case "sure":
      return row.next ? commitments.indexOf(row.next.commitment) : null;
    case "slip":
      return row.next?.moves ? row.next.slip_days : null;
    case "moves":
      return row.next?.moves || null;
    case "light":
      return properties.light === "grey" ? null : LIGHTS.indexOf(properties.light);
    case "heard":
      return properties.last_heard;
    case "unit":
      return row.unit || null;
  }
}

/** The rows in an order of several columns; what no source says stands last. */
export function inOrder(
  rows: readonly Row[],
  orders: readonly Order[],
  lang: Lang,
  commitments: readonly string[],
): Row[] {
  const collator = new Intl.Collator(lang === "zh" ? "zh-CN-u-co-pinyin" : "en", { numeric: true });
  const compare = (a: Value, b: Value, down: boolean): number => {
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    const by = typeof a === "number" ? a - (b as number) : collator.compare(a, b as string);
    return down ? -by : by;
  };
  const keys = rows.map((row) => orders.map(({ column }) => sortValue(row, column, commitments)));
  const at = rows.map((_, i) => i);
  at.sort((i, j) => {
    for (const [n, { down }] of orders.entries()) {
      const by = compare(keys[i][n], keys[j][n], down);
      if (by) return by;
    }
    return collator.compare(rows[i].name, rows[j].name) || i - j;
  });
  return at.map((i) => rows[i]);
}

export interface Heading {
  heading: string;
  count: number;
}
export type Line = Row | Heading;
export const isHeading = (line: Line): line is Heading => "heading" in line;

/** The rows under a heading for each value of the grouping, in the order in which it first appears. */
export function underHeadings(rows: readonly Row[], labelOf: (row: Row) => string): Line[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const label = labelOf(row);
    const group = groups.get(label);
    if (group) group.push(row);
    else groups.set(label, [row]);
  }
  return [...groups].flatMap(([heading, group]): Line[] => [{ heading, count: group.length }, ...group]);
}

// --- the address ------------------------------------------------------------------------------

const isColumn = (name: string): name is Column => (COLUMNS as readonly string[]).includes(name);

/** `-due,name`: what comes first stands first; a minus turns it round. What is no column is left out. */
export function readOrders(text: string | null): Order[] {
  return (text ?? "")
    .split(",")
    .map((part) => ({ column: part.replace(/^-/, ""), down: part.startsWith("-") }))
    .filter((order): order is Order => isColumn(order.column))
    .slice(0, 4);
}
export const writeOrders = (orders: readonly Order[]): string =>
  orders.map(({ column, down }) => (down ? "-" : "") + column).join(",");

/** The columns named, in the order in which they stand; the name is always one. Null: the usual ones. */
export function readColumns(text: string | null): Column[] | null {
  const named = (text ?? "").split(",").filter(isColumn);
  return named.length ? COLUMNS.filter((column) => column === "name" || named.includes(column)) : null;
}

/** A press on a heading: first up, then down, then no more. With others kept it becomes one of several. */
export function pressed(orders: readonly Order[], column: Column, keepOthers: boolean): Order[] {
  const now = orders.find((order) => order.column === column);
  const others = keepOthers ? orders.filter((order) => order.column !== column) : [];
  if (!now) return [...others, { column, down: false }];
  if (!now.down)
    return keepOthers
      ? orders.map((order) => (order.column === column ? { column, down: true } : order))
      : [{ column, down: true }];
  return [...others];
}
