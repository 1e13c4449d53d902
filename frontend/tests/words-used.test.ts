/** The page's words, read with the compiler: every one is used, and none is written outside the dictionaries. */
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const WORDS = [
  "zh",
  "transit-zh",
  "upload-zh",
  "answers-zh",
  "how-zh",
  "board-zh",
  "record-zh",
  "edit-zh",
  "history-zh",
  "progress-zh",
]
  .map((name) => `src/text/${name}.ts`)
  .map((path) => join(ROOT, path));
/** Types are found out as they are asked for, which takes a while on a busy machine. */
const PATIENCE_MS = 60_000;
const HAN = /\p{Script=Han}/u;
const LETTERS = /\p{L}{2,}/u;
/** What a reader is shown or told of an element, besides its content. */
const SAID = new Set([
  "aria-label",
  "aria-description",
  "aria-valuetext",
  "title",
  "placeholder",
  "alt",
  "label",
]);

const config = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
const { fileNames, options } = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT);
const program = ts.createProgram(
  fileNames.filter((name) => name.includes("/src/")),
  options,
);
const checker = program.getTypeChecker();
const sources = program.getSourceFiles().filter((file) => file.fileName.startsWith(join(ROOT, "src")));
const outside = sources.filter((file) => !file.fileName.includes("/src/text/"));

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

const where = (node: ts.Node): string => {
  const file = node.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(node.getStart());
  return `${relative(ROOT, file.fileName)}:${line + 1}`;
};

/** Where the dictionary declares a property; nothing of other types. */
function declaredHere(symbol: ts.Symbol | undefined): ts.Declaration[] {
  return (symbol?.declarations ?? []).filter((one) => WORDS.includes(one.getSourceFile().fileName));
}

/** The properties that an access in brackets may mean, by the type of what stands in them. */
function inBrackets(node: ts.ElementAccessExpression): ts.Declaration[] {
  const holder = checker.getTypeAtLocation(node.expression);
  const key = checker.getTypeAtLocation(node.argumentExpression);
  const keys = key.isUnion() ? key.types : [key];
  if (keys.every((one) => one.isStringLiteral()))
    return keys.flatMap((one) => declaredHere(holder.getProperty((one as ts.StringLiteralType).value)));
  return declaredHere(holder.symbol).flatMap((one) => [one, ...one.getChildren()]) as ts.Declaration[];
}

test(
  "every word is used",
  () => {
    const used = new Set<ts.Node>();
    const declared = new Map<ts.Node, string>();
    for (const file of [...outside, ...sources.filter((one) => one.fileName.endsWith("words.ts"))])
      walk(file, (node) => {
        if (ts.isPropertyAccessExpression(node)) {
          for (const one of declaredHere(checker.getSymbolAtLocation(node.name))) used.add(one);
        } else if (ts.isElementAccessExpression(node)) {
          for (const one of inBrackets(node)) used.add(one);
        } else if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
          const name = (node.propertyName ?? node.name).getText();
          const holder = checker.getTypeAtLocation(node.parent);
          for (const one of declaredHere(holder.getProperty(name))) used.add(one);
        }
      });
    for (const dictionary of sources.filter((file) => WORDS.includes(file.fileName)))
      walk(dictionary, (node) => {
        if (ts.isPropertyAssignment(node)) declared.set(node, `${where(node)} ${node.name.getText()}`);
      });
    // Of a table that is looked up by a key of the service (`as Record<…>`) each row counts with the table.
    const isUsed = (node: ts.Node): boolean =>
      used.has(node) || (ts.isAsExpression(node.parent.parent) && used.has(node.parent.parent.parent));
    expect(declared.size).toBeGreaterThan(200);
    expect([...declared].filter(([node]) => !isUsed(node)).map(([, name]) => name)).toEqual([]);
  },
  PATIENCE_MS,
);

/** The literal texts of an expression that becomes content: `"x"`, `a ? "x" : "y"`, `a && "x"`. */
function literalsOf(node: ts.Expression | undefined): ts.Node[] {
  if (!node) return [];
  if (ts.isStringLiteralLike(node)) return [node];
  if (ts.isTemplateExpression(node)) return [node.head, ...node.templateSpans.map((span) => span.literal)];
  if (ts.isConditionalExpression(node)) return [...literalsOf(node.whenTrue), ...literalsOf(node.whenFalse)];
  if (ts.isParenthesizedExpression(node)) return literalsOf(node.expression);
  if (ts.isBinaryExpression(node)) return [...literalsOf(node.left), ...literalsOf(node.right)];
  return [];
}

/** What a node would say to a reader in so many words. */
function saidBy(node: ts.Node): ts.Node[] {
  if (ts.isJsxText(node)) return [node];
  if (ts.isJsxExpression(node) && (ts.isJsxElement(node.parent) || ts.isJsxFragment(node.parent)))
    return literalsOf(node.expression).filter((one) => !isCompared(one));
  if (ts.isJsxAttribute(node) && SAID.has(node.name.getText())) {
    const value = node.initializer;
    if (value && ts.isStringLiteral(value)) return [value];
    if (value && ts.isJsxExpression(value))
      return literalsOf(value.expression).filter((one) => !isCompared(one));
  }
  return [];
}

/** `a === "x" && …` says nothing. */
const isCompared = (node: ts.Node): boolean =>
  ts.isBinaryExpression(node.parent) && ["===", "!=="].includes(node.parent.operatorToken.getText());

const textOf = (node: ts.Node): string => (node as ts.LiteralLikeNode).text.trim();

test("nothing that a reader sees or hears is written outside the dictionaries", () => {
  const found: string[] = [];
  let looked = 0;
  for (const file of outside)
    walk(file, (node) => {
      for (const said of saidBy(node)) {
        looked++;
        const text = textOf(said);
        if (LETTERS.test(text)) found.push(`${where(said)} ${text}`);
      }
    });
  expect(looked).toBeGreaterThan(100);
  expect(found).toEqual([]);
});

const isText = (node: ts.Node): boolean =>
  ts.isStringLiteralLike(node) ||
  ts.isJsxText(node) ||
  ts.isTemplateHead(node) ||
  ts.isTemplateMiddleOrTemplateTail(node);

/** A problem is told as the service tells one: in both languages at once, the Chinese named `zh` or said first. */
function isOfAProblem(node: ts.Node): boolean {
  for (let up = node; up; up = up.parent) {
    if (ts.isVariableDeclaration(up) && up.name.getText() === "zh") return true;
    if (ts.isNewExpression(up) && up.expression.getText() === "Problem") {
      const [zh, en] = up.arguments ?? [];
      return zh.pos <= node.pos && node.end <= zh.end && !HAN.test(en?.getText() ?? "");
    }
  }
  return false;
}

test("no Chinese is written outside the dictionaries, but in problems beside its English", () => {
  const found: string[] = [];
  for (const file of outside)
    walk(file, (node) => {
      if (isText(node) && HAN.test(textOf(node)) && !isOfAProblem(node))
        found.push(`${where(node)} ${textOf(node)}`);
    });
  expect(found).toEqual([]);
});
