import type pg from "pg";
import type { ForeignReader, ForeignSnapshot } from "../sources/foreign.ts";
import { Connection } from "../sql/connection.ts";
import { workerName } from "../target/runner.ts";

/** A reader inside the source's snapshot, and a connection to the target that its rows go through. */
export interface Worker {
  readonly reader: ForeignReader;
  readonly connection: Connection;
}

/** Opens both sides of a worker, or neither. */
export async function openWorker(target: pg.ClientConfig, snapshot: ForeignSnapshot): Promise<Worker> {
  const reader = await snapshot.reader();
  try {
    const connection = await Connection.open({ ...target, application_name: workerName });
    // Rows and checkpoint of a chunk stand or fall together, whether or not its commit waits for the disk.
    await connection.client.query("SET synchronous_commit = off");
    return { reader, connection };
  } catch (error) {
    await reader.close();
    throw error;
  }
}
