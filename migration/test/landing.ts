import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestDatabase } from "../../test/services/services.ts";
import { createLog } from "../log.ts";
import { run } from "../commands/run.ts";
import { unobserved } from "../progress/progress.ts";
import { carriedTables, mappedTables } from "../plans/plan.ts";
import { learnmore } from "../plans/learnmore/plan.ts";
import type { Report } from "../report.ts";
import type { Settings } from "../settings.ts";
import { wholeTable } from "../sql/range.ts";
import { targetFingerprints } from "../target/fingerprints.ts";
import { readFileSync } from "node:fs";

export const silent = createLog("silent");

/** Settings that move LearnMore from one database to another, with a report of their own and without a rollback point. */
export function settingsFor(source: TestDatabase, target: TestDatabase, changes: Partial<Settings> = {}): Settings {
  return {
    systems: ["learnmore"],
    target: addressOf(target),
    sources: new Map([["learnmore", { kind: "postgresql", config: addressOf(source) }]]),
    media: new Map(),
    store: undefined,
    observer: unobserved,
    workers: 2,
    chunkRows: 500,
    reportPath: join(mkdtempSync(join(tmpdir(), "landfall-report-")), "report.json"),
    rollbackDirectory: "",
    release: "test",
    ignored: new Set(),
    again: new Set(),
    changedSource: "warn",
    hashes: "auto",
    logLevel: "silent",
    ...changes,
  };
}

const addressOf = ({ host, port, user, password, database }: TestDatabase): pg.ClientConfig => ({
  host,
  port,
  user,
  password,
  database,
});

/** Moves as the command does, and gives the report; what the move throws is thrown. */
export async function landAs(settings: Settings, signal = new AbortController().signal): Promise<Report> {
  await run(settings, silent, signal);
  return readReport(settings);
}

export function readReport(settings: Settings): Report {
  const report = JSON.parse(readFileSync(settings.reportPath, "utf8")) as Report;
  rmSync(join(settings.reportPath, ".."), { recursive: true, force: true });
  return report;
}

/** Runs statements on a database and gives the rows of the last. */
export async function ask<Row extends pg.QueryResultRow>(database: TestDatabase, query: string): Promise<Row[]> {
  const client = new pg.Client(addressOf(database));
  await client.connect();
  try {
    const result: unknown = await client.query<Row>(query);
    const last = Array.isArray(result) ? (result.at(-1) as pg.QueryResult<Row>) : (result as pg.QueryResult<Row>);
    return last.rows;
  } finally {
    await client.end();
  }
}

/** Everything that LearnMore has landed, as sums a table, and what is in quarantine. Equal content gives equal values. */
export async function contentOf(target: TestDatabase): Promise<Record<string, unknown>> {
  const client = new pg.Client(addressOf(target));
  await client.connect();
  try {
    const content: Record<string, unknown> = {};
    for (const table of mappedTables(learnmore)) {
      content[table.target] = await targetFingerprints(client, learnmore).sums({ table, chunk: wholeTable }, "native");
    }
    for (const { source } of carriedTables(learnmore)) {
      const held = await client.query(
        `SELECT count(*) AS rows, md5(string_agg(legacy_id || rule || reason || legacy_row::text, ',' ORDER BY legacy_id)) AS digest
         FROM operations.quarantine WHERE system = 'learnmore' AND source_table = $1`,
        [source],
      );
      content[`quarantine of ${source}`] = held.rows[0];
    }
    return content;
  } finally {
    await client.end();
  }
}
