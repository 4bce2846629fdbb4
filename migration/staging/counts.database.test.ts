import { expect, test } from "vitest";
import { createDatabase } from "../../test/services/services.ts";
import { landSample, unpackSample } from "../plans/dirfinal/test/sample.ts";
import { dirfinal } from "../plans/dirfinal/plan.ts";
import { unobserved } from "../progress/progress.ts";
import { openSQLite } from "../sources/sqlite/source.ts";
import { Connection } from "../sql/connection.ts";
import { startEpoch } from "../target/runner.ts";
import { discard } from "../test/legacy.ts";
import { silent } from "../test/landing.ts";
import { stage } from "./stage.ts";

test("a staging copy whose chunks leave out a row of the table is refused", async () => {
  const [sample, target] = [unpackSample(), await createDatabase()];
  await landSample(sample, target);
  const source = await openSQLite(sample.path, dirfinal);
  const connection = await Connection.open(target);
  const snapshot = await source.snapshot(1);
  try {
    const copying = stage({
      plan: dirfinal,
      source,
      snapshot: {
        readers: snapshot.readers,
        count: async (table) => (await snapshot.count(table)) + (table === "user" ? 1 : 0),
        boundaries: (table, rows) => snapshot.boundaries(table, rows),
        reader: () => snapshot.reader(),
        close: () => snapshot.close(),
      },
      direct: new Set(),
      control: connection.client,
      target,
      epoch: await startEpoch(connection.client),
      workers: 1,
      chunkRows: 100_000,
      signal: new AbortController().signal,
      observer: unobserved,
      log: silent,
    });
    await expect(copying).rejects.toThrow(/staging copy of user has \d+ rows, and the source \d+/);
  } finally {
    await Promise.all([snapshot.close(), connection.close()]);
    await source.close();
    sample.remove();
    await discard(target);
  }
});
