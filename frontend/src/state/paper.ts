/** The page on paper: which sheet, and that it is being printed now. */
import { signal } from "@preact/signals";

/** The sizes of a sheet, wide side down; `card` is the open card alone, upright, as long as it is. */
export const SIZES = ["a4", "a3"] as const;
export type Size = (typeof SIZES)[number];
export type Paper = Size | "card";

/** The sheet that the reader wants when printing. */
export const size = signal<Size>("a4");
/** What is on its way to the printer; null while the page is on the screen. */
export const printing = signal<Paper | null>(null);

const PAGES: Record<Paper, string> = {
  a4: "A4 landscape; margin: 8mm",
  a3: "A3 landscape; margin: 8mm",
  card: "A4 portrait; margin: 14mm",
};

let wanted: Paper | null = null;
let opened: HTMLDetailsElement[] = [];

/** Style rules for the paper's size: a rule of a style sheet, as the page's policy allows no other. */
const pageRule = new CSSStyleSheet();

function begin(): void {
  // Two events tell of one print; the first has laid it out.
  if (printing.value !== null) return;
  const paper = wanted ?? size.value;
  const root = document.documentElement;
  root.classList.add("printing");
  root.dataset.paper = paper;
  pageRule.replaceSync(`@page { size: ${PAGES[paper]}; }`);
  document.adoptedStyleSheets = [pageRule];
  // What is folded up on the screen is printed in full with the card.
  opened = paper === "card" ? [...document.querySelectorAll<HTMLDetailsElement>(".claim details")] : [];
  opened = opened.filter((one) => !one.open);
  for (const one of opened) one.open = true;
  printing.value = paper;
}

function end(): void {
  if (printing.value === null) return;
  for (const one of opened) one.open = false;
  opened = [];
  const root = document.documentElement;
  root.classList.remove("printing");
  delete root.dataset.paper;
  document.adoptedStyleSheets = [];
  printing.value = null;
}

/** Open the browser's print dialogue for a sheet or for the card. */
export function print(paper: Paper): void {
  wanted = paper;
  window.print();
  wanted = null;
}

/** Begin: whoever prints, by whatever way, gets the paper's layout and the screen's back afterwards. */
export function followPrinting(): void {
  addEventListener("beforeprint", begin);
  addEventListener("afterprint", end);
  matchMedia("print").addEventListener("change", (event) => (event.matches ? begin() : end()));
}
