import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { migrateSchema } from "@landfall/app/schema/migrate";
import { migrationsDirectory } from "@landfall/app/schema/migration-files";
import { expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../../test/services/services.ts";
import { land } from "../../engine/landing.ts";
import { checkSource } from "../../sources/check.ts";
import { openSource } from "../../sources/open.ts";
import { Connection } from "../../sql/connection.ts";
import { withMappable } from "../../staging/mappable.ts";
import { startEpoch, takeRunnerLock } from "../../target/runner.ts";
import { lastRun } from "../../target/runs.ts";
import { ask, settingsFor, silent } from "../../test/landing.ts";
import { guestbook } from "./guestbook.ts";

/** Makes the example's legacy database, and the schema with the example's own migration as the last. */
async function layOut(folder: string, target: TestDatabase): Promise<string> {
  const path = join(folder, "guestbook.db");
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  database.exec(readFileSync(new URL("legacy.sql", import.meta.url), "utf8"));
  database.close();
  const directory = join(folder, "migrations");
  cpSync(migrationsDirectory(), directory, { recursive: true });
  const next = (readdirSync(directory).length + 1).toString().padStart(4, "0");
  cpSync(new URL("target.sql", import.meta.url), join(directory, `${next}_guestbook.sql`));
  const { host, port, user, password, database: name } = target;
  await migrateSchema({ host, port, user, password, database: name }, { direction: "up", directory });
  return path;
}

/** Moves the example as the command moves the systems that are among its plans. */
async function landExample(path: string, target: TestDatabase): Promise<void> {
  const settings = settingsFor(target, target);
  const legacy = await openSource(guestbook, { kind: "sqlite", path });
  const connection = await Connection.open(settings.target);
  const control = connection.client;
  try {
    expect(checkSource(guestbook, legacy.source.catalogue)).toEqual([]);
    await takeRunnerLock(control, 0);
    const epoch = await startEpoch(control);
    const { signal } = new AbortController();
    const of = { ...settings, plan: guestbook, legacy, control, epoch, signal, log: silent };
    await withMappable({ ...of, goDirect: true }, (source) =>
      land({ ...of, source, resume: undefined, rollbackPoint: null }),
    );
    expect((await lastRun(control, guestbook.system))?.state).toBe("verified");
  } finally {
    await connection.close();
    await legacy.source.close();
  }
}

test("the example lands: what can be mended is, what cannot is in quarantine, and the run is verified", async () => {
  const folder = mkdtempSync(join(tmpdir(), "landfall-example-"));
  const target = await createDatabase();
  try {
    await landExample(await layOut(folder, target), target);
    const users =
      "SELECT id, username, email, first_name, password, joined_at::text AS joined, legacy_extra FROM accounts.users";
    expect(await ask(target, `SET TIME ZONE 'UTC'; ${users} ORDER BY id`)).toEqual([
      {
        id: (6n * 2n ** 40n + 1n).toString(),
        username: "visitor 1",
        email: "ada@example.org",
        first_name: "Ada",
        password: expect.stringMatching(/^\$2b\$12\$/) as unknown,
        joined: "2019-05-04 12:30:00+00",
        legacy_extra: null,
      },
      {
        id: (6n * 2n ** 40n + 2n).toString(),
        username: "visitor 2",
        email: "",
        first_name: "Ben",
        password: "!",
        joined: null,
        legacy_extra: { email: null, joined: "last summer", password: null },
      },
    ]);
    const messages = "SELECT legacy_id, text, stars, legacy_extra FROM guestbook.messages";
    expect(await ask(target, `${messages} ORDER BY id`)).toEqual([
      { legacy_id: "1", text: "A fine place.", stars: "5", legacy_extra: null },
      { legacy_id: "2", text: "Good soup.", stars: null, legacy_extra: { stars: "many" } },
    ]);
    const held = "SELECT source_table, legacy_id, rule, reason FROM operations.quarantine";
    expect(await ask(target, `${held} ORDER BY legacy_id`)).toEqual([
      {
        source_table: "message",
        legacy_id: "3",
        rule: "text-empty",
        reason: "a message without a text says nothing",
      },
      {
        source_table: "message",
        legacy_id: "4",
        rule: "parent-missing",
        reason: "visitor_id points to a row of visitor that does not exist",
      },
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await target.drop();
  }
});
