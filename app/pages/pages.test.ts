import { expect, test } from "vitest";
import { formatBytes, formatDuration, percentOf, timeElement } from "./format.ts";
import { compact } from "../testing/browser.ts";
import { layout } from "./layout.ts";
import { styleSheet } from "./styles.ts";
import { plainText, table, userText } from "./table.ts";

test("durations, shares and sizes read well", () => {
  expect([0, 59.6, 303, 7500, null].map(formatDuration)).toEqual([
    "0 s",
    "1 min 00 s",
    "5 min 03 s",
    "2 h 05 min",
    "–",
  ]);
  expect([percentOf(999, 1000), percentOf(1000, 1000), percentOf(0, 0)]).toEqual([99, 100, 100]);
  expect([0, 999, 1_500_000, 7e12].map(formatBytes)).toEqual(["0 B", "999 B", "1.5 MB", "7,000 GB"]);
});

test("a moment is shown in the viewer's time zone, and in UTC when that is unknown", () => {
  const moment = new Date("2024-05-06T07:08:09Z");
  expect(timeElement(moment, "America/Bogota")).toBe(
    '<time datetime="2024-05-06T07:08:09.000Z">6 May 2024, 02:08 (America/Bogota)</time>',
  );
  expect(timeElement(moment, "Nowhere/Land")).toContain("6 May 2024, 07:08 (UTC)");
  expect(timeElement(null)).toBe("–");
});

test("text from people cannot become markup, and runs in its own direction", () => {
  const evil = '<script>alert("1")</script>';
  const page = layout({ title: evil, body: table(evil, [{ heading: evil, cell: userText }], [evil]) });
  expect(page).not.toContain("<script");
  expect(page).toContain('<h1 dir="auto">&#60;script');
  expect(userText("שלום")).toBe('<bdi dir="auto">שלום</bdi>');
});

test("a table has a caption and scopes, and says so when it is empty", () => {
  const columns = [
    { heading: "Name", cell: plainText },
    { heading: "Length", cell: (row: string) => plainText(row.length.toString()), isNumber: true },
  ];
  expect(compact(table("Words", columns, ["one"]))).toContain(
    '<th scope="row">one</th><td data-label="Length" class="number">3</td>',
  );
  expect(compact(table("Words", columns, ["one"]))).toContain("<caption>Words</caption>");
  expect(table("Words", columns, [])).toBe("<p><strong>Words:</strong> none.</p>");
});

test("a page brings no script and no style of its own, and names its style sheet by content", () => {
  const page = compact(
    layout({
      title: "T",
      body: "",
      viewer: { name: "Ada", isOperator: true, formToken: "x" },
      section: "/console",
    }),
  );
  expect(page).not.toMatch(/<script|<style|style=|onclick/);
  expect(page).toContain(`href="${styleSheet.path}"`);
  expect(page).toContain('<a href="/console" aria-current="page">Migration</a>');
});
