import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import { AnotherRunner, Fenced } from "../engine/outcome.ts";

/** The advisory lock that a runner holds for as long as its connection lives; any number serves that nothing else uses. */
const lockNumber = 4_013_265;
const pollMilliseconds = 200;

/**
 * Makes this connection the target's one runner, and tells that by its name among the server's connections.
 * Waits up to `patience` milliseconds, since the server may take a moment to notice that a killed runner is gone.
 * Throws AnotherRunner, with who holds it, when that is not enough.
 */
export async function takeRunnerLock(client: pg.Client, patience: number): Promise<void> {
  const name = `landfall-migration ${hostname()} process ${process.pid.toString()}`.slice(0, 63);
  await client.query("SELECT set_config('application_name', $1, false)", [name]);
  await client.query(
    "SELECT set_config('tcp_keepalives_idle', '15', false), set_config('tcp_keepalives_interval', '5', false)",
  );
  const deadline = performance.now() + patience;
  for (;;) {
    const result = await client.query<{ taken: boolean }>("SELECT pg_try_advisory_lock($1) AS taken", [lockNumber]);
    if (result.rows[0]?.taken === true) return cutLeftovers(client);
    if (performance.now() >= deadline) throw new AnotherRunner(await describeHolder(client));
    await delay(pollMilliseconds);
  }
}

/** The name of the connections by which a runner's workers write. */
export const workerName = "landfall-migration worker";

// A frozen runner's workers could hold rows for ever that the next runner needs. They could not commit any more.
async function cutLeftovers(client: pg.Client): Promise<void> {
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND usename = current_user AND application_name = $1`,
    [workerName],
  );
}

async function describeHolder(client: pg.Client): Promise<string> {
  const result = await client.query<{ name: string; address: string | null; since: string }>(
    `SELECT a.application_name AS name, host(a.client_addr) AS address, a.backend_start::text AS since
     FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = $1
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [lockNumber],
  );
  const holder = result.rows[0];
  if (holder === undefined) return "Another runner is at work on this target, and has just changed; try again.";
  const from = holder.address === null ? "" : ` from ${holder.address}`;
  return `Another runner is at work on this target: ${holder.name}${from}, since ${holder.since}. Wait for it, or stop it first.`;
}

/** Starts a new epoch: whatever an older runner has not committed yet, it cannot commit any more. */
export async function startEpoch(client: pg.Client): Promise<string> {
  const result = await client.query<{ epoch: string }>(
    `UPDATE migration.runner SET epoch = epoch + 1, host = $1, process_id = $2, started_at = now() RETURNING epoch`,
    [hostname(), process.pid],
  );
  const epoch = result.rows[0]?.epoch;
  if (epoch === undefined)
    throw new Error("migration.runner has lost its row; the schema is not as its migrations made it.");
  return epoch;
}

/** Throws Fenced unless the epoch is still this runner's; holds on to it until the transaction ends. */
export async function checkEpoch(client: pg.Client, epoch: string): Promise<void> {
  const result = await client.query("SELECT FROM migration.runner WHERE epoch = $1 FOR SHARE", [epoch]);
  if (result.rowCount !== 1) throw new Fenced();
}
