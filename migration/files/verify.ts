import type { ObjectStore } from "@landfall/app/storage/object-store";
import { digestOf } from "@landfall/app/storage/folder-store";
import type pg from "pg";
import { Interrupted } from "../engine/outcome.ts";
import { landedFiles, type LandedFile } from "./file-rows.ts";
import { Turns } from "./turns.ts";

/** An object that is not what its row says. */
export interface FileDifference {
  readonly legacyId: string;
  readonly path: string | null;
  readonly key: string;
  readonly expected: string;
  readonly found: string;
}

export interface FileVerification {
  readonly checked: number;
  /** Bytes that were read back. */
  readonly bytes: number;
  readonly differences: readonly FileDifference[];
}

export interface FileCheck {
  readonly client: pg.Client;
  readonly system: string;
  readonly store: ObjectStore;
  /** Whether every object is read back and digested; without it only sizes are compared. */
  readonly readBack: boolean;
  readonly atOnce?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { files: number; bytes: number }) => void;
}

/** Holds the objects in the store against the rows of the files that have landed. Throws StorageUnavailable, Interrupted. */
export async function verifyFiles(of: FileCheck): Promise<FileVerification> {
  const differences: FileDifference[] = [];
  let [checked, bytes] = [0, 0];
  const rows = landedFiles(new Turns(of.client), of.system);
  const work = async (): Promise<void> => {
    for (let next = await rows.next(); next.done !== true; next = await rows.next()) {
      if (of.signal?.aborted === true) throw new Interrupted();
      const row = next.value;
      const [expected, found] = await comparison(row, of);
      checked += 1;
      if (of.readBack) bytes += row.foundSize;
      if (expected !== found)
        differences.push({ legacyId: row.legacyId, path: row.path, key: row.key, expected, found });
      of.onProgress?.({ files: checked, bytes });
    }
  };
  await Promise.all(Array.from({ length: of.atOnce ?? 4 }, work));
  return { checked, bytes, differences };
}

/** What is expected of an object and what is found, as text. The row itself comes before what was found at the transfer. */
async function comparison(row: LandedFile, { store, readBack }: FileCheck): Promise<[string, string]> {
  const size = row.size ?? row.foundSize;
  const found = await store.size(row.key);
  if (found !== size)
    return [`${size.toString()} bytes`, found === undefined ? "nothing" : `${found.toString()} bytes`];
  if (!readBack) return ["the size", "the size"];
  const expected = row.digest?.trim().toLowerCase() ?? row.foundDigest;
  const algorithm = row.algorithm ?? row.foundAlgorithm;
  const content = await store.read(row.key);
  const digest = content === undefined ? "nothing" : (await digestOf(content, algorithm)).value;
  return [`${algorithm} ${expected}`, `${algorithm} ${digest}`];
}
