import { EventEmitter, once } from "node:events";
import { parentsOf } from "../plans/order.ts";
import type { FoldedTable, MappedTable } from "../plans/plan.ts";
import type { Chunk } from "../sql/range.ts";

/** A chunk that somebody should move now. */
export interface Task {
  readonly table: MappedTable | FoldedTable;
  readonly chunk: Chunk;
}

/**
 * Hands out chunks so that no row comes before the row that it refers to: a table opens when every table that it
 * refers to is done. Among the open tables the one with most chunks left goes first, so that workers end together.
 */
export class Schedule {
  readonly #waiting: Map<string, Task[]>;
  readonly #running = new Map<string, number>();

  constructor(tasks: readonly Task[]) {
    this.#waiting = Map.groupBy(tasks, ({ table }) => table.source);
  }

  /** The next chunk, or undefined when none can start now. */
  take(): Task | undefined {
    const open = [...this.#waiting.values()].filter((tasks) => tasks[0] !== undefined && this.#isOpen(tasks[0].table));
    const task = open.sort((one, other) => other.length - one.length)[0]?.shift();
    if (task !== undefined) this.#running.set(task.table.source, this.#runningOf(task.table.source) + 1);
    return task;
  }

  done(task: Task): void {
    this.#running.set(task.table.source, this.#runningOf(task.table.source) - 1);
  }

  /** Whether every chunk has been handed out. */
  get exhausted(): boolean {
    return [...this.#waiting.values()].every((tasks) => tasks.length === 0);
  }

  #runningOf(source: string): number {
    return this.#running.get(source) ?? 0;
  }

  #isOpen(table: MappedTable | FoldedTable): boolean {
    return parentsOf(table).every(
      (parent) => (this.#waiting.get(parent)?.length ?? 0) === 0 && this.#runningOf(parent) === 0,
    );
  }
}

/**
 * Gives every task to the next free worker as soon as its table is open, each worker one task at a time. After a failure,
 * or when `signal` says so, nothing new is begun; when the others have come to the end of theirs, the first failure is
 * thrown.
 *
 * @returns whether every task was done
 */
export async function bySchedule<Worker>(
  workers: readonly Worker[],
  tasks: readonly Task[],
  of: { readonly work: (worker: Worker, task: Task) => Promise<void>; readonly signal?: AbortSignal },
): Promise<boolean> {
  const schedule = new Schedule(tasks);
  const changes = new EventEmitter();
  changes.setMaxListeners(workers.length + 1);
  const failures: unknown[] = [];
  const goesOn = (): boolean => !schedule.exhausted && failures.length === 0 && of.signal?.aborted !== true;
  await Promise.all(
    workers.map(async (worker) => {
      while (goesOn()) {
        const task = schedule.take();
        if (task === undefined) {
          await once(changes, "change");
          continue;
        }
        try {
          await of.work(worker, task);
        } catch (error) {
          failures.push(error);
        } finally {
          schedule.done(task);
          changes.emit("change");
        }
      }
    }),
  );
  if (failures.length > 0) throw failures[0];
  return schedule.exhausted;
}
