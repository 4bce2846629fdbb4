import type pg from "pg";
import type { SourceReader, SourceSnapshot } from "../sources/source.ts";
import { Connection } from "../sql/connection.ts";

/** A connection to either side. The source's sees the snapshot. */
export interface Worker {
  readonly reader: SourceReader;
  readonly target: pg.Client;
  close(): Promise<void>;
}

export async function openWorkers(
  snapshot: SourceSnapshot,
  target: pg.ClientConfig,
  count: number,
): Promise<readonly [Worker, ...Worker[]]> {
  const first = await openWorker(snapshot, target);
  const others: Worker[] = [];
  try {
    while (others.length < count - 1) others.push(await openWorker(snapshot, target));
  } catch (error) {
    await Promise.all([first, ...others].map((worker) => worker.close()));
    throw error;
  }
  return [first, ...others];
}

async function openWorker(snapshot: SourceSnapshot, config: pg.ClientConfig): Promise<Worker> {
  const reader = await snapshot.reader();
  try {
    const connection = await Connection.open(config);
    // A commit does not wait for the disk: what a crash may take is the last chunks together with their checkpoints, and
    // the commit that calls a run verified waits for all that came before it.
    await connection.client.query("SET synchronous_commit = off");
    return {
      reader,
      target: connection.client,
      close: async () => {
        await Promise.all([reader.close(), connection.close()]);
      },
    };
  } catch (error) {
    await reader.close();
    throw error;
  }
}
