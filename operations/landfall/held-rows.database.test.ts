import { migrateSchema } from "@landfall/app/schema/migrate";
import { Connection } from "@landfall/migration/sql/connection";
import { discard } from "@landfall/migration/test/legacy";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { heldRows } from "./held-rows.ts";

let target: TestDatabase;
let connection: Connection;

beforeAll(async () => {
  target = await createDatabase();
  await migrateSchema(target, { direction: "up" });
  connection = await Connection.open(target);
  await connection.client
    .query(`INSERT INTO operations.quarantine (system, run_id, source_table, legacy_id, rule, reason, legacy_row)
    SELECT 'learnmore', 1, CASE WHEN n % 2 = 0 THEN 'notes' ELSE 'Essays' END, n::text, 'too-long', 'it is too long',
      jsonb_build_object('text', repeat('x', 100000))
    FROM generate_series(1, 30) n`);
});

afterAll(async () => {
  await connection.close();
  await discard(target);
});

test("rows are fetched until they have so many bytes, and each comes once", async () => {
  const query = vi.spyOn(connection.client, "query");
  const ids: string[] = [];
  for await (const { table, legacyId } of heldRows(connection.client, "learnmore", { rows: 1000, bytes: 250_000 }))
    ids.push(`${table} ${legacyId}`);
  expect(new Set(ids).size).toBe(30);
  expect(ids).toHaveLength(30);
  expect(ids[0]).toBe("Essays 1");
  expect(ids.at(-1)).toBe("notes 30");
  const pages = await Promise.all(query.mock.results.map(({ value }) => value as Promise<{ rows: unknown[] }>));
  expect(pages.map(({ rows }) => rows.length)).toEqual([...Array.from({ length: 10 }, () => 3), 0]);
  query.mockRestore();
});

test("a row that is larger than a page comes by itself", async () => {
  const ids: string[] = [];
  for await (const { legacyId } of heldRows(connection.client, "learnmore", { rows: 1000, bytes: 1 }))
    ids.push(legacyId);
  expect(ids).toHaveLength(30);
});
