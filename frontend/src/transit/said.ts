/** The words of this page in the language that is spoken, and those of the catalogue for what answers hold. */
import { computed } from "@preact/signals";
import type { Problem } from "../data/fetch";
import type { Dated, NearEntry } from "../data/near";
import type { KindInfo, Named, PhaseId, PrecisionId } from "../data/types";
import { hueVar, onHueVar } from "../state/hues";
import { catalogue, kindById, lang } from "../state/store";
import { TRANSIT_WORDS } from "../text/transit";
import { nameIn } from "../text/words";

export const text = computed(() => TRANSIT_WORDS[lang.value]);

export const name = (thing: Named): string => nameIn(lang.value, thing);
export const sayProblem = (problem: Problem): string => (lang.value === "zh" ? problem.zh : problem.en);
export const dateOf = (dated: Dated): string => (lang.value === "zh" ? dated.date_zh : dated.date_en);
export const away = (entry: NearEntry): string =>
  lang.value === "zh" ? entry.distance_zh : entry.distance_en;

type Explained = Named & { id: string; explain_zh?: string; explain_en?: string };

const find = (list: readonly Explained[] | undefined, id: string): Explained | undefined =>
  list?.find((one) => one.id === id);

export const phaseInfo = (id: PhaseId): Explained | undefined => find(catalogue.value?.phases, id);
export const precisionInfo = (id: PrecisionId): Explained | undefined =>
  find(catalogue.value?.precisions, id);
export const commitmentInfo = (id: string): Explained | undefined => find(catalogue.value?.commitments, id);
/** The name of a phase or the like; nothing while the catalogue is on its way. */
export const called = (info: Explained | undefined): string => (info ? name(info) : "");
/** Its sentence. */
export const sentence = (info: Explained | undefined): string =>
  (lang.value === "zh" ? info?.explain_zh : info?.explain_en) ?? "";
/** Which step of five a commitment is. */
export const level = (id: string): number => {
  const at = catalogue.value?.commitments.findIndex((one) => one.id === id) ?? -1;
  return at + 1;
};

interface Coloured {
  kind: string;
  attrs?: Record<string, unknown>;
}

function hueKey({ kind, attrs }: Coloured): string {
  const { style }: Partial<KindInfo> = kindById.value.get(kind) ?? {};
  const value = style?.by ? String(attrs?.[style.by] ?? "") : "";
  return style?.values?.[value] ? `${kind}-${value}` : kind;
}

/** The colour of a line, or of a kind. */
export const ink = (thing: Coloured): string => hueVar(hueKey(thing));
export const onInk = (thing: Coloured): string => onHueVar(hueKey(thing));

/** What a line is called in two or three signs: its number, or how its name begins. */
export function shortName(line: Named & Coloured): string {
  const style = kindById.value.get(line.kind)?.style;
  const number = style?.by ? line.attrs?.[style.by] : null;
  if (number) return String(number);
  if (lang.value === "zh") return line.name_zh.slice(0, 2);
  const words = line.name_en.split(/[\s–-]+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => word[0].toUpperCase())
    .join("");
}

const MINUTE_MS = 60_000;
const HOUR = 60;
const DAY = 24 * HOUR;

/** How long ago something was, for a reader. */
export function ageOf(at: number, now: number): string {
  const t = text.value.answer.ages;
  const minutes = Math.floor((now - at) / MINUTE_MS);
  if (minutes < 1) return t.now;
  if (minutes < HOUR) return t.minutes(minutes);
  return minutes < DAY ? t.hours(Math.floor(minutes / HOUR)) : t.days(Math.floor(minutes / DAY));
}

/** Metres as a radius is called. */
export const reach = (metres: number): string => {
  const t = text.value.ask;
  return metres < 1000 ? t.metres(metres) : t.kilometres(metres / 1000);
};
