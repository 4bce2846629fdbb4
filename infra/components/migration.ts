import * as pulumi from "@pulumi/pulumi";
import { MigrationGate } from "../providers/migration-gate.ts";
import type { LegacySystem, MigrationSettings } from "../settings/migration.ts";
import { seconds } from "../settings/units.ts";
import type { Database, DatabaseConnection } from "./database.ts";
import { databaseEnvironment, databaseFiles } from "./database-environment.ts";
import { DataVolume } from "./data-volume.ts";
import type { Network } from "./network.ts";
import type { Server } from "./server.ts";
import { Service } from "./service.ts";

/** Arguments of a Migration. */
export interface MigrationArgs {
  readonly server: Server;
  readonly network: Network;
  readonly database: Database;
  /** The legacy systems that land, each with where its data is. */
  readonly sources: Readonly<Partial<Record<LegacySystem, DatabaseConnection>>>;
  readonly settings: MigrationSettings;
  /**
   * What must be open before it starts. It is no option of the component: the protected resources in it would depend on
   * it too, and a destroy that keeps these would keep all of that running.
   */
  readonly after: readonly pulumi.Resource[];
}

const report = "/var/lib/landfall/reports/report.json";
const rollback = "/var/lib/landfall/rollback";

/**
 * The move of the legacy systems' data: a container that is run and vouched for by its gate. It also brings the schema
 * up to date, and so runs even where no legacy system lands.
 */
export class Migration extends pulumi.ComponentResource {
  /** Opens when the data has landed and is verified. */
  readonly gate: MigrationGate;

  constructor(args: MigrationArgs, options?: pulumi.ComponentResourceOptions) {
    const { server, network, database, sources, settings } = args;
    super("landfall:infra:Migration", server.logicalName("data-migration"), {}, options);
    const systems = Object.entries(sources);
    const owner = database.owner(server);
    const way = database.network({ server, network });
    const environment = {
      ...databaseEnvironment("DB", owner),
      ...merged(systems.map(([system, source]) => databaseEnvironment(variable(system), source))),
      MIGRATION_SYSTEMS: systems.map(([system]) => system).join(","),
      MIGRATION_WORKERS: String(settings.workers),
      MIGRATION_CHUNK_ROWS: String(settings.chunkRows),
      REPORT_PATH: report,
      ROLLBACK_DIRECTORY: rollback,
    };
    const container = new Service(
      {
        server,
        noun: "migration",
        image: "migration",
        user: 10001,
        networks: [
          { network: network.data, aliases: [] },
          { network: network.legacy, aliases: [] },
          ...(way === network.data ? [] : [{ network: way, aliases: [] }]),
        ],
        environment: { ...environment, RELEASE: server.image("migration").reference },
        files: {
          ...databaseFiles("DB", owner),
          ...merged(systems.map(([system, source]) => databaseFiles(variable(system), source))),
        },
        volumes: {
          "/var/lib/landfall/reports": new DataVolume({ server, noun: "migration-reports" }, { parent: this }).volume,
          [rollback]: new DataVolume({ server, noun: "rollback-points" }, { parent: this }).volume,
        },
        limits: settings.limits,
        stopSeconds: 60,
        job: true,
      },
      { parent: this, dependsOn: [...args.after] },
    );
    this.gate = new MigrationGate(
      server.logicalName("migrated"),
      {
        engine: server.engine,
        container: container.containerId,
        report,
        systems: systems.map(([system]) => system),
        deadlineSeconds: seconds(settings.deadline),
        triggers: pulumi.output({ image: container.imageId }),
      },
      { parent: this },
    );
    this.registerOutputs({ quarantinedRows: this.gate.quarantinedRows });
  }
}

function merged<T>(records: readonly Readonly<Record<string, T>>[]): Record<string, T> {
  return Object.fromEntries(records.flatMap((record) => Object.entries(record)));
}

function variable(system: string): string {
  return `SOURCE_${system.toUpperCase()}`;
}
