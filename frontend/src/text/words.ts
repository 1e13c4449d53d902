/** Which dictionary, which of two names, and dates as a reader says them. */
import type { Named } from "../data/types";
import { roughly } from "../dates";
import { en } from "./en";
import { type Text, zh } from "./zh";

export type Lang = "zh" | "en";
export type { Text };

export const DICTIONARY: Record<Lang, Text> = { zh, en };

/** The name in the language asked for; the other one when it is missing. */
export function nameIn(lang: Lang, thing: Named): string {
  return lang === "zh" ? thing.name_zh || thing.name_en : thing.name_en || thing.name_zh;
}

/** The text of a language where the service has it, else the one text there is. */
export function textIn(
  lang: Lang,
  zhText: string | null | undefined,
  enText: string | null | undefined,
  plain: string | null,
): string {
  return (lang === "zh" ? zhText : enText) || plain || "";
}

/** The unit of an amount in a language. */
export const unitIn = (
  lang: Lang,
  thing: { unit?: string | null; unit_en?: string | null } | null | undefined,
): string => textIn(lang, thing?.unit, thing?.unit_en, thing?.unit ?? null);

/** One of two texts, falling back to the other when it is empty. */
export function either(lang: Lang, zhText: string | null, enText: string | null): string {
  return (lang === "zh" ? zhText || enText : enText || zhText) ?? "";
}

/** The language a browser asks for: the first of its languages that the page speaks, else Chinese. */
export function preferredLang(languages: readonly string[]): Lang {
  const spoken = languages.map((one) => one.slice(0, 2).toLowerCase());
  return (spoken.find((one) => one === "zh" || one === "en") as Lang | undefined) ?? "zh";
}

/** How far a promise moved: in days only where both dates are days, else in months or years. */
export function slipIn(lang: Lang, days: number, exact: boolean): string {
  const { card } = DICTIONARY[lang];
  const rough = exact ? null : roughly(days);
  return rough ? card.slipAbout(rough.years, rough.months, days > 0) : card.slip(days);
}

/** Names one after the other. */
export const listIn = (lang: Lang, names: string[]): string => names.join(lang === "zh" ? "、" : ", ");

function instantIn(words: Text, text: string): string {
  const quarter = /^(\d{4})-Q([1-4])$/.exec(text);
  if (quarter) return words.dates.quarter(Number(quarter[1]), Number(quarter[2]));
  const [year, month, day] = text.split("-").map(Number);
  if (!Number.isFinite(year)) return text;
  if (day) return words.dates.day(year, month, day);
  return month ? words.dates.month(year, month) : words.dates.year(year);
}

/** An amount as it was said: `140~` → 约 140, `>297` → 超过 297, `9.8/10` → 9.8 至 10, with its unit. */
export function amountIn(lang: Lang, value: string | number | null, unit: string | null): string {
  const { amounts, dates } = DICTIONARY[lang];
  const text = String(value ?? "").trim();
  if (!text) return "";
  const number = /^[\d.,]+$/;
  let said = text;
  if (text.endsWith("~")) said = dates.about(text.slice(0, -1));
  else if (text.startsWith(">")) said = amounts.over(text.slice(1));
  else if (text.startsWith("<")) said = amounts.under(text.slice(1));
  else {
    const [low, high] = text.split("/");
    if (high && number.test(low) && number.test(high)) said = dates.between(low, high);
  }
  return unit ? `${said} ${unit}` : said;
}

/** A value that has English words of its own, such as a list of stops. */
export const valueIn = <T extends string | number | null>(
  lang: Lang,
  of: { value: T; value_en?: string | null },
): T | string => (lang === "en" && of.value_en) || of.value;

/**
 * A date of the claim grammar in words: `..2025-01-16` → 不晚于 2025 年 1 月 16 日.
 *
 * `null` and empty text read as "no date given"; text outside the grammar is returned as it is.
 */
export function dateIn(lang: Lang, text: string | null): string {
  const words = DICTIONARY[lang];
  if (!text) return words.dates.none;
  const about = text.includes("~");
  const plain = text.replaceAll("~", "");
  let said: string;
  if (plain.startsWith("..")) said = words.dates.by(instantIn(words, plain.slice(2)));
  else if (plain.endsWith("..")) said = words.dates.from(instantIn(words, plain.slice(0, -2)));
  else if (plain.includes("/")) {
    const [first, last] = plain.split("/");
    said = words.dates.between(instantIn(words, first), instantIn(words, last));
  } else said = instantIn(words, plain);
  return about ? words.dates.about(said) : said;
}
