import * as pulumi from "@pulumi/pulumi";
import type * as docker from "@pulumi/docker";
import { JobGate } from "../providers/job-gate.ts";
import { databaseEnvironment, databaseFiles } from "./database-environment.ts";
import type { DatabaseConnection } from "./database.ts";
import type { Server } from "./server.ts";
import { Service, type DeliveredFiles } from "./service.ts";

/** Arguments of a DatabaseJob. */
export interface DatabaseJobArgs {
  readonly server: Server;
  /** What it is, for example `database-move`. */
  readonly noun: string;
  /** The program of the image `postgres` that it runs. */
  readonly program: "prepare-database" | "move-database";
  /** What it is to do, as an error says it: "move the database". */
  readonly purpose: string;
  /** The databases that it works on, by the prefix of the variables that tell it of them. */
  readonly connections: Readonly<Record<string, DatabaseConnection>>;
  /** The networks over which these are reached; one may be named twice. */
  readonly networks: readonly docker.Network[];
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  readonly files: DeliveredFiles;
  readonly cpus: number;
  readonly deadlineSeconds: number;
}

/** A container that does one thing to databases and ends, run and vouched for by its gate. */
export class DatabaseJob extends pulumi.ComponentResource {
  /** Opens when the job is done. */
  readonly gate: JobGate;

  constructor(args: DatabaseJobArgs, options?: pulumi.ComponentResourceOptions) {
    const { server, noun, connections } = args;
    super("landfall:infra:DatabaseJob", server.logicalName(`job-${noun}`), {}, options);
    const each = <T>(render: (prefix: string, connection: DatabaseConnection) => Record<string, T>) =>
      Object.fromEntries(
        Object.entries(connections).flatMap(([prefix, connection]) => Object.entries(render(prefix, connection))),
      );
    const container = new Service(
      {
        server,
        noun,
        image: "postgres",
        user: 999,
        networks: [...new Set(args.networks)].map((network) => ({ network, aliases: [] })),
        environment: { ...each(databaseEnvironment), ...args.environment },
        files: { ...each(databaseFiles), ...args.files },
        command: [args.program],
        limits: { memory: "512 MiB", cpus: args.cpus },
        stopSeconds: 60,
        job: true,
      },
      { parent: this },
    );
    this.gate = new JobGate(
      server.logicalName(`${noun}-done`),
      {
        engine: server.engine,
        container: container.containerId,
        purpose: args.purpose,
        deadlineSeconds: args.deadlineSeconds,
        triggers: pulumi.output({ image: container.imageId }),
      },
      { parent: this },
    );
    this.registerOutputs({ words: this.gate.words });
  }
}
