import { expect, test } from "vitest";
import { linkIn, pageAfter } from "../src/state/session";

const ORIGIN = "https://map.example";

test("after signing in one is where one wanted to be", () => {
  expect(pageAfter("?next=%2F%3Fday%3D2025-01-16", ORIGIN)).toBe("/?day=2025-01-16");
  expect(pageAfter("?next=/upload", ORIGIN)).toBe("/upload");
  expect(pageAfter("", ORIGIN)).toBe("/");
});

test("a link for another password says whose it is, and what opens it", () => {
  expect(linkIn("#link=a-b_c&name=%E6%9D%8E.wei")).toEqual({ secret: "a-b_c", name: "李.wei" });
  expect(linkIn("")).toEqual({ secret: "", name: "" });
  expect(linkIn("#map")).toEqual({ secret: "", name: "" });
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
