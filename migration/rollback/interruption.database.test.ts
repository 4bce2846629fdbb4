import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readdir, readFile, watch, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { postgresClient } from "../test/postgres-client.ts";
import type { RollbackJob } from "../test/rollback-child.ts";
import { RollbackGround } from "../test/rollback-ground.ts";
import { listRollbackPoints } from "./manifest.ts";

const program = fileURLToPath(new URL("../test/rollback-child.ts", import.meta.url));

let ground: RollbackGround;

beforeEach(async () => {
  ground = await RollbackGround.open();
  await ground.fill();
});
afterEach(() => ground.close());

/**
 * Runs a job in a process of its own, in which a program of PostgreSQL's does as ever until `when` matches its arguments,
 * and then says something and comes to no end. Once `once` holds as well, the process is killed.
 */
async function killed(
  job: Partial<RollbackJob>,
  stuck: { program: string; when: string; once: string },
): Promise<void> {
  const programs = join(ground.folder, "programs");
  const marks = join(ground.folder, "marks");
  for (const folder of [programs, marks]) await mkdir(folder);
  const real = await postgresClient();
  const script = `#!/bin/sh
case "$*" in ${stuck.when}) echo half; until ${stuck.once}; do sleep 0.02; done; echo $$ > ${marks}/new; mv ${marks}/new ${marks}/pid; exec tail -f /dev/null;; esac
exec ${real}/${stuck.program} "$@"\n`;
  await writeFile(join(programs, stuck.program), script);
  await chmod(join(programs, stuck.program), 0o755);
  const watching = new AbortController();
  const changes = watch(marks, { signal: watching.signal });
  const child = spawn(process.execPath, [program], {
    stdio: ["pipe", "inherit", "inherit"],
    env: { PATH: [programs, real, process.env["PATH"]].join(delimiter) },
  });
  const ended = once(child, "close");
  child.stdin.end(JSON.stringify({ target: ground.config, directory: ground.points, ...job }));
  for await (const { filename } of changes) if (filename === "pid") break;
  watching.abort();
  child.kill("SIGKILL");
  await ended;
  process.kill(Number(await readFile(join(marks, "pid"), "utf8")), "SIGKILL");
  expect(child.signalCode).toBe("SIGKILL");
}

test("a rollback point whose taking was killed is none, and the next one is whole", async () => {
  await killed({}, { program: "pg_dump", when: "*--format=custom*", once: `ls ${ground.points}/*.unfinished` });
  expect(await listRollbackPoints(ground.points)).toEqual([]);
  const left = await readdir(ground.points);
  expect(left.filter((file) => !file.endsWith(".unfinished"))).toEqual([]);
  expect(left).toHaveLength(1);
  const point = await ground.take();
  expect((await readdir(ground.points)).sort()).toEqual([`${point.name}.dump`, `${point.name}.json`]);
  expect(await ground.restore(point.name)).toMatchObject({ tables: point.tables.length });
});

test("a restore that is killed between the schema and the rows changes nothing, and the next one is whole", async () => {
  const point = await ground.take();
  await ground.ask("UPDATE accounts.users SET email = 'now'");
  const before = await ground.describe();
  await killed({ name: point.name }, { program: "pg_restore", when: "*--section=data*", once: "true" });
  expect(await ground.ask("SELECT email, count(*)::integer AS users FROM accounts.users GROUP BY 1")).toEqual([
    { email: "now", users: 3000 },
  ]);
  expect(await ground.describe()).toEqual(before);
  expect(await ground.restore(point.name)).toMatchObject({ tables: point.tables.length });
  expect(await ground.ask("SELECT count(*)::integer AS users FROM accounts.users WHERE email = 'now'")).toEqual([
    { users: 0 },
  ]);
});
