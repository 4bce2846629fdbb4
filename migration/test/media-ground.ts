import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ObjectStore } from "@landfall/app/storage/object-store";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { transferFiles, type FileReport, type FileTransfer } from "../files/transfer.ts";
import { verifyFiles, type FileVerification } from "../files/verify.ts";
import { Connection } from "../sql/connection.ts";
import { discard } from "./legacy.ts";
import type { LegacyFile } from "./media.ts";

/** A target and a folder of one test, and what is done with files there. */
export class MediaGround {
  readonly folder: string;
  readonly target: TestDatabase;

  private constructor(folder: string, target: TestDatabase) {
    this.folder = folder;
    this.target = target;
  }

  static async open(): Promise<MediaGround> {
    return new MediaGround(await mkdtemp(join(tmpdir(), "landfall-files-")), await createDatabase());
  }

  async close(): Promise<void> {
    await discard(this.target);
    await rm(this.folder, { recursive: true });
  }

  async withTarget<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    const connection = await Connection.open(this.target);
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  }

  transfer(of: Omit<FileTransfer, "client">): Promise<FileReport> {
    return this.withTarget(({ client }) => transferFiles({ client, ...of }));
  }

  /** Reads every object back. */
  verify(system: string, store: ObjectStore): Promise<FileVerification> {
    return this.withTarget(({ client }) => verifyFiles({ client, system, store, readBack: true }));
  }

  /** Writes files below a folder of legacy files and gives its path. */
  async media(files: Record<string, string>): Promise<string> {
    const root = join(this.folder, "media of tests");
    await mkdir(root, { recursive: true });
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
    return root;
  }
}

export const digest = (content: string, algorithm = "sha256"): string =>
  createHash(algorithm).update(content).digest("hex");

/** A legacy row that names a file, and describes it where its content is given. */
export const row = (legacyId: string, path: string | null, content?: string): LegacyFile => ({
  legacyId,
  path,
  ...(content === undefined ? {} : { size: Buffer.byteLength(content), digest: digest(content) }),
});

/** The keys of a store in their order. */
export async function keysOf(store: ObjectStore, prefix?: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys.sort();
}
