import { appendFile, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readMigrations } from "@landfall/app/schema/migration-files";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Refusal } from "../engine/outcome.ts";
import { Connection } from "../sql/connection.ts";
import { RollbackGround } from "../test/rollback-ground.ts";
import { exportEntities } from "./export.ts";
import { listRollbackPoints, type Manifest } from "./manifest.ts";
import { RestoreDiffers } from "./restore.ts";

let ground: RollbackGround;

beforeEach(async () => {
  ground = await RollbackGround.open();
});
afterEach(() => ground.close());

const manifestPath = (name: string): string => join(ground.points, `${name}.json`);

async function changeManifest(name: string, change: (manifest: Manifest) => Partial<Manifest>): Promise<void> {
  const manifest = JSON.parse(await readFile(manifestPath(name), "utf8")) as Manifest;
  await writeFile(manifestPath(name), JSON.stringify({ ...manifest, ...change(manifest) }));
}

test("a target is put back as it was: rows, sequences, schema, whatever came between", async () => {
  await ground.fill();
  const [before, users] = [await ground.describe(), await ground.ask("SELECT * FROM accounts.users ORDER BY id")];
  const point = await ground.take();
  expect(point).toMatchObject({
    system: "dirfinal",
    phase: "rows",
    empty: false,
    extensions: ["unaccent"],
    objects: null,
  });
  await ground.ask(`
    DELETE FROM learning.courses; DELETE FROM media.files; UPDATE accounts.users SET email = '';
    DROP SCHEMA stage_dirfinal CASCADE; CREATE SCHEMA stage_unpuzzle; CREATE TABLE stage_unpuzzle.copy (a text);
    CREATE TABLE accounts.later (user_id bigint REFERENCES accounts.users (id)); DROP INDEX accounts.users_email;
    INSERT INTO media.files (size) VALUES (1) RETURNING id`);
  const report = await ground.restore(point.name);
  expect(report).toMatchObject({
    name: point.name,
    tables: point.tables.length,
    sequences: point.sequences.length,
    objects: null,
  });
  expect(report.rows).toBeGreaterThan(3110);
  expect(await ground.describe()).toEqual(before);
  expect(await ground.ask("SELECT * FROM accounts.users ORDER BY id")).toEqual(users);
  const next = await ground.ask("INSERT INTO media.files (size) VALUES (1) RETURNING id");
  expect(next).toEqual([{ id: "101" }]);
});

test("a target that was empty needs no dump, and is empty again afterwards; what is not ours stays", async () => {
  await ground.ask(
    "CREATE TABLE public.theirs (a integer); INSERT INTO public.theirs VALUES (1); CREATE SCHEMA theirs; SELECT 1",
  );
  const before = await ground.describe();
  const point = await ground.take();
  expect(point).toMatchObject({ empty: true, dump: null, migrations: [], tables: [] });
  await ground.fill();
  await ground.restore(point.name);
  expect(await ground.describe()).toEqual(before);
  expect(await ground.ask("SELECT a FROM public.theirs")).toEqual([{ a: 1 }]);
});

test("what is not ours is neither dumped nor touched, and a restore that would take it along is refused", async () => {
  await ground.fill();
  await ground.ask(
    'CREATE TABLE public.theirs (a integer); CREATE SCHEMA "The irs"; CREATE TABLE "The irs".own (a integer); INSERT INTO public.theirs VALUES (1)',
  );
  const point = await ground.take();
  await ground.ask("UPDATE public.theirs SET a = 2; UPDATE accounts.users SET email = ''");
  await ground.restore(point.name);
  expect(await ground.ask("SELECT a FROM public.theirs")).toEqual([{ a: 2 }]);
  await ground.ask("CREATE VIEW public.names AS SELECT username FROM accounts.users");
  await expect(ground.restore(point.name)).rejects.toThrow("public.names");
  expect(await ground.ask("SELECT count(*)::integer AS names FROM public.names")).toEqual([{ names: 3000 }]);
});

test("an older schema comes back with an older point, and a later one than the release knows is refused", async () => {
  await ground.migrate("0006_operations");
  const point = await ground.take();
  await ground.migrate();
  await ground.restore(point.name);
  expect((await ground.ask("SELECT name FROM public.schema_migrations ORDER BY id DESC LIMIT 1"))[0]).toEqual({
    name: "0006_operations",
  });
  await ground.migrate();
  expect(
    (await ground.ask<{ count: number }>("SELECT count(*)::integer AS count FROM public.schema_migrations"))[0]?.count,
  ).toBe(readMigrations().length);
  await changeManifest(point.name, ({ migrations }) => ({ migrations: [...migrations, "9999_future"] }));
  await expect(ground.restore(point.name)).rejects.toThrow(/of a later release: its schema has had 9999_future/);
});

test("a dump that was changed, cut or lost is refused before anything is touched", async () => {
  await ground.fill();
  const point = await ground.take();
  const path = join(ground.points, point.dump?.file ?? "");
  const before = await ground.describe();
  const whole = await readFile(path);
  await writeFile(path, Buffer.concat([whole.subarray(0, -1), Buffer.from("x")]));
  await expect(ground.restore(point.name)).rejects.toThrow("another SHA-256");
  await truncate(path, whole.length - 1);
  await expect(ground.restore(point.name)).rejects.toThrow(`has ${(whole.length - 1).toString()} bytes instead of`);
  await changeManifest(point.name, ({ dump }) => ({ dump: dump === null ? null : { ...dump, file: "gone" } }));
  await expect(ground.restore(point.name)).rejects.toThrow(Refusal);
  await expect(ground.restore("nothing")).rejects.toThrow(`There are: ${point.name}`);
  await appendFile(manifestPath(point.name), "}");
  await expect(ground.restore(point.name)).rejects.toThrow("is not the manifest");
  expect(await ground.describe()).toEqual(before);
});

test("others on the target are named, and nothing is touched while they are there", async () => {
  await ground.fill();
  const point = await ground.take();
  const other = await Connection.open({ ...ground.config, application_name: "the platform" });
  await expect(ground.restore(point.name)).rejects.toThrow(/landfall_owner by the platform.*: 1 connection/);
  await other.close();
  await ground.restore(point.name);
});

test("a proof that fails names every table and sequence, and leaves the target as it was", async () => {
  await ground.fill();
  const point = await ground.take();
  await ground.ask("UPDATE accounts.users SET email = 'now'");
  await changeManifest(point.name, ({ tables, sequences }) => ({
    tables: [
      ...tables
        .filter(({ name }) => name !== "learning.courses")
        .map((table) => ({
          ...table,
          ...(table.name === "accounts.users" ? { rows: "2999" } : {}),
          ...(table.name === "media.files" ? { first: "1" } : {}),
        })),
      { name: "accounts.gone", rows: "0", first: "0", second: "0" },
    ],
    sequences: sequences.map((sequence) =>
      sequence.name === "accounts.users_id_seq" ? { ...sequence, from: "1", to: "2" } : sequence,
    ),
  }));
  const error = await ground.restore(point.name).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(RestoreDiffers);
  expect((error as RestoreDiffers).differences).toEqual([
    "accounts.users has 3000 rows instead of 2999",
    "media.files has other rows",
    "accounts.gone is missing",
    "learning.courses was not there",
    "the sequence accounts.users_id_seq stands at 3000 instead of 1 to 2",
  ]);
  expect(await ground.ask("SELECT DISTINCT email FROM accounts.users")).toEqual([{ email: "now" }]);
});

test("points are listed newest first, and files beside them are not taken for points", async () => {
  const first = await ground.take();
  const second = await ground.take({ system: "learnmore", phase: "files" });
  await writeFile(join(ground.points, "other.json"), "{}");
  await writeFile(join(ground.points, "half.json"), "{");
  expect((await listRollbackPoints(ground.points)).map(({ name }) => name)).toEqual([second.name, first.name]);
  expect(await listRollbackPoints(join(ground.folder, "nowhere"))).toEqual([]);
});

test("every table can be had as lines of JSON, without what opens an account", async () => {
  await ground.fill();
  const connection = await Connection.open(ground.config);
  try {
    const directory = join(ground.folder, "export");
    const exported = await exportEntities(connection.client, directory);
    expect(exported.find(({ table }) => table === "accounts.users")?.rows).toBe(3000);
    const lines = (await readFile(join(directory, "accounts.users.jsonl"), "utf8")).trimEnd().split("\n");
    const rows = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 3000 }, (_, index) => index + 1));
    expect(rows[6]).toMatchObject({
      username: "user \\N \\. 7\t\n\\.\n",
      email: "é🔑\"'@example.org",
      last_name: "\\",
    });
    expect(rows[6]).not.toHaveProperty("password");
    expect(exported.map(({ table }) => table)).not.toContain("stage_dirfinal.copy");
    const courses = await readFile(join(directory, "learning.courses.jsonl"), "utf8");
    expect(JSON.parse(courses.split("\n")[0] ?? "")).not.toHaveProperty("search");
  } finally {
    await connection.close();
  }
});
