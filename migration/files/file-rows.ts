import type { ContentDigest, DigestAlgorithm } from "@landfall/app/storage/object-store";
import type pg from "pg";
import type { Asks } from "./turns.ts";

/** What a landed row says of a file. */
export interface FileRow {
  readonly id: string;
  readonly legacyId: string;
  readonly bucket: string | null;
  readonly path: string | null;
  readonly key: string;
  readonly size: number | null;
  readonly digest: string | null;
  readonly algorithm: DigestAlgorithm | null;
  readonly contentType: string | null;
}

/** What became of its bytes. */
export type Transfer =
  | { readonly state: "landed"; readonly size: number; readonly digest: ContentDigest }
  | {
      readonly state: "missing" | "damaged";
      readonly reason: string;
      readonly size?: number;
      readonly digest?: ContentDigest;
    };

/** A file whose bytes did not land. */
export interface FileFault {
  readonly legacyId: string;
  readonly path: string | null;
  readonly state: "missing" | "damaged";
  readonly reason: string;
}

/** Files of a system by what became of them, and the bytes of those that landed, in all runs together. */
export interface FileFigures {
  readonly rows: number;
  readonly waiting: number;
  readonly landed: number;
  readonly missing: number;
  readonly damaged: number;
  readonly bytes: number;
  /** Bytes of those that have not landed, as far as their rows say. */
  readonly declared: number;
}

const page = 500;

const columns = `f.id::text AS id, f.legacy_id AS "legacyId", f.legacy_bucket AS bucket, f.legacy_path AS path, f.object_key AS key,
  f.size::double precision AS size, f.digest, f.digest_algorithm AS algorithm, f.content_type AS "contentType"`;

/** The files of a system whose bytes have not landed, by id, a page at a time. */
export async function* unlandedFiles(client: Asks, system: string): AsyncGenerator<FileRow> {
  yield* pages((after) =>
    client.query<FileRow>(
      `SELECT ${columns} FROM media.files f LEFT JOIN media.transfers x ON x.file_id = f.id
       WHERE f.source_system = $1 AND f.id > $2 AND x.state IS DISTINCT FROM 'landed' ORDER BY f.id LIMIT ${page.toString()}`,
      [system, after],
    ),
  );
}

/** A file that has landed, with what was found then. */
export type LandedFile = FileRow & {
  readonly foundSize: number;
  readonly foundDigest: string;
  readonly foundAlgorithm: DigestAlgorithm;
};

/** The files of a system whose bytes have landed, by id. */
export async function* landedFiles(client: Asks, system: string): AsyncGenerator<LandedFile> {
  yield* pages((after) =>
    client.query<LandedFile>(
      `SELECT ${columns}, x.size::double precision AS "foundSize", x.digest AS "foundDigest", x.digest_algorithm AS "foundAlgorithm"
       FROM media.files f JOIN media.transfers x ON x.file_id = f.id
       WHERE f.source_system = $1 AND f.id > $2 AND x.state = 'landed' ORDER BY f.id LIMIT ${page.toString()}`,
      [system, after],
    ),
  );
}

async function* pages<Row extends FileRow>(ask: (after: string) => Promise<pg.QueryResult<Row>>): AsyncGenerator<Row> {
  for (let after = "-1"; ;) {
    const { rows } = await ask(after);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return;
    after = last.id;
  }
}

/** Writes down what became of a file's bytes. What has been written down before is replaced. */
export async function recordTransfer(client: Asks, id: string, transfer: Transfer): Promise<void> {
  const reason = transfer.state === "landed" ? null : transfer.reason;
  const { state, size = null, digest } = transfer;
  await client.query(
    `INSERT INTO media.transfers (file_id, state, size, digest, digest_algorithm, reason) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (file_id) DO UPDATE SET state = excluded.state, size = excluded.size, digest = excluded.digest,
       digest_algorithm = excluded.digest_algorithm, reason = excluded.reason, at = now()`,
    [id, state, size, digest?.value ?? null, digest?.algorithm ?? null, reason],
  );
}

/** How many files a system has, and what became of them. */
export async function fileFigures(client: Asks, system: string): Promise<FileFigures> {
  const result = await client.query<FileFigures>(
    `SELECT count(*)::integer AS rows, count(*) FILTER (WHERE x.state IS NULL)::integer AS waiting,
       count(*) FILTER (WHERE x.state = 'landed')::integer AS landed,
       count(*) FILTER (WHERE x.state = 'missing')::integer AS missing,
       count(*) FILTER (WHERE x.state = 'damaged')::integer AS damaged,
       coalesce(sum(x.size) FILTER (WHERE x.state = 'landed'), 0)::double precision AS bytes,
       coalesce(sum(greatest(f.size, 0)) FILTER (WHERE x.state IS DISTINCT FROM 'landed'), 0)::double precision AS declared
     FROM media.files f LEFT JOIN media.transfers x ON x.file_id = f.id WHERE f.source_system = $1`,
    [system],
  );
  return result.rows[0] ?? { rows: 0, waiting: 0, landed: 0, missing: 0, damaged: 0, bytes: 0, declared: 0 };
}

/** The files of a system that did not land, with the reasons, by id; at most `limit` of them. */
export async function fileFaults(client: Asks, system: string, limit = 10_000): Promise<FileFault[]> {
  const result = await client.query<FileFault>(
    `SELECT f.legacy_id AS "legacyId", f.legacy_path AS path, x.state, x.reason
     FROM media.files f JOIN media.transfers x ON x.file_id = f.id
     WHERE f.source_system = $1 AND x.state <> 'landed' ORDER BY f.id LIMIT $2`,
    [system, limit],
  );
  return result.rows;
}
