import { sql } from "kysely";
import type { Database } from "../database/database.ts";
import { loadDocuments } from "./documents.ts";
import type { DocumentKey, SearchIndex } from "./search.ts";

/** Documents that are taken up together: 100 of at most 100,000 characters stay below the 100 MB of a request. */
const batch = 100;

/** An index is behind once it has not heard of a change for this long. */
const behindSeconds = 60;

export interface Indexer {
  /**
   * Tells the index of every change that it has not heard of. Several instances may do so at once: they share the work.
   * Throws when the index or the database does not answer; nothing is lost by that.
   */
  catchUp(): Promise<{ readonly written: number; readonly removed: number }>;
  /** Deletes the index and has everything taken up anew by the next `catchUp`. */
  startOver(): Promise<void>;
  /** Whether the index had everything, or nearly so, when it was last looked at. */
  isCurrent(): boolean;
}

/** Keeps an index outside of the database like the database, from the changes that its triggers note. */
export function searchIndexer(database: Database, index: SearchIndex): Indexer {
  let current = false;
  const catchUp = async () => {
    const state = await index.prepare();
    if (state === "made") await noteEverything(database);
    let [written, removed] = [0, 0];
    // An index that a later release has made is that release's to fill.
    for (let more = state !== "newer"; more;) {
      const done = await takeUpBatch(database, index);
      written += done.written;
      removed += done.removed;
      more = done.written + done.removed === batch;
    }
    return { written, removed };
  };
  return {
    async catchUp() {
      try {
        const done = await catchUp();
        current = !(await isBehind(database));
        return done;
      } catch (error) {
        current = false;
        throw error;
      }
    },
    async startOver() {
      current = false;
      await index.remove();
    },
    isCurrent: () => current,
  };
}

/**
 * One batch of changes in one transaction: they are locked, taken up and forgotten. Whoever changes one of these texts
 * meanwhile waits for it and notes the change again.
 */
async function takeUpBatch(database: Database, index: SearchIndex): Promise<{ written: number; removed: number }> {
  return database.transaction().execute(async (transaction) => {
    const { rows: keys } = await sql<DocumentKey>`
      SELECT kind, id FROM search.changes ORDER BY since LIMIT ${batch} FOR UPDATE SKIP LOCKED`.execute(transaction);
    const documents = await loadDocuments(transaction, keys);
    const there = new Set(documents.map(({ kind, id }) => `${kind}-${id.toString()}`));
    const gone = keys.filter(({ kind, id }) => !there.has(`${kind}-${id.toString()}`));
    await index.write(documents, gone);
    await sql`
      DELETE FROM search.changes c USING unnest(${keys.map(({ kind }) => kind)}::text[], ${keys.map(({ id }) => id)}::bigint[]) AS k (kind, id)
      WHERE c.kind = k.kind AND c.id = k.id`.execute(transaction);
    return { written: documents.length, removed: gone.length };
  });
}

/** Dated long ago: an index that has nothing is behind until it has all. */
async function noteEverything(database: Database): Promise<void> {
  await sql`
    INSERT INTO search.changes (kind, id, since)
    SELECT kind, id, '-infinity' FROM (
      SELECT 'course' AS kind, id FROM learning.courses
      UNION ALL SELECT 'module', id FROM learning.modules
      UNION ALL SELECT 'quiz', id FROM quizzes.quizzes
    ) everything ORDER BY kind, id
    ON CONFLICT (kind, id) DO UPDATE SET since = excluded.since`.execute(database);
}

async function isBehind(database: Database): Promise<boolean> {
  const { rows } = await sql<{ behind: boolean }>`
    SELECT EXISTS (SELECT FROM search.changes WHERE since < now() - make_interval(secs => ${behindSeconds})) AS behind`.execute(
    database,
  );
  return rows[0]?.behind !== false;
}
