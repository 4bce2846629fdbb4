import { migrateSchema } from "@landfall/app/schema/migrate";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { learnmore } from "../plans/learnmore/plan.ts";
import { startEpoch } from "../target/runner.ts";
import { discard } from "../test/legacy.ts";
import { ask, silent } from "../test/landing.ts";
import { unobserved, type ProgressObserver } from "./progress.ts";
import { withStatus } from "./status-writer.ts";

let target: TestDatabase;
let control: pg.Client;

beforeAll(async () => {
  target = await createDatabase();
  await migrateSchema(target, { direction: "up" });
  const { host, port, user, password, database } = target;
  control = new pg.Client({ host, port, user, password, database });
  await control.connect();
});
afterAll(async () => {
  await control.end();
  await discard(target);
});

const users = async (): Promise<unknown> =>
  (
    await ask(
      target,
      `SELECT s.phase AS doing, m.phase, phase_rows_done::integer AS done, phase_rows_total::integer AS total
       FROM operations.migration_tables m JOIN operations.migration_status s ON s.system = m.system
       WHERE source_table = 'auth_user'`,
    )
  )[0];
const observe = async (work: (observer: ProgressObserver) => Promise<void>, epoch: string): Promise<void> => {
  const { host, port, user, password, database } = target;
  const config = { host, port, user, password, database };
  await withStatus({ target: config, plan: learnmore, epoch, observer: unobserved, log: silent }, work);
};
const copied = { system: "learnmore", table: "auth_user", phase: "copying", rows: 300, of: 600, bytes: 9000 } as const;

test("the status rows say what goes on while a transaction of the runner's is open, and nothing when it is over", async () => {
  await observe(
    async (observer) => {
      observer.phase("learnmore", "copying");
      observer.table(copied);
      await expect
        .poll(users, { timeout: 10_000 })
        .toEqual({ doing: "copying", phase: "copying", done: 300, total: 600 });
      // A row that the runner holds is passed over, not waited for.
      await control.query(
        "BEGIN; UPDATE operations.migration_tables SET state = 'copying' WHERE source_table = 'auth_user'",
      );
      observer.table({ ...copied, rows: 450 });
      observer.phase("learnmore", "verifying");
      await expect
        .poll(async () => (await ask(target, "SELECT phase FROM operations.migration_status"))[0], { timeout: 10_000 })
        .toEqual({ phase: "verifying" });
      await control.query("COMMIT");
    },
    await startEpoch(control),
  );
  expect(await users()).toMatchObject({ doing: null, phase: null });
});

test("a runner that another one has replaced writes nothing any more", async () => {
  const old = await startEpoch(control);
  const before = await users();
  await observe(async (observer) => {
    await startEpoch(control);
    observer.phase("learnmore", "staging");
    observer.table({ ...copied, rows: 599 });
  }, old);
  expect(await users()).toEqual(before);
});
