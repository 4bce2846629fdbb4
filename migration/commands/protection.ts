import type { Logger } from "pino";
import type { RollbackPoint } from "../report.ts";
import type { Settings } from "../settings.ts";
import { takeRollbackPoint } from "../target/rollback-point.ts";

/** Takes a rollback point of the target before the rows of a system; null where the settings want none. */
export async function protect(settings: Settings, log: Logger, system: string): Promise<RollbackPoint | null> {
  if (settings.rollbackDirectory === "") {
    log.warn("no rollback point is taken, because ROLLBACK_DIRECTORY is empty");
    return null;
  }
  settings.observer.phase(system, "rollback-point");
  const point = await takeRollbackPoint(settings.target, {
    system,
    directory: settings.rollbackDirectory,
  });
  log.info({ location: point.location, bytes: point.bytes }, "rollback point taken");
  return point;
}
