import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { SourceChanged } from "../engine/outcome.ts";
import { createLog } from "../log.ts";
import { unpackSample, type Sample } from "../plans/dirfinal/test/sample.ts";
import type { Settings } from "../settings.ts";
import { discard } from "../test/legacy.ts";
import { landAs, settingsFor } from "../test/landing.ts";
import { run } from "./run.ts";

let sample: Sample;
let target: TestDatabase;

const settings = (changes: Partial<Settings> = {}): Settings =>
  settingsFor(target, target, {
    systems: ["dirfinal"],
    sources: new Map([["dirfinal", { kind: "sqlite", path: sample.path } as const]]),
    ...changes,
  });

/** Moves as the container does, and gives what it warns of. */
async function warningsOf(changes: Partial<Settings> = {}): Promise<string[]> {
  const lines: string[] = [];
  const log = createLog("warn", { write: (line) => lines.push(line) });
  await run(settings(changes), log, new AbortController().signal);
  return lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
}

function change(statements: string): void {
  const database = new DatabaseSync(sample.path, { enableForeignKeyConstraints: false });
  database.exec(statements);
  database.close();
}

beforeAll(async () => {
  sample = unpackSample();
  target = await createDatabase();
  await landAs(settings());
});

afterAll(async () => {
  sample.remove();
  await discard(target);
});

const noPoint = "no rollback point is taken, because ROLLBACK_DIRECTORY is empty";

test("a source with the rows that have landed is nothing to speak of", async () => {
  expect(await warningsOf()).toEqual([]);
  await expect(landAs(settings({ changedSource: "fail" }))).resolves.toMatchObject({ state: "verified" });
});

test("a container only warns of a source that has other rows by now", async () => {
  change("DELETE FROM score_event WHERE id IN (1, 2)");
  const sentence =
    "The source has changed since dirfinal landed: score_event (2000 rows then, 1998 now). What has landed stays as it is. " +
    "--again (MIGRATION_AGAIN=dirfinal) moves the system anew; it takes away what landed first, with everything that was " +
    "changed in it since. verify names the rows that differ.";
  expect(await warningsOf()).toEqual([sentence]);
  const landing = landAs(settings({ changedSource: "fail" }));
  await expect(landing).rejects.toThrow(sentence);
  await expect(landing).rejects.toBeInstanceOf(SourceChanged);
});

test("a container only warns of a source that is gone, or is another version by now", async () => {
  const sources = new Map([["dirfinal", { kind: "sqlite", path: `${sample.path}.gone` } as const]]);
  const [gone, ...more] = await warningsOf({ sources });
  expect(gone).toMatch(
    /^whether the source of dirfinal has changed is not known: The source of dirfinal \(.* cannot be read/,
  );
  expect(more).toEqual([]);
  await expect(landAs(settings({ sources, changedSource: "fail" }))).rejects.toThrow("cannot be read");
  change("CREATE TABLE newer (id integer PRIMARY KEY)");
  expect((await warningsOf()).join()).toContain("table newer is unknown to the plan");
  change("DROP TABLE newer");
});

test("a source that is gone is a failure for a container, too, as long as its system has not landed", async () => {
  const empty = await createDatabase();
  try {
    const sources = new Map([["dirfinal", { kind: "sqlite", path: `${sample.path}.gone` } as const]]);
    await expect(warningsOf({ sources, target: empty })).rejects.toThrow("cannot be read");
    await expect(warningsOf({ sources, again: new Set(["dirfinal"]) })).rejects.toThrow("cannot be read");
  } finally {
    await discard(empty);
  }
});

test("a system that is moved again has the rows of its source once more", async () => {
  expect(await warningsOf({ again: new Set(["dirfinal"]) })).toContain(noPoint);
  expect(await warningsOf()).toEqual([]);
});
