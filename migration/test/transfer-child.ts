/** Moves files as the job on its standard input says, and prints how many are settled, a line each. */
import { text } from "node:stream/consumers";
import { openStore } from "../files/store-address.ts";
import { transferFiles } from "../files/transfer.ts";
import { Connection } from "../sql/connection.ts";
import type { TransferJob } from "./media.ts";

const job = JSON.parse(await text(process.stdin)) as TransferJob;
const connection = await Connection.open(job.target);
const store = await openStore(job.store);
try {
  await transferFiles({
    client: connection.client,
    system: job.system,
    media: job.media,
    store,
    onProgress: ({ files }) => {
      process.stdout.write(`${files.toString()}\n`);
    },
  });
} finally {
  store.close();
  await connection.close();
}
