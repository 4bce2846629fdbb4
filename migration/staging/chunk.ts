import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { from as copyFrom } from "pg-copy-streams";
import { sameSums } from "../engine/compare.ts";
import type { Plan } from "../plans/plan.ts";
import { ByteCounter } from "../sql/byte-counter.ts";
import { inTransaction } from "../sql/connection.ts";
import type { Sums } from "../sql/fingerprints.ts";
import { identifier } from "../sql/quote.ts";
import { checkEpoch } from "../target/runner.ts";
import { settleStagedChunk, type StagedChunk } from "./chunks.ts";
import { added, sumsHere } from "./sums.ts";
import { partColumns, partTable, type Part, type StagedTable } from "./tables.ts";
import type { Worker } from "./worker.ts";

/**
 * Copies one chunk into the staging copy, in one transaction with its checkpoint, and compares what arrived with the source
 * by sums. Throws Fenced once a later runner has taken over, and otherwise an error that says which chunk it was.
 */
export async function stageChunk(
  { plan, epoch }: { readonly plan: Plan; readonly epoch: string },
  { reader, connection }: Worker,
  of: { staged: StagedTable; chunk: StagedChunk },
): Promise<{ sums: Sums; bytes: number }> {
  const { client } = connection;
  const { chunk } = of;
  const started = performance.now();
  try {
    return await inTransaction(client, async () => {
      await client.query("SELECT set_config('migration.chunk', $1, true)", [chunk.number.toString()]);
      let bytes = 0;
      const copy = async (part: Part, rows: Readable): Promise<void> => {
        const columns = partColumns(of.staged, part)
          .map(({ name }) => identifier(name))
          .join(", ");
        const into = client.query(copyFrom(`COPY ${partTable(plan, chunk.source, part)} (${columns}) FROM STDIN`));
        const counter = new ByteCounter();
        await pipeline(rows, counter, into);
        bytes += counter.bytes;
      };
      const { source } = chunk;
      await copy("plain", reader.plain(source, chunk));
      const [plain, plainHere] = await Promise.all([
        reader.plainSums(source, chunk),
        sumsHere(client, plan, { ...of, part: "plain" }),
      ]);
      let sums = sameOrThrow(plain.sums, plainHere);
      if (plain.doubtful > 0) {
        await copy("doubtful", reader.doubtful(source, chunk));
        const [doubtful, here] = await Promise.all([
          reader.doubtfulSums(source, chunk),
          sumsHere(client, plan, { ...of, part: "doubtful" }),
        ]);
        sums = added(sums, sameOrThrow(doubtful, here));
        if (Number(doubtful.rows) !== plain.doubtful) throw new Error("the rows were not the same twice");
      }
      const seconds = (performance.now() - started) / 1000;
      const key = { system: plan.system, source, number: chunk.number, epoch };
      await settleStagedChunk(client, key, { sums, bytes, seconds });
      await checkEpoch(client, epoch);
      return { sums, bytes };
    });
  } catch (error) {
    if (!(error instanceof Error) || (error.constructor !== Error && error.name !== "error")) throw error;
    const range = `${chunk.source}, chunk ${chunk.number.toString()} (${chunk.low ?? "beginning"} to ${chunk.high ?? "end"})`;
    throw new Error(
      `Copying ${range} failed: ${error.message}. Nothing of the chunk was kept; the next run goes on with it.`,
      { cause: error },
    );
  }
}

function sameOrThrow(there: Sums, here: Sums): Sums {
  if (sameSums(there, here)) return there;
  throw new Error(
    `what arrived is not what was sent (${there.rows} rows there, ${here.rows} here; sums ${there.first} and ${here.first})`,
  );
}
