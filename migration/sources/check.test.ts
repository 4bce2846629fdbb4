import { expect, test } from "vitest";
import { learnmore } from "../plans/learnmore/plan.ts";
import { carriedTables, mappedTables } from "../plans/plan.ts";
import { checkSource, doubtfulKeys } from "./check.ts";
import { keyColumns } from "../plans/columns.ts";
import type { SourceCatalogue, SourceTable } from "./source.ts";

/** A source just as LearnMore's plan expects it. */
function expected(): SourceCatalogue & { tables: Map<string, SourceTable> } {
  const keys = new Map(carriedTables(learnmore).map((table) => [table.source, keyColumns(table)]));
  const tables = Object.entries(learnmore.shape).map(([name, columns]): [string, SourceTable] => [
    name,
    {
      columns: new Map(Object.entries(columns).map(([column, type]) => [column, { type, notNull: true }])),
      unique: [keys.get(name) ?? ["id"]],
      bytes: 8192,
    },
  ]);
  return {
    engine: "postgresql",
    version: "PostgreSQL 17",
    major: 17,
    encoding: "UTF8",
    beyond: [],
    tables: new Map(tables),
  };
}

const column = (type: string) => ({ type, notNull: true });

test("a source as expected has no faults, whatever the length of its texts", () => {
  const source = expected();
  const columns = new Map(source.tables.get("auth_user")?.columns).set("username", column("character varying(30)"));
  source.tables.set("auth_user", { columns, unique: [["id"]], bytes: 0 });
  expect(checkSource(learnmore, source)).toEqual([]);
});

test("everything unknown, missing or of another type is listed", () => {
  const source = expected();
  source.tables.set("payments", { columns: new Map(), unique: [], bytes: 0 });
  source.tables.delete("django_session");
  const progress = new Map(source.tables.get("courses_progress")?.columns)
    .set("percent", column("double precision"))
    .set("note", column("text"));
  source.tables.set("courses_progress", { columns: progress, unique: [["id"]], bytes: 0 });
  expect(checkSource(learnmore, source)).toEqual([
    "column courses_progress.percent is double precision; the plan expects numeric(5,2)",
    "column courses_progress.note (text) is unknown to the plan",
    "table payments is unknown to the plan",
    "table django_session is missing",
  ]);
  expect(checkSource(learnmore, source, new Set(["payments", "courses_progress.note"]))).toEqual([
    "column courses_progress.percent is double precision; the plan expects numeric(5,2)",
    "table django_session is missing",
  ]);
});

test("a database without an encoding, and what lies beyond the plan's reach, are faults", () => {
  const faults = checkSource(learnmore, {
    ...expected(),
    encoding: "SQL_ASCII",
    beyond: ["3 large objects, which no table names"],
  });
  expect(faults).toEqual(["3 large objects, which no table names", expect.stringContaining("SQL_ASCII")]);
});

test("a unique key is doubtful unless the source keeps it, or a part of it, unique", () => {
  const progress = mappedTables(learnmore).find(({ source }) => source === "courses_progress");
  if (progress === undefined) throw new Error("courses_progress");
  const source = expected();
  const table = { columns: new Map(), bytes: 0 };
  expect(doubtfulKeys(progress, source)).toEqual([["enrollment_id", "module_id"]]);
  source.tables.set("courses_progress", { ...table, unique: [["id"], ["module_id", "enrollment_id"]] });
  expect(doubtfulKeys(progress, source)).toEqual([]);
  source.tables.set("courses_progress", { ...table, unique: [["id"], ["module_id", "percent"]] });
  expect(doubtfulKeys(progress, source)).toEqual([["enrollment_id", "module_id"]]);
});
