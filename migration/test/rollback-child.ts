/** Takes or restores a rollback point as the job on its standard input says. */
import { text } from "node:stream/consumers";
import type pg from "pg";
import { restoreRollbackPoint } from "../rollback/restore.ts";
import { take } from "../rollback/take.ts";

/** A rollback point to be taken, or one to be restored where it has a name. */
export interface RollbackJob {
  readonly target: pg.ClientConfig;
  readonly directory: string;
  readonly name?: string;
}

if (import.meta.main) {
  const { name, ...job } = JSON.parse(await text(process.stdin)) as RollbackJob;
  if (name === undefined) await take({ ...job, system: "dirfinal" });
  else await restoreRollbackPoint({ ...job, name });
}
