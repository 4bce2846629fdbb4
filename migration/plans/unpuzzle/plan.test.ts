import { expect, test } from "vitest";
import { checkPlan } from "../check.ts";
import { renderDocument } from "../document.ts";
import { unpuzzle } from "./plan.ts";

test("the plan is sound: every table and column has its place and its way back", () => {
  expect(checkPlan(unpuzzle)).toEqual([]);
});

test("the document names every legacy table and every column that somebody will ask for", () => {
  const document = renderDocument(unpuzzle);
  for (const table of Object.keys(unpuzzle.shape)) expect(document).toContain(`\n## ${table} `);
  expect(document).toContain("## user_sessions stays behind");
  expect(document).toContain("| category-circle | parent_id |");
  expect(document).toContain("MariaDB writes a date of zeros");
});

test("no rule of the tables that people fill most keeps a row from the short way", () => {
  for (const table of unpuzzle.tables.filter(({ source }) =>
    ["ai_chat_messages", "ai_token_usage", "notifications", "revenue"].includes(source),
  )) {
    expect(table).not.toHaveProperty("repairs");
    expect(table).not.toHaveProperty("rejects");
    expect(table).not.toHaveProperty("joins");
  }
});
