/** What is asked of the charts, the comparison, the lists and the month; and how it stands in the address. */
import { computed, signal } from "@preact/signals";
import { lang } from "../state/store";
import { PROGRESS_WORDS } from "../text/progress";
import { MEASURES, type Measure } from "./scales";

export const progressWords = computed(() => PROGRESS_WORDS[lang.value]);

export const PERS = ["quarter", "month"] as const;
export type Per = (typeof PERS)[number];

export const measure = signal<Measure>("projects");
export const per = signal<Per>("quarter");
/** The months of the charts as typed, `2020-01`; empty: the usual ones. */
export const spanFrom = signal("");
export const spanTo = signal("");
/** Whether what nobody stated a phase of is drawn. */
export const unstated = signal(true);
/** The project whose parts are looked at in plan and slips; empty: all. */
export const whole = signal("");

/** The document of which it is asked what it announced; empty: two days are compared. */
export const compareSource = signal("");
/** Whether the list of documents is open. */
export const choosingSource = signal(false);

export const STALE_MONTHS = [3, 6, 12, 24] as const;
export const USUAL_STALE = "12";
/** After how many months without news a project is listed, as it came with the address. */
export const stale = signal(USUAL_STALE);

/** The month of the monthly page as it came with the address; empty: the last that is over. */
export const month = signal("");

export function takeAsked(search: string, part: string): void {
  const given = new URLSearchParams(search);
  const text = (name: string): string => given.get(name) ?? "";
  const isProgress = part === "progress";
  measure.value = MEASURES.find((one) => one === text("measure")) ?? "projects";
  per.value = text("per") === "month" ? "month" : "quarter";
  spanFrom.value = isProgress ? text("since") : "";
  spanTo.value = isProgress ? text("until") : "";
  unstated.value = text("unstated") !== "0";
  whole.value = text("whole");
  compareSource.value = text("source");
  choosingSource.value = false;
  stale.value = given.get("stale") ?? USUAL_STALE;
  month.value = text("month");
}

export function askedParts(part: string): [string, string][] {
  const parts: [string, string][] = [];
  if (part === "progress") {
    if (measure.value !== "projects") parts.push(["measure", measure.value]);
    if (per.value !== "quarter") parts.push(["per", per.value]);
    if (spanFrom.value) parts.push(["since", spanFrom.value]);
    if (spanTo.value) parts.push(["until", spanTo.value]);
    if (!unstated.value) parts.push(["unstated", "0"]);
    if (whole.value) parts.push(["whole", whole.value]);
  }
  if (part === "compare" && compareSource.value) parts.push(["source", compareSource.value]);
  if (part === "monthly" && month.value) parts.push(["month", month.value]);
  // The counts stand on other parts too, so the months that they mean stay with them.
  if (stale.value !== USUAL_STALE) parts.push(["stale", stale.value]);
  return parts;
}
