import type { Plan } from "../plans/plan.ts";
import type { Tier } from "../sql/fingerprint.ts";
import { landChunk, type ChunkResult } from "../target/chunk.ts";
import { Interrupted, NeedsStaging } from "./outcome.ts";
import { bySchedule, type Task } from "./schedule.ts";
import type { Worker } from "./workers.ts";

export interface CopyOptions {
  readonly plan: Plan;
  readonly runId: string;
  readonly epoch: string;
  /** How a table's rows are compared. */
  readonly tierOf: (source: string) => Tier;
  /** Tables whose rows come straight from a database that is not PostgreSQL. */
  readonly isDirect: (source: string) => boolean;
  /** Tables whose columns have the same types on both sides; the others travel as text. */
  readonly binary: ReadonlySet<string>;
  /** Tables that have rows for quarantine. */
  readonly held: ReadonlySet<string>;
  readonly signal: AbortSignal;
  readonly onChunk: (task: Task, result: ChunkResult) => Promise<void>;
}

/**
 * Moves every task, each worker one chunk at a time. Throws the first failure after the other workers have come to the
 * end of their chunk, or Interrupted when `signal` says so.
 */
export async function copyChunks(
  workers: readonly Worker[],
  tasks: readonly Task[],
  options: CopyOptions,
): Promise<void> {
  const move = async (worker: Worker, task: Task): Promise<void> => {
    try {
      const result = await landChunk(worker.target, worker.reader, {
        ...options,
        ...task,
        tier: options.tierOf(task.table.source),
        direct: options.isDirect(task.table.source),
        format: options.binary.has(task.table.source) ? "binary" : "text",
        held: options.held.has(task.table.source),
      });
      await options.onChunk(task, result);
    } catch (error) {
      // What no survey of the source has seen the target's own constraints do: then the rows are judged one by one.
      if (options.isDirect(task.table.source) && isRefusedValue(error))
        throw new NeedsStaging(task.table.source, error);
      throw describe(task, error);
    }
  };
  if (!(await bySchedule(workers, tasks, { work: move, signal: options.signal }))) throw new Interrupted();
}

/**
 * Whether the target refused what a row holds: PostgreSQL's error classes for data, for integrity constraints, and for its
 * own limits, such as the longest entry of an index.
 */
const isRefusedValue = (error: unknown): boolean =>
  error instanceof Error && "code" in error && typeof error.code === "string" && /^(2[23]|54)/.test(error.code);

function describe(task: Task, error: unknown): unknown {
  if (!(error instanceof Error) || (error.constructor !== Error && error.name !== "error")) return error;
  const range = `${task.table.source}, chunk ${task.chunk.number.toString()} (${task.chunk.low ?? "beginning"} to ${task.chunk.high ?? "end"})`;
  return new Error(
    `Copying ${range} failed: ${error.message}. Nothing of the chunk was kept; the next run goes on with it.`,
    {
      cause: error,
    },
  );
}
