import * as pulumi from "@pulumi/pulumi";
import type { JobGate } from "../providers/job-gate.ts";
import type { Database, Place } from "./database.ts";
import { DatabaseJob } from "./database-job.ts";

/** Arguments of a DatabaseMove. */
export interface DatabaseMoveArgs {
  /** The server that the data flows through. */
  readonly place: Place;
  readonly from: Database;
  /** Empty, or left behind by a move that did not come to its end. */
  readonly to: Database;
  /** Cores for building indexes. */
  readonly cpus: number;
}

const halfADay = 12 * 3600;

/**
 * The move of the service's data from one database to another, once. The old one takes no writes while it lasts, and none
 * after it; a move that fails opens it again. What was moved once is never moved again.
 */
export class DatabaseMove extends pulumi.ComponentResource {
  /** Opens when every row and every definition is proven to be there. */
  readonly gate: JobGate;

  constructor({ place, from, to, cpus }: DatabaseMoveArgs, options?: pulumi.ComponentResourceOptions) {
    const { server } = place;
    super("landfall:infra:DatabaseMove", server.logicalName("move"), {}, options);
    const job = new DatabaseJob(
      {
        server,
        noun: "database-move",
        program: "move-database",
        purpose: "move the database, and the old one goes on serving",
        connections: {
          SOURCE: from.owner(server),
          SOURCE_SERVICE: from.service(server),
          TARGET: to.owner(server),
        },
        networks: [from.network(place), to.network(place)],
        environment: { MOVE_JOBS: String(Math.max(1, Math.floor(cpus))) },
        files: {},
        cpus,
        deadlineSeconds: halfADay,
      },
      { parent: this, dependsOn: [...from.gates, ...to.gates] },
    );
    this.gate = job.gate;
    this.registerOutputs({ words: this.gate.words });
  }
}
