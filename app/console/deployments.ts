import type { Database } from "../database/database.ts";
import type { DeploymentEvent } from "../database/tables.ts";
import { pageSize, type Paged } from "./paging.ts";

/** Something that happened to an instance of the service. */
export interface Deployment {
  readonly at: Date;
  readonly release: string;
  readonly environment: string;
  readonly event: DeploymentEvent;
  readonly configurationHash: string;
  readonly health: Readonly<Record<string, unknown>>;
}

/** One page of the deployment log, newest first. Two queries. */
export async function deploymentLog(database: Database, page: number): Promise<Paged<Deployment>> {
  const log = database.selectFrom("operations.deployment_log");
  const [counted, rows] = await Promise.all([
    log.select(({ fn }) => fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
    log
      .selectAll()
      .orderBy("at", "desc")
      .orderBy("id", "desc")
      .limit(pageSize)
      .offset((page - 1) * pageSize)
      .execute(),
  ]);
  return {
    page,
    total: counted.total,
    rows: rows.map(({ configuration_hash, at, release, environment, event, health }) => ({
      at,
      release,
      environment,
      event,
      configurationHash: configuration_hash,
      health,
    })),
  };
}
