import { expect, test } from "vitest";
import { pageAfter } from "../src/state/session";

const ORIGIN = "https://map.example";

test("after signing in one is where one wanted to be", () => {
  expect(pageAfter("?next=%2F%3Fday%3D2025-01-16", ORIGIN)).toBe("/?day=2025-01-16");
  expect(pageAfter("?next=/upload", ORIGIN)).toBe("/upload");
  expect(pageAfter("", ORIGIN)).toBe("/");
});

test("nobody is led to another site, or round in a circle", () => {
  const elsewhere = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/evil.example",
    "///evil.example",
    "http://[",
    "/signin?next=/signin",
    "upload",
  ];
  for (const next of elsewhere)
    expect(pageAfter(`?next=${encodeURIComponent(next)}`, ORIGIN), next).toBe("/");
});
