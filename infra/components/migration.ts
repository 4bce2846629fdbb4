import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { MigrationGate } from "../providers/migration-gate.ts";
import type { MigrationSettings } from "../settings/migration.ts";
import { seconds } from "../settings/units.ts";
import type { MediaStore } from "./bucket.ts";
import type { Database } from "./database.ts";
import { databaseEnvironment, databaseFiles } from "./database-environment.ts";
import { DataVolume } from "./data-volume.ts";
import { legacyRoot } from "./legacy-files.ts";
import type { LegacySource, LegacySources } from "./legacy-sources.ts";
import type { Network } from "./network.ts";
import type { Server } from "./server.ts";
import { Service, type DeliveredFiles } from "./service.ts";

/** Arguments of a Migration. */
export interface MigrationArgs {
  readonly server: Server;
  readonly network: Network;
  readonly database: Database;
  readonly legacy: LegacySources;
  /** The bucket that files go to; undefined for a volume beside it. */
  readonly media: MediaStore | undefined;
  readonly settings: MigrationSettings;
  /**
   * What must be open before it starts. It is no option of the component: the protected resources in it would depend on
   * it too, and a destroy that keeps these would keep all of that running.
   */
  readonly after: readonly pulumi.Resource[];
}

const report = "/var/lib/landfall/reports/report.json";
const rollback = "/var/lib/landfall/rollback";
const mediaFolder = "/var/lib/landfall/media";
const work = "/var/lib/landfall/work";

/**
 * The move of the legacy systems' data: a container that is run and vouched for by its gate. It also brings the schema
 * up to date, and so runs even where no legacy system lands.
 */
export class Migration extends pulumi.ComponentResource {
  /** Opens when the data has landed and is verified. */
  readonly gate: MigrationGate;

  constructor(args: MigrationArgs, options?: pulumi.ComponentResourceOptions) {
    const { server, network, database, legacy, settings } = args;
    super("landfall:infra:Migration", server.logicalName("data-migration"), {}, options);
    const systems = Object.entries(legacy.sources);
    const owner = database.owner(server);
    const moves = systems.some(([, { media }]) => media !== undefined);
    const store = moves ? (args.media ?? folder) : nowhere;
    const ways = [
      network.data,
      network.legacy,
      database.network({ server, network }),
      ...(legacy.leadsOut || store.leadsOut ? [network.peers ?? network.edge] : []),
    ];
    const environment = {
      ...databaseEnvironment("DB", owner),
      ...merged(systems.map(([system, source]) => sourceEnvironment(variable(system), source))),
      ...store.environment,
      MIGRATION_SYSTEMS: systems.map(([system]) => system).join(","),
      MIGRATION_WORKERS: String(settings.workers),
      MIGRATION_CHUNK_ROWS: String(settings.chunkRows),
      REPORT_PATH: report,
      ROLLBACK_DIRECTORY: rollback,
      TMPDIR: work,
    };
    const volume = (noun: string): docker.Volume => new DataVolume({ server, noun }, { parent: this }).volume;
    const container = new Service(
      {
        server,
        noun: "migration",
        image: "migration",
        user: 10001,
        networks: [...new Set(ways)].map((way) => ({ network: way, aliases: [] })),
        environment: { ...environment, RELEASE: server.image("migration").reference },
        files: {
          ...databaseFiles("DB", owner),
          ...merged(systems.map(([system, source]) => sourceFiles(variable(system), source))),
          ...store.files,
        },
        volumes: {
          "/var/lib/landfall/reports": volume("migration-reports"),
          [rollback]: volume("rollback-points"),
          // What is too large for memory: the copy of a database file that is read from.
          [work]: volume("migration-work"),
          ...(args.media === undefined ? { [mediaFolder]: volume("media") } : {}),
        },
        readOnlyVolumes: { [legacyRoot]: legacy.files },
        hostFiles: store.hostFiles,
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
    this.registerOutputs({ landed: this.gate.landed });
  }
}

const nowhere: MediaStore = { environment: {}, files: {}, hostFiles: {}, leadsOut: false };
const folder: MediaStore = { ...nowhere, environment: { MEDIA_STORE: `file:${mediaFolder}` } };

/** The variables by which the migration learns where a legacy system's data is. */
function sourceEnvironment(prefix: string, source: LegacySource): Record<string, pulumi.Input<string>> {
  return {
    ...(source.kind === "file" ? { [`${prefix}_PATH`]: source.path } : databaseEnvironment(prefix, source.connection)),
    ...(source.media === undefined ? {} : { [`${prefix}_MEDIA`]: source.media }),
  };
}

function sourceFiles(prefix: string, source: LegacySource): DeliveredFiles {
  return source.kind === "file" ? {} : databaseFiles(prefix, source.connection);
}

function merged<T>(records: readonly Readonly<Record<string, T>>[]): Record<string, T> {
  return Object.fromEntries(records.flatMap((record) => Object.entries(record)));
}

function variable(system: string): string {
  return `SOURCE_${system.toUpperCase()}`;
}
