import type { Configuration } from "../configuration.ts";
import type { Database } from "../database/database.ts";
import type { DeploymentEvent } from "../database/tables.ts";
import type { Health } from "../health/health.ts";

/** Something that happened to this instance, not written down yet. */
interface Entry {
  readonly at: Date;
  readonly event: DeploymentEvent;
  readonly health: Readonly<Record<string, unknown>>;
}

export interface DeploymentRecorder {
  /** Notes the start, later each change between healthy and unhealthy, and writes what is not written yet. */
  observe(health: Health): Promise<void>;
  /** Notes the stop and writes it. */
  stop(): Promise<void>;
}

// While the database is away the newest entries are kept; a dependency that flickers must not fill the memory.
const mostPending = 100;

/**
 * Writes this instance's life to the deployment log: `started`, `healthy` and `unhealthy` when that changes, `stopped`.
 * What cannot be written now (no database, no schema yet) is written later, with its own time. Never throws.
 */
export function deploymentRecorder(
  database: Database,
  configuration: Pick<Configuration, "release" | "environment" | "configurationHash">,
): DeploymentRecorder {
  const pending: Entry[] = [{ at: new Date(), event: "started", health: {} }];
  let wasReady = false;
  const write = async (): Promise<void> => {
    for (let entry = pending[0]; entry !== undefined; entry = pending[0]) {
      try {
        await database
          .insertInto("operations.deployment_log")
          .values({
            at: entry.at,
            event: entry.event,
            health: JSON.stringify(entry.health),
            release: configuration.release,
            environment: configuration.environment,
            configuration_hash: configuration.configurationHash,
          })
          .execute();
      } catch {
        return;
      }
      pending.shift();
    }
  };
  return {
    async observe(health) {
      if (health.ready !== wasReady) {
        wasReady = health.ready;
        pending.push({
          at: health.at,
          event: health.ready ? "healthy" : "unhealthy",
          health: { ...health.dependencies },
        });
        if (pending.length > mostPending) pending.shift();
      }
      await write();
    },
    async stop() {
      pending.push({ at: new Date(), event: "stopped", health: {} });
      await write();
    },
  };
}
