/** What is built runs in the oldest browser that an office may still have: Chromium 95, see vite.config.ts. */
import { parse } from "acorn";
import { build, type Rollup } from "vite";
import { beforeAll, expect, test } from "vitest";

/** All of ES2022 is in Chromium 95 (class fields, static blocks, `#x in y`, `await` at the top); ES2023 is not. */
const ECMA_VERSION = 2022;

/** What came after Chromium 95: its name, the version that has it, how it looks, and a piece that shows it. */
type Newer = [name: string, since: number, pattern: RegExp, sample: string];

const CALLS: Newer[] = [
  ["structuredClone", 98, /\bstructuredClone\(/, "structuredClone(a)"],
  ["findLast", 97, /\.findLast(Index)?\(/, "a.findLast(b)"],
  ["copying array methods", 110, /\.(toSorted|toReversed|toSpliced)\(/, "a.toSorted()"],
  ["groupBy", 117, /\b(Object|Map)\.groupBy\(/, "Map.groupBy(a,b)"],
  ["Array.fromAsync", 121, /\bArray\.fromAsync\(/, "Array.fromAsync(a)"],
  [
    "iterator helpers",
    122,
    /\.(values|keys|entries)\(\)\.(map|filter|take|drop|flatMap|reduce|toArray|some|every|find|forEach)\(/,
    "a.values().map(b)",
  ],
  ["set algebra", 122, /\.(isSubsetOf|isSupersetOf|isDisjointFrom|symmetricDifference)\(/, "a.isSubsetOf(b)"],
  ["Promise.withResolvers, .try", 119, /\bPromise\.(withResolvers|try)\(/, "Promise.withResolvers()"],
  ["AbortSignal.timeout, .any", 103, /\bAbortSignal\.(timeout|any)\(/, "AbortSignal.timeout(9)"],
  ["AbortSignal throwIfAborted", 100, /\.throwIfAborted\(/, "a.throwIfAborted()"],
  ["Intl.supportedValuesOf", 99, /\bIntl\.supportedValuesOf\b/, "Intl.supportedValuesOf(`unit`)"],
  ["Intl.DurationFormat", 129, /\bIntl\.DurationFormat\b/, "new Intl.DurationFormat"],
  ["URL.canParse, .parse", 120, /\bURL\.(canParse|parse)\(/, "URL.canParse(a)"],
  ["isWellFormed", 111, /\.(isWellFormed|toWellFormed)\(/, "a.isWellFormed()"],
  ["RegExp.escape", 136, /\bRegExp\.escape\(/, "RegExp.escape(a)"],
  ["checkVisibility", 105, /\.checkVisibility\(/, "a.checkVisibility()"],
  ["showPicker", 99, /\.showPicker\(/, "a.showPicker()"],
  ["popover", 114, /\.(showPopover|hidePopover|togglePopover)\(|[{,]popover:/, "a.showPopover()"],
  ["inert", 102, /\.inert\b|[{,]inert:/, "a.inert=!0"],
  ["view transitions", 111, /\.startViewTransition\(/, "document.startViewTransition(a)"],
  [
    "adoptedStyleSheets.push",
    99,
    /\.adoptedStyleSheets\.(push|splice)\(/,
    "document.adoptedStyleSheets.push(a)",
  ],
  ["caretPositionFromPoint", 128, /\.caretPositionFromPoint\(/, "document.caretPositionFromPoint(1,2)"],
  ["roundRect of a canvas", 99, /\.roundRect\(/, "a.roundRect(0,0,1,1,1)"],
  ["conic gradient of a canvas", 99, /\.createConicGradient\(/, "a.createConicGradient(0,0,0)"],
  ["scrollend", 114, /[`"']scrollend[`"']/, "a.addEventListener(`scrollend`,b)"],
];
const STYLES: Newer[] = [
  [":has()", 105, /:has\(/, "a:has(b){c:d}"],
  [":modal, :popover-open", 105, /:(modal|popover-open)\b/, "a:modal{c:d}"],
  [":user-valid", 119, /:user-(in)?valid\b/, "a:user-invalid{c:d}"],
  ["nesting", 112, /&[\s.:>~+[]|&\{/, "a{&:hover{c:d}}"],
  ["cascade layers", 99, /@layer\b/, "@layer a{b{c:d}}"],
  ["container queries", 105, /@container\b|container-type:/, "@container (width>1px){a{b:c}}"],
  ["media ranges", 104, /@media[^{]*\([^)]*[<>]=?/, "@media (width>=1px){a{b:c}}"],
  ["@starting-style, @scope", 117, /@(starting-style|scope|view-transition)\b/, "@scope (a){b{c:d}}"],
  ["own transforms", 104, /[{;]\s*(translate|rotate|scale):/, "a{rotate:3deg}"],
];
/** In a value: may stand where an older browser finds another value of the same property before it. */
const VALUES: Newer[] = [
  ["small and dynamic viewport units", 108, /\d[sld]v(h|w|min|max|i|b)\b/, "height:100dvh"],
  ["container and line units", 105, /\d(cqw|cqh|cqi|cqb|lh|rlh)\b/, "height:2lh"],
  ["newer colours", 111, /\b(oklch|oklab|lch|lab|color|color-mix|light-dark)\(/, "color:oklch(1 0 0)"],
  [
    "newer arithmetic",
    111,
    /\b(round|mod|rem|sin|cos|tan|pow|sqrt|hypot|abs|sign)\(/,
    "width:round(1px,2px)",
  ],
  ["subgrid", 117, /\bsubgrid\b/, "grid-template-rows:subgrid"],
];

/** Which of a table a text has. */
const found = (text: string, table: Newer[]): string[] =>
  table
    .filter(([, , pattern]) => pattern.test(text))
    .map(([name, since]) => `${name}: only since Chromium ${since}`);

/** Newer values of declarations that have no older value of the same property before them in their rule. */
function newerValues(css: string): string[] {
  return [...css.matchAll(/\{([^{}]*)\}/g)].flatMap(([, body]) => {
    const seen = new Set<string>();
    return body.split(";").flatMap((declaration) => {
      const property = declaration.slice(0, declaration.indexOf(":")).trim();
      const told = seen.has(property) ? [] : found(declaration, VALUES);
      if (!told.length) seen.add(property);
      return told.map((one) => `${one} in ${declaration}`);
    });
  });
}

const scripts = new Map<string, string>();
const styles = new Map<string, string>();

beforeAll(async () => {
  const made = (await build({ logLevel: "silent", build: { write: false } })) as Rollup.RollupOutput;
  for (const file of made.output) {
    const text = file.type === "chunk" ? file.code : String(file.source);
    if (/\.m?js$/.test(file.fileName)) scripts.set(file.fileName, text);
    if (file.fileName.endsWith(".css")) styles.set(file.fileName, text.replace(/\/\*.*?\*\//gs, ""));
  }
}, 60_000);

test("there is something to look at: the page's script and style, and Leaflet for snapshots", () => {
  expect(scripts.size).toBeGreaterThanOrEqual(2);
  expect(styles.size).toBeGreaterThanOrEqual(2);
});

test("every script is one that Chromium 95 can read", () => {
  for (const [name, text] of scripts)
    expect(
      () =>
        parse(text, {
          ecmaVersion: ECMA_VERSION,
          sourceType: name.startsWith("snapshot/") ? "script" : "module",
        }),
      name,
    ).not.toThrow();
  // It would be noticed: sets in patterns (`v`) came with ES2024.
  expect(() => parse("/[a--b]/v", { ecmaVersion: ECMA_VERSION })).toThrow();
});

test("no script calls what Chromium 95 does not have", () => {
  for (const [name, text] of scripts) expect(found(text, CALLS), name).toEqual([]);
});

test("no style needs what Chromium 95 does not have", () => {
  for (const [name, text] of styles) {
    expect(found(text, STYLES), name).toEqual([]);
    expect(newerValues(text), name).toEqual([]);
  }
});

test.each([...CALLS, ...STYLES])("%s (Chromium %i) would be noticed", (name, since, pattern, sample) => {
  expect(since).toBeGreaterThan(95);
  expect(found(sample, [[name, since, pattern, sample]])).toHaveLength(1);
});

test.each(VALUES)(
  "%s (Chromium %i) would be noticed without an older value",
  (_name, _since, _pattern, sample) => {
    const property = sample.slice(0, sample.indexOf(":"));
    expect(newerValues(`a{${sample}}`)).toHaveLength(1);
    expect(newerValues(`a{${property}:inherit;${sample}}`)).toEqual([]);
  },
);
