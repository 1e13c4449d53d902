import { expect, test } from "vitest";
import { reportHref } from "../src/state/report";

const about = {
  subject: "报错：富安东路",
  lines: ["富安东路，第 3 条说法", "https://x/?project=r&day=2021"],
};

test.each(["map@example.org", "mailto:map@example.org"])("an e-mail is begun: %s", (address) => {
  const href = new URL(reportHref({ address, ...about }) ?? "");
  expect(href.protocol + href.pathname).toBe("mailto:map@example.org");
  expect(href.searchParams.get("subject")).toBe(about.subject);
  expect(href.searchParams.get("body")).toBe(about.lines.join("\r\n"));
});

test.each([
  ["12345", "tel:12345"],
  ["tel:+86 755-8455 0000", "tel:+86755-84550000"],
])("a hotline is called: %s", (address, href) => {
  expect(reportHref({ address, ...about })).toBe(href);
});

test("a page is opened as it is", () => {
  expect(reportHref({ address: "https://example.org/report", ...about })).toBe("https://example.org/report");
});

test.each(["", "  ", "javascript:alert(1)", "somebody", "a@b?cc=c@d"])(
  "nothing else is a link: “%s”",
  (address) => {
    expect(reportHref({ address, ...about })).toBeNull();
  },
);
