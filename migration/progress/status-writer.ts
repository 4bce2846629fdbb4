import type pg from "pg";
import type { Logger } from "pino";
import type { Plan } from "../plans/plan.ts";
import { Connection } from "../sql/connection.ts";
import { targetOf } from "../target/status.ts";
import { Meter, type SystemFigures } from "./meter.ts";
import { together, type FilesProgress, type Phase, type ProgressObserver, type TableProgress } from "./progress.ts";

/** Milliseconds between two writes of figures. */
const pause = 1000;

export interface StatusWriterOptions {
  readonly target: pg.ClientConfig;
  readonly plan: Plan;
  /** The runner's epoch; a runner that a later one has replaced writes nothing any more. */
  readonly epoch: string;
  /** Told once when the status cannot be written; the move goes on. */
  readonly onFailure: (reason: string) => void;
}

/**
 * Writes what a system's move is busy with into its status rows, table by table, once a second, for the console and for
 * `status`. Has a connection of its own: the figures are to be seen while a transaction goes on.
 */
export class StatusWriter implements ProgressObserver {
  readonly #options: StatusWriterOptions;
  readonly #connection: Connection;
  readonly #meter = new Meter();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #failed = false;

  private constructor(options: StatusWriterOptions, connection: Connection) {
    this.#options = options;
    this.#connection = connection;
  }

  /** Opens the connection, and lays the rows out where the system has none. The schema must be there. */
  static async open(options: StatusWriterOptions): Promise<StatusWriter> {
    const connection = await Connection.open(options.target);
    try {
      await layOut(connection.client, options);
    } catch (error) {
      await connection.close();
      throw error;
    }
    return new StatusWriter(options, connection);
  }

  phase(system: string, phase: Phase): void {
    this.#meter.phase(system, phase);
    this.#write();
  }

  table(progress: TableProgress): void {
    this.#meter.table(progress);
    this.#writeSoon();
  }

  files(progress: FilesProgress): void {
    this.#meter.files(progress);
    this.#writeSoon();
  }

  note(): void {
    // Notes are for whoever watches; what they are about has rows of its own.
  }

  /** Writes the last figures, says that nothing goes on any more, and ends the connection. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#write();
    await this.#writing;
    await this.#attempt(() => settle(this.#connection.client, this.#options));
    await this.#connection.close();
  }

  #writeSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#write();
    }, pause).unref();
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const figures = this.#meter.read();
    this.#writing = this.#writing.then(() =>
      this.#attempt(() => writeFigures(this.#connection.client, this.#options, figures)),
    );
  }

  async #attempt(write: () => Promise<void>): Promise<void> {
    if (this.#failed) return;
    try {
      await write();
    } catch (error) {
      this.#failed = true;
      this.#options.onFailure(error instanceof Error ? error.message : String(error));
    }
  }
}

const fenced = "EXISTS (SELECT FROM migration.runner WHERE epoch = $2)";

async function layOut(client: pg.Client, { plan, epoch }: StatusWriterOptions): Promise<void> {
  await client.query(
    `INSERT INTO operations.migration_status (system, state) SELECT $1, 'planned' WHERE ${fenced} ON CONFLICT DO NOTHING`,
    [plan.system, epoch],
  );
  const tables = plan.tables.map((table) => ({
    source: table.source,
    disposition: table.disposition,
    target: targetOf(table) ?? null,
    reason: table.disposition === "mapped" ? null : table.reason,
  }));
  await client.query(
    `INSERT INTO operations.migration_tables (system, source_table, disposition, target_table, reason, state)
     SELECT $1, p.source, p.disposition, p.target, p.reason, 'waiting'
     FROM jsonb_to_recordset($3::jsonb) p (source text, disposition text, target text, reason text)
     WHERE ${fenced} AND NOT EXISTS (SELECT FROM operations.migration_tables WHERE system = $1) ON CONFLICT DO NOTHING`,
    [plan.system, epoch, JSON.stringify(tables)],
  );
}

/**
 * Each statement is a transaction of its own, and rows that are locked are passed over: the figures that come a second
 * later will do, and a runner's own transaction must never wait for these in a circle.
 */
async function writeFigures(client: pg.Client, of: StatusWriterOptions, figures: SystemFigures): Promise<void> {
  const { files } = figures;
  await client.query(
    `UPDATE operations.migration_status s SET phase = $3, updated_at = now(),
       phase_started_at = CASE WHEN s.phase IS DISTINCT FROM $3 THEN now() ELSE s.phase_started_at END
     FROM (SELECT system FROM operations.migration_status WHERE system = $1 FOR UPDATE SKIP LOCKED) l
     WHERE s.system = l.system AND ${fenced}`,
    [of.plan.system, of.epoch, figures.phase],
  );
  if (files !== undefined) {
    await client.query(
      `UPDATE operations.migration_status s SET files_done = $3, files_total = $4, file_bytes_done = $5, file_bytes_total = $6,
         files_missing = $7, files_damaged = $8
       FROM (SELECT system FROM operations.migration_status WHERE system = $1 FOR UPDATE SKIP LOCKED) l
       WHERE s.system = l.system AND ${fenced}`,
      [of.plan.system, of.epoch, files.files, files.of, files.bytes, files.ofBytes, files.missing, files.damaged],
    );
  }
  const rows = figures.tables.map(({ table, phase, rows: done, of: total, bytes, rowsPerSecond, secondsLeft }) => ({
    source: table,
    phase,
    done,
    total,
    bytes,
    rate: rowsPerSecond ?? null,
    left: secondsLeft ?? null,
  }));
  if (rows.length === 0) return;
  await client.query(
    `UPDATE operations.migration_tables m SET phase = p.phase, phase_rows_done = p.done, phase_rows_total = p.total,
       phase_bytes = p.bytes, rows_per_second = p.rate, seconds_left = p."left", updated_at = now()
     FROM jsonb_to_recordset($3::jsonb) p (source text, phase text, done bigint, total bigint, bytes bigint,
       rate double precision, "left" double precision),
       (SELECT source_table FROM operations.migration_tables WHERE system = $1 FOR UPDATE SKIP LOCKED) l
     WHERE m.system = $1 AND m.source_table = p.source AND l.source_table = m.source_table AND ${fenced}`,
    [of.plan.system, of.epoch, JSON.stringify(rows)],
  );
}

async function settle(client: pg.Client, { plan, epoch }: StatusWriterOptions): Promise<void> {
  await client.query(
    `UPDATE operations.migration_status SET phase = NULL, phase_started_at = NULL, updated_at = now()
     WHERE system = $1 AND ${fenced}`,
    [plan.system, epoch],
  );
  await client.query(
    `UPDATE operations.migration_tables SET phase = NULL, seconds_left = NULL WHERE system = $1 AND phase IS NOT NULL AND ${fenced}`,
    [plan.system, epoch],
  );
}

/**
 * Does `work` on a system with an observer that keeps the system's status rows as well as `observer` up to date. A status
 * that cannot be written is no reason to stop.
 */
export async function withStatus<Result>(
  of: Omit<StatusWriterOptions, "onFailure"> & { readonly observer: ProgressObserver; readonly log: Logger },
  work: (observer: ProgressObserver) => Promise<Result>,
): Promise<Result> {
  const onFailure = (reason: string): void => {
    of.log.warn(`the status of ${of.plan.system} is not kept up to date: ${reason}`);
  };
  const { target, plan, epoch } = of;
  const writer = await StatusWriter.open({ target, plan, epoch, onFailure }).catch((error: unknown) => {
    onFailure(error instanceof Error ? error.message : String(error));
    return undefined;
  });
  if (writer === undefined) return work(of.observer);
  try {
    return await work(together([of.observer, writer]));
  } finally {
    await writer.close();
  }
}
