import { expect, test } from "vitest";
import { createDatabase } from "../../test/services/services.ts";
import { landSample, unpackSample } from "../plans/dirfinal/test/sample.ts";
import { ask } from "../test/landing.ts";
import { discard } from "../test/legacy.ts";

test("a staging copy that a killed runner left of a system that was verified is taken away by the next one", async () => {
  const [sample, target] = [unpackSample(), await createDatabase()];
  try {
    await landSample(sample, target);
    await ask(
      target,
      `CREATE SCHEMA stage_dirfinal; CREATE TABLE stage_dirfinal."user~stored" (id text);
       INSERT INTO migration.staged_chunks (system, source_table, number, shape_hash) VALUES ('dirfinal', 'user', 1, 'x')`,
    );
    expect((await landSample(sample, target)).state).toBe("verified");
    expect(
      await ask(
        target,
        `SELECT nspname AS left FROM pg_namespace WHERE nspname LIKE 'stage%'
         UNION ALL SELECT source_table FROM migration.staged_chunks`,
      ),
    ).toEqual([]);
  } finally {
    sample.remove();
    await discard(target);
  }
});
