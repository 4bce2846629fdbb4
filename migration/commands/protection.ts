import type pg from "pg";
import type { Logger } from "pino";
import type { RollbackPoint } from "../report.ts";
import { noteSchemaChange } from "../rollback/waiting.ts";
import type { Settings } from "../settings.ts";
import { findRollbackPoint, takeRollbackPoint } from "../target/rollback-point.ts";
import { migrateHere } from "./schema.ts";

interface Protection {
  readonly control: pg.Client;
  readonly log: Logger;
}

/**
 * Gives the rollback point of the target from before the rows of a system: the one that an earlier try took which stopped
 * before its first row, or a new one. Null where the settings want none.
 */
export async function protect(
  { rollbackDirectory: directory, target, observer }: Settings,
  { control, log }: Protection,
  system: string,
): Promise<RollbackPoint | null> {
  if (directory === "") {
    log.warn("no rollback point is taken, because ROLLBACK_DIRECTORY is empty");
    return null;
  }
  observer.phase(system, "rollback-point");
  const onChanged = (changes: readonly string[]): void => {
    log.warn(
      { changes: changes.slice(0, 10), of: changes.length },
      `the target has changed since an earlier try of ${system} took a rollback point; that one is kept, and another is taken`,
    );
  };
  const known = await findRollbackPoint(control, { target, system, directory, onChanged });
  if (known !== undefined) {
    log.info({ location: known.location }, "the rollback point of an earlier try is used, from before its first write");
    return known;
  }
  const point = await takeRollbackPoint(target, { system, directory });
  log.info({ location: point.location, bytes: point.bytes }, "rollback point taken");
  return point;
}

/** Brings the target's schema up to this release. The rollback point from before stays the one that a later try uses. */
export async function migrateBehind(
  { rollbackDirectory }: Settings,
  { control, log }: Protection,
  point: RollbackPoint | null,
): Promise<void> {
  await migrateHere(control, log);
  if (point !== null) await noteSchemaChange(control, rollbackDirectory, point.name);
}
