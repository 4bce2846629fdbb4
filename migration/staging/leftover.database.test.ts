import { expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { dirfinal } from "../plans/dirfinal/plan.ts";
import { landSample, unpackSample } from "../plans/dirfinal/test/sample.ts";
import { openSQLite } from "../sources/sqlite/source.ts";
import { ask } from "../test/landing.ts";
import { discard } from "../test/legacy.ts";
import { stagedTables, stagingSchema, stagingStatements } from "./tables.ts";

/** What there is of staging copies: relations of their schemas, and the tables of which chunks are noted. */
const leftIn = async (target: TestDatabase): Promise<string[]> =>
  (
    await ask<{ name: string }>(
      target,
      `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname LIKE 'stage%'
       UNION ALL SELECT nspname FROM pg_namespace WHERE nspname LIKE 'stage%'
       UNION ALL SELECT 'chunks of ' || source_table FROM migration.staged_chunks`,
    )
  ).map(({ name }) => name);

test("a staging copy that a killed runner left of a system that was verified is taken away by the next one", async () => {
  const [sample, target] = [unpackSample(), await createDatabase()];
  try {
    await landSample(sample, target);
    expect(await leftIn(target)).toEqual([]);
    const source = await openSQLite(sample.path, dirfinal);
    const tables = stagedTables(dirfinal, source.catalogue);
    await source.close();
    await ask(
      target,
      `CREATE SCHEMA ${stagingSchema(dirfinal)}; ${tables.flatMap((table) => stagingStatements(dirfinal, table)).join("; ")};
       INSERT INTO migration.staged_chunks (system, source_table, number, shape_hash) VALUES ('dirfinal', 'user', 1, 'x')`,
    );
    expect(await leftIn(target)).toEqual(
      expect.arrayContaining(["stage_dirfinal", "user", "user~plain", "user~doubtful", "chunks of user"]),
    );
    expect((await landSample(sample, target)).state).toBe("verified");
    expect(await leftIn(target)).toEqual([]);
  } finally {
    sample.remove();
    await discard(target);
  }
});
