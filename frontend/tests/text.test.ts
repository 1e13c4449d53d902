import { expect, test } from "vitest";
import { ANSWERS_WORDS } from "../src/text/answers";
import { BOARD_WORDS } from "../src/text/board";
import { EDIT_WORDS } from "../src/text/edit";
import { en } from "../src/text/en";
import { HISTORY_WORDS } from "../src/text/history";
import { HOW_WORDS } from "../src/text/how";
import { PROGRESS_WORDS } from "../src/text/progress";
import { RECORD_WORDS } from "../src/text/record";
import { TRANSIT_WORDS } from "../src/text/transit";
import { UPLOAD_WORDS } from "../src/text/upload";
import {
  amountIn,
  DICTIONARY,
  dateIn,
  nameIn,
  preferredLang,
  slipIn,
  textIn,
  unitIn,
} from "../src/text/words";
import { zh } from "../src/text/zh";

/** Every page's words: those of the map, and those that come with a page of their own. */
const ALL = {
  zh: {
    ...zh,
    transit: TRANSIT_WORDS.zh,
    upload: UPLOAD_WORDS.zh,
    answers: ANSWERS_WORDS.zh,
    howPage: HOW_WORDS.zh,
    historyPage: HISTORY_WORDS.zh,
    board: BOARD_WORDS.zh,
    record: RECORD_WORDS.zh,
    edit: EDIT_WORDS.zh,
    progress: PROGRESS_WORDS.zh,
  },
  en: {
    ...en,
    transit: TRANSIT_WORDS.en,
    upload: UPLOAD_WORDS.en,
    answers: ANSWERS_WORDS.en,
    howPage: HOW_WORDS.en,
    historyPage: HISTORY_WORDS.en,
    board: BOARD_WORDS.en,
    record: RECORD_WORDS.en,
    edit: EDIT_WORDS.en,
    progress: PROGRESS_WORDS.en,
  },
};

type Leaf = { path: string; value: unknown };

function leaves(node: object, path = ""): Leaf[] {
  return Object.entries(node).flatMap(([key, value]) =>
    value !== null && typeof value === "object"
      ? leaves(value as object, `${path}.${key}`)
      : [{ path: `${path}.${key}`, value }],
  );
}

test("both languages have the same words to say", () => {
  expect(leaves(ALL.en).map((leaf) => leaf.path)).toEqual(leaves(ALL.zh).map((leaf) => leaf.path));
});

const HAN = /\p{Script=Han}/u;
/** What is said without Chinese in the Chinese dictionary, and why. */
const NOT_CHINESE: Record<string, string> = {
  ".htmlLang": "a language code",
  ".productAlt": "the product's name in letters",
  ".otherLanguage": "the other language, in its own name",
  ".download.geojson": "the name of a format",
  ".card.standing.holds": "nothing is said: it needs no remark",
  ".record.effect.promised": "a day and a commitment",
  ".steps.colon": "a mark, not a word",
  ".time.compare.onDay": "two answers and the colon between them",
  ".transit.entry.said": "a name and a day",
  ".answers.before.column": "a column and what it becomes",
  ".upload.lists.by": "a name and a day",
  ".upload.refused.offer.crs": "a name and a code",
  ".upload.changes.claim": "a name, a value and a day between marks",
};

test("everything is said in Chinese, but for what is listed with its reason", () => {
  const foreign = leaves(ALL.zh).filter((leaf) => !HAN.test(String(leaf.value)));
  expect(foreign.map((leaf) => leaf.path).sort()).toEqual(Object.keys(NOT_CHINESE).sort());
});

test("what is said in both languages is said differently, but for names and codes", () => {
  const english = new Map(leaves(ALL.en).map((leaf) => [leaf.path, String(leaf.value)]));
  const same = leaves(ALL.zh).filter((leaf) => english.get(leaf.path) === String(leaf.value));
  expect(same.map((leaf) => leaf.path).sort()).toEqual(
    [".card.standing.holds", ".download.geojson", ".product", ".productAlt"].sort(),
  );
});

test("no Chinese is left in English, but for the product's name and the switch", () => {
  // The source of a function holds its words as well.
  const han = leaves(ALL.en).filter((leaf) => HAN.test(String(leaf.value)));
  expect(han.map((leaf) => leaf.path)).toEqual([".product", ".otherLanguage"]);
});

test("dates are said in full in both languages", () => {
  expect(dateIn("zh", "..2025-01-16")).toBe("不晚于 2025 年 1 月 16 日");
  expect(dateIn("en", "..2025-01-16")).toBe("by 16 Jan 2025");
  expect(dateIn("zh", "2024-10/2024-12")).toBe("2024 年 10 月 至 2024 年 12 月");
  expect(dateIn("en", "2021-12~")).toBe("about Dec 2021");
  expect(dateIn("zh", "2025-Q3")).toBe("2025 年第 3 季度");
  expect(dateIn("en", "2025..")).toBe("from 2025 on");
  expect(dateIn("zh", null)).toBe(DICTIONARY.zh.dates.none);
});

test("amounts are said as they were said", () => {
  expect(amountIn("zh", "140~", "ha")).toBe("约 140 ha");
  expect(amountIn("en", ">297", "亿元")).toBe("more than 297 亿元");
  expect(amountIn("en", "9.8/10", null)).toBe("9.8 to 10");
  expect(amountIn("zh", "近三倍", "")).toBe("近三倍");
  expect(amountIn("zh", "", "%")).toBe("");
});

test("a missing name falls back to the other language", () => {
  expect(nameIn("en", { name_zh: "富安东路", name_en: "" })).toBe("富安东路");
});

test("a slip is said in days only between days", () => {
  expect(slipIn("zh", 791, true)).toBe("推后 791 天");
  expect(slipIn("zh", 791, false)).toBe("推后约 2 年 2 个月");
  expect(slipIn("en", 791, false)).toBe("about 2 years 2 months later");
  expect(slipIn("en", -365, false)).toBe("about 1 year earlier");
  expect(slipIn("zh", 91, false)).toBe("推后约 3 个月");
  expect(slipIn("en", 31, false)).toBe("31 days later");
});

test("the page speaks the first language of the browser that it knows", () => {
  expect(preferredLang(["fr", "en-GB", "zh-CN"])).toBe("en");
  expect(preferredLang(["zh-Hant-HK", "en"])).toBe("zh");
  expect(preferredLang(["fr"])).toBe("zh");
  expect(preferredLang([])).toBe("zh");
});

test("a text or unit missing in a language falls back to the plain one", () => {
  expect(textIn("zh", "摘要", "summary", "plain")).toBe("摘要");
  expect(textIn("en", "摘要", "", "plain")).toBe("plain");
  expect(unitIn("en", { unit: "亿元", unit_en: "CNY 100 million" })).toBe("CNY 100 million");
  expect(unitIn("en", { unit: "亿元" })).toBe("亿元");
  expect(unitIn("zh", undefined)).toBe("");
});

test("a number is that of a changeset, never of one change", () => {
  const said = (words: unknown): string[] =>
    typeof words === "string" ? [words] : typeof words === "function" ? [String(words)] : [];
  const all = (words: object): string[] =>
    Object.values(words).flatMap((one) => (one && typeof one === "object" ? all(one) : said(one)));
  const named = (words: object, pattern: RegExp): string[] => all(words).filter((one) => pattern.test(one));
  expect(named(ALL.zh, /变更集 \$\{/)).not.toEqual([]);
  expect(named(ALL.zh, /变更 \$\{/)).toEqual([]);
  expect(named(ALL.en, /\bchangeset \$\{/i)).not.toEqual([]);
  expect(named(ALL.en, /\bchange \$\{/i)).toEqual([]);
});
