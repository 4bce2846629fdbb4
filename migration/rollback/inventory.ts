import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { digestOf } from "@landfall/app/storage/folder-store";
import {
  digestAlgorithms,
  type ContentDigest,
  type ListedObject,
  type ObjectStore,
} from "@landfall/app/storage/object-store";
import type pg from "pg";
import { z } from "zod";

/** An object as an inventory has it; the digest is known of those that a transfer brought. */
const inventoried = z.object({
  key: z.string(),
  size: z.number(),
  digest: z.object({ algorithm: z.enum(digestAlgorithms), value: z.string() }).optional(),
});
type Inventoried = z.infer<typeof inventoried>;

const page = 500;

/** Writes every object of a store into a file, a line of JSON each. Digests are those that the database knows. */
export async function writeInventory(
  client: pg.Client,
  store: ObjectStore,
  path: string,
): Promise<{ count: number; bytes: number; sha256: string }> {
  const file = await open(path, "w", 0o600);
  const hash = createHash("sha256");
  let [count, bytes] = [0, 0];
  const write = async (objects: readonly ListedObject[]): Promise<void> => {
    const digests = await knownDigests(client, objects);
    const lines = objects
      .map((object) => `${JSON.stringify({ ...object, digest: digests.get(object.key) })}\n`)
      .join("");
    hash.update(lines);
    bytes += Buffer.byteLength(lines);
    count += objects.length;
    await file.writeFile(lines);
  };
  try {
    let objects: ListedObject[] = [];
    for await (const object of store.list()) {
      objects.push(object);
      if (objects.length < page) continue;
      await write(objects);
      objects = [];
    }
    await write(objects);
    await file.sync();
  } finally {
    await file.close();
  }
  return { count, bytes, sha256: hash.digest("hex") };
}

async function knownDigests(client: pg.Client, objects: readonly ListedObject[]): Promise<Map<string, ContentDigest>> {
  const table = await client.query<{ known: boolean }>("SELECT to_regclass('media.transfers') IS NOT NULL AS known");
  if (table.rows[0]?.known !== true || objects.length === 0) return new Map();
  const result = await client.query<ContentDigest & { key: string }>(
    `SELECT f.object_key AS key, x.digest AS value, x.digest_algorithm AS algorithm
     FROM media.files f JOIN media.transfers x ON x.file_id = f.id WHERE x.state = 'landed' AND f.object_key = ANY ($1)`,
    [objects.map(({ key }) => key)],
  );
  return new Map(result.rows.map(({ key, algorithm, value }) => [key, { algorithm, value }]));
}

/** How a store differs from an inventory, by keys. */
export interface ObjectDifferences {
  /** Came after the inventory was taken. */
  readonly later: readonly string[];
  readonly missing: readonly string[];
  /** Of another size, or of another content where they were read back. */
  readonly changed: readonly string[];
}

/**
 * Holds a store against an inventory. Sizes are compared, and with `readBack` the content of every object whose digest
 * is known. Takes some 200 bytes of memory an object.
 */
export async function compareInventory(
  store: ObjectStore,
  path: string,
  readBack: boolean,
): Promise<ObjectDifferences> {
  const there = new Map<string, number>();
  for await (const { key, size } of store.list()) there.set(key, size);
  const [missing, changed]: string[][] = [[], []];
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const object = inventoried.parse(JSON.parse(line));
    const size = there.get(object.key);
    there.delete(object.key);
    if (size === undefined) missing?.push(object.key);
    else if (size !== object.size || (readBack && !(await asTaken(store, object)))) changed?.push(object.key);
  }
  return { later: [...there.keys()].sort(), missing: missing ?? [], changed: changed ?? [] };
}

async function asTaken(store: ObjectStore, { key, digest }: Inventoried): Promise<boolean> {
  if (digest === undefined) return true;
  const content = await store.read(key);
  return content !== undefined && (await digestOf(content, digest.algorithm)).value === digest.value;
}
