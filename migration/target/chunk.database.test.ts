import { migrateSchema } from "@landfall/app/schema/migrate";
import { expect, test } from "vitest";
import { createDatabase } from "../../test/services/services.ts";
import { Fenced } from "../engine/outcome.ts";
import { learnmore } from "../plans/learnmore/plan.ts";
import { mappedTables } from "../plans/plan.ts";
import { openPostgres } from "../sources/postgres/source.ts";
import { Connection } from "../sql/connection.ts";
import { wholeTable } from "../sql/range.ts";
import { createLegacy, discard } from "../test/legacy.ts";
import { landChunk } from "./chunk.ts";
import { startEpoch } from "./runner.ts";
import { insertChunks, insertRun, readChunks } from "./runs.ts";

test("a chunk commits with its checkpoint, and only for the runner whose epoch it is", async () => {
  const [source, target] = await Promise.all([createLegacy("learnmore"), createDatabase()]);
  const connection = await Connection.open(target);
  const { client } = connection;
  const opened = await openPostgres(learnmore, source);
  const snapshot = await opened.snapshot();
  const reader = await snapshot.reader();
  const users = mappedTables(learnmore).find((table) => table.source === "auth_user");
  if (users === undefined) throw new Error("auth_user");
  const landed = async (): Promise<unknown> =>
    (await client.query("SELECT count(*)::integer AS rows FROM accounts.users")).rows[0];
  try {
    await migrateSchema(client, { direction: "up" });
    const old = await startEpoch(client);
    const run = { system: "learnmore", planHash: "a", tier: "native", release: "r", epoch: old } as const;
    const runId = await insertRun(client, run);
    await insertChunks(client, { runId, source: "auth_user" }, [wholeTable]);
    const work = {
      plan: learnmore,
      runId,
      table: users,
      chunk: wholeTable,
      format: "binary",
      tier: "native",
      direct: false,
      held: false,
    } as const;
    const now = await startEpoch(client);

    await expect(landChunk(client, reader, { ...work, epoch: old })).rejects.toThrow(Fenced);
    expect(await landed()).toEqual({ rows: 0 });
    expect((await readChunks(client, runId)).map(({ copied }) => copied)).toEqual([false]);

    expect(await landChunk(client, reader, { ...work, epoch: now })).toMatchObject({ rows: 600, quarantined: 0 });
    expect(await landed()).toEqual({ rows: 600 });
    const [chunk] = await readChunks(client, runId);
    expect(chunk).toMatchObject({ copied: true, rows: 600 });
    expect(chunk?.sums).toEqual(await reader.fingerprints.sums({ table: users, chunk: wholeTable }, "native"));
  } finally {
    await Promise.all([reader.close(), snapshot.close(), opened.close(), connection.close()]);
    await discard(source, target);
  }
});
