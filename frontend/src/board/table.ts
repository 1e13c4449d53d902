/** The state of the table: which columns, in which order, in which groups; and the rows that follow. */
import { computed, signal } from "@preact/signals";
import { LISTS, type ListName } from "../data/planning";
import { isoOf } from "../dates";
import { sinceOf } from "../since";
import { refusal } from "../state/address";
import { asKnown, hasPhase, passing, stateOf } from "../state/day";
import { isNarrow } from "../state/narrow";
import {
  catalogue,
  clearFilters,
  day,
  kindOf,
  lang,
  listable,
  nameOf,
  projectById,
  refuse,
} from "../state/store";
import { BOARD_WORDS } from "../text/board";
import { nameIn } from "../text/words";
import { askedParts, compareSource, takeAsked } from "./asked";
import {
  COLUMNS,
  type Column,
  GROUPINGS,
  type Grouping,
  inOrder,
  type Line,
  type Order,
  type Row,
  readColumns,
  readOrders,
  USUAL,
  USUAL_ORDER,
  underHeadings,
  writeOrders,
} from "./rows";

export const PARTS = ["attention", "table", "progress", "indicators", "compare", "monthly"] as const;
export type Part = (typeof PARTS)[number];

export const part = signal<Part>("table");
/** Which of the lists of what needs attention is open. */
export const attentionList = signal<ListName>("late");
/** The days that are compared, as ISO text; empty: nobody chose. */
export const compareFrom = signal("");
export const compareTo = signal("");
export const compareBy = signal<"day" | "known">("day");
export const orders = signal<readonly Order[]>([]);
export const grouping = signal<Grouping>("none");
/** Null: the usual ones. */
export const chosenColumns = signal<readonly Column[] | null>(null);
/** On a phone the sign before the name tells the kind. */
const usual = computed(() => (isNarrow.value ? USUAL.filter((column) => column !== "kind") : USUAL));
export const columns = computed(() => chosenColumns.value ?? usual.value);
/** What names are to hold. */
export const find = signal("");
export const mapShown = signal(false);

export const text = computed(() => BOARD_WORDS[lang.value]);

const commitments = computed(() => (catalogue.value?.commitments ?? []).map((one) => one.id));

/** Every project as a row, whatever the filters. */
const all = computed<Row[]>(() =>
  listable.value.map((project) => {
    const kind = kindOf(project);
    const { properties } = project;
    const whole = projectById.value.get(properties.parent ?? "");
    const step = kind.milestones.find((one) => one.code === properties.next?.milestone);
    const state = hasPhase(project) ? stateOf(project.id) : null;
    const since = state?.basis === "fact" ? (sinceOf(properties.phases, day.value) ?? "") : "";
    return {
      project,
      kind,
      name: nameOf(project),
      parent: whole ? nameOf(whole) : "",
      state,
      // "By today" says nothing: somebody observed it then.
      since: since === `..${isoOf(asKnown.value)}` ? "" : since,
      next: properties.next,
      step: step ? nameIn(lang.value, step) : "",
      unit: String(properties.attrs.lead_unit ?? ""),
    };
  }),
);

const folded = (words: string): string => words.normalize("NFKC").toLowerCase();

const holds = (row: Row, typed: string): boolean => {
  const { name_zh, name_en, aliases, id } = row.project.properties;
  return [name_zh, name_en, id, ...aliases].some((name) => folded(name).includes(typed));
};

export const rows = computed<Row[]>(() => {
  const typed = folded(find.value.trim());
  const left = all.value.filter((row) => passing.value.has(row.project.id) && (!typed || holds(row, typed)));
  return inOrder(left, orders.value.length ? orders.value : USUAL_ORDER, lang.value, commitments.value);
});
/** Everything again, whatever its kind, phase and name. */
export function clearTable(): void {
  clearFilters();
  find.value = "";
}
export const total = computed(() => all.value.length);

function labelOf(row: Row): string {
  const t = text.value.table;
  const named = (list: readonly { id: string; name_zh: string; name_en: string }[], id: string): string => {
    const one = list.find((entry) => entry.id === id);
    return one ? nameIn(lang.value, one) : id;
  };
  switch (grouping.value) {
    case "kind":
      return nameIn(lang.value, row.kind);
    case "phase":
      return row.state ? named(catalogue.value!.phases, row.state.phase) : t.notTracked;
    case "light":
      return named(catalogue.value!.lights, row.project.properties.light);
    case "parent":
      return row.parent || t.without;
    default:
      return row.unit || t.without;
  }
}

/** What stands in the table from top to bottom: rows, under headings where they are grouped. */
export const listed = computed<Line[]>(() =>
  grouping.value === "none" ? rows.value : underHeadings(rows.value, labelOf),
);

/** What an address asks of the table that there is not, as it stands there. */
function unknownIn(given: URLSearchParams): string[] {
  const known: [string, readonly string[]][] = [
    ["part", PARTS],
    ["list", LISTS],
    ["group", GROUPINGS],
    ["sort", COLUMNS],
    ["cols", COLUMNS],
  ];
  return known.flatMap(([name, names]) =>
    (given.get(name) ?? "")
      .split(",")
      .filter((asked) => asked && !names.includes(asked.replace(/^-/, "")))
      .map((asked) => `${name}=${asked}`),
  );
}

// --- the address: what the board adds to that of the map ----------------------------------------
export function takeView(search: string): void {
  const given = new URLSearchParams(search);
  refuse(...unknownIn(given).map((asked) => refusal("view", asked)));
  const wanted = given.get("part");
  part.value = PARTS.find((one) => one === wanted) ?? "table";
  const list = given.get("list");
  attentionList.value = LISTS.find((one) => one === list) ?? "late";
  const compares = part.value === "compare";
  compareFrom.value = (compares && given.get("since")) || "";
  compareTo.value = (compares && given.get("until")) || "";
  compareBy.value = given.get("by") === "known" ? "known" : "day";
  orders.value = readOrders(given.get("sort"));
  grouping.value = GROUPINGS.find((one) => one === given.get("group")) ?? "none";
  chosenColumns.value = readColumns(given.get("cols"));
  find.value = given.get("find") ?? "";
  mapShown.value = given.has("map");
  takeAsked(search, part.value);
}

export function viewParts(): [string, string][] {
  const parts: [string, string][] = [];
  if (part.value !== "table") parts.push(["part", part.value]);
  if (part.value === "attention") parts.push(["list", attentionList.value]);
  if (part.value === "compare" && !compareSource.value) {
    if (compareFrom.value) parts.push(["since", compareFrom.value]);
    if (compareTo.value) parts.push(["until", compareTo.value]);
    if (compareBy.value !== "day") parts.push(["by", compareBy.value]);
  }
  parts.push(...askedParts(part.value));
  if (orders.value.length) parts.push(["sort", writeOrders(orders.value)]);
  if (grouping.value !== "none") parts.push(["group", grouping.value]);
  if (chosenColumns.value) parts.push(["cols", chosenColumns.value.join(",")]);
  if (find.value.trim()) parts.push(["find", find.value.trim()]);
  if (mapShown.value) parts.push(["map", "1"]);
  return parts;
}
