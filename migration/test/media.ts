import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { once } from "node:events";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { execFileSync } from "node:child_process";
import { migrateSchema } from "@landfall/app/schema/migrate";
import pg from "pg";
import type { TestDatabase } from "../../test/services/services.ts";
import type { StoreAddress } from "../files/store-address.ts";
import { createLegacy, discard } from "./legacy.ts";
import { ask } from "./landing.ts";

const samples = fileURLToPath(new URL("../../samples/legacy/", import.meta.url));

/** A legacy row of a file, as it lands. */
export interface LegacyFile {
  readonly legacyId: string;
  readonly path: string | null;
  readonly bucket?: string;
  readonly size?: number | null;
  readonly digest?: string | null;
  readonly algorithm?: "sha256" | "sha1" | "md5";
  readonly contentType?: string;
}

/** Unpacks the files of a sample into a folder of their own below `directory`, and gives it. */
export function unpackMedia(system: string, directory: string): string {
  const folder = join(directory, system);
  mkdirSync(folder, { recursive: true });
  execFileSync("tar", ["xzf", join(samples, system, "media.tar.gz"), "-C", folder]);
  return folder;
}

/** The rows of dirfinal's sample that name files. */
export function dirfinalFiles(directory: string): LegacyFile[] {
  const path = join(directory, "directory.db");
  writeFileSync(path, gunzipSync(readFileSync(join(samples, "dirfinal", "directory.db.gz"))));
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database
      .prepare("SELECT id, path, mime, size, sha256 FROM media_file ORDER BY id")
      .all()
      .map((row) => ({
        legacyId: String(row["id"]),
        path: String(row["path"]),
        size: Number(row["size"]),
        digest: String(row["sha256"]),
        contentType: String(row["mime"]),
      }));
  } finally {
    database.close();
  }
}

/** The rows of List Cutter's sample that name files. */
export async function listcutterFiles(): Promise<LegacyFile[]> {
  const legacy = await createLegacy("listcutter");
  try {
    return await ask<{ legacyId: string; path: string; size: number; digest: string; contentType: string }>(
      legacy,
      `SELECT id::text AS "legacyId", path, size::integer, sha256 AS digest, content_type AS "contentType"
       FROM lists_uploadedfile ORDER BY id`,
    );
  } finally {
    await discard(legacy);
  }
}

/** Brings the schema up and puts rows of files into it. */
export async function landFiles(target: TestDatabase, system: string, files: readonly LegacyFile[]): Promise<void> {
  const client = new pg.Client(target);
  await client.connect();
  try {
    await migrateSchema(client, { direction: "up" });
    const column = (value: (file: LegacyFile) => unknown): unknown[] => files.map(value);
    await client.query(
      `INSERT INTO media.files (id, source_system, legacy_id, legacy_path, legacy_bucket, size, digest, digest_algorithm, content_type)
       SELECT row_number() OVER (), $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[])`,
      [
        system,
        column(({ legacyId }) => legacyId),
        column(({ path }) => path),
        column(({ bucket }) => bucket ?? null),
        column(({ size }) => size ?? null),
        column(({ digest }) => digest ?? null),
        column(({ algorithm }) => algorithm ?? "sha256"),
        column(({ contentType }) => contentType ?? null),
      ],
    );
  } finally {
    await client.end();
  }
}

/** A transfer in a process of its own. */
export interface TransferJob {
  readonly target: pg.ClientConfig;
  readonly system: string;
  readonly media: string;
  readonly store: StoreAddress;
}

/** A transfer that can be killed: it tells each file that it has settled. */
export class TransferChild {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  settled = 0;

  constructor(job: TransferJob) {
    const program = fileURLToPath(new URL("transfer-child.ts", import.meta.url));
    this.child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"], env: {} });
    this.exit = once(this.child, "close").then(([code]) => code as number | null);
    this.child.stdin?.end(JSON.stringify(job));
  }

  /** Resolves once so many files are settled, or at the end of the process. */
  async settles(count: number): Promise<void> {
    const { stdout } = this.child;
    if (stdout === null) return;
    const reached = new Promise<void>((resolve) => {
      createInterface(stdout).on("line", (line) => {
        this.settled = Number(line);
        if (this.settled >= count) resolve();
      });
    });
    await Promise.race([reached, this.exit]);
  }
}
