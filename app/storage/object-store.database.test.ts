import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, symlink, utimes, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startObjectStorage, type TestObjectStorage } from "../../test/services/object-storage.ts";
import { folderStore } from "./folder-store.ts";
import { ObjectRefused, type ContentDigest, type ObjectStore } from "./object-store.ts";
import { s3Store } from "./s3-store.ts";
import { StorageUnavailable } from "./storage.ts";

let server: TestObjectStorage;
let folder: string;

beforeAll(async () => {
  server = await startObjectStorage();
  folder = await mkdtemp(join(tmpdir(), "landfall-store-"));
}, 600_000);
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const sha256 = (bytes: Uint8Array): ContentDigest => ({
  algorithm: "sha256",
  value: createHash("sha256").update(bytes).digest("hex"),
});

/** Bytes in pieces that fit no part's size. */
async function* pieces(bytes: Uint8Array, fault?: Error): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 777_777) yield bytes.subarray(start, start + 777_777);
  await Promise.resolve();
  if (fault !== undefined) throw fault;
}

const put = (store: ObjectStore, key: string, bytes: Uint8Array) =>
  store.write(key, pieces(bytes), { size: bytes.length, contentType: "odd\ntype", digest: () => sha256(bytes) });

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function bytesOf(store: ObjectStore, key: string): Promise<Buffer | undefined> {
  const content = await store.read(key);
  return content === undefined ? undefined : Buffer.concat(await all(content));
}

const keysOf = async (store: ObjectStore, prefix?: string) =>
  (await all(store.list(prefix))).map(({ key, size }) => `${key} ${size.toString()}`).sort();

const large = Buffer.alloc(20 * 1024 * 1024 + 5, "0123456789abcdef!");

describe.each([
  ["a folder", () => folderStore(join(folder, "store"))],
  ["a bucket", () => s3Store(server)],
])("%s", (_name, open) => {
  let store: ObjectStore;
  beforeAll(() => {
    store = open();
  });
  afterAll(() => {
    store.close();
  });

  test("gives back what was written, small, empty and of many parts, under the key that it was given", async () => {
    await store.check();
    const contents = {
      "kept/é & ?#+%20 🔑/1.png": Buffer.from("one"),
      "kept/empty": Buffer.alloc(0),
      "kept/large": large,
    };
    for (const [key, bytes] of Object.entries(contents)) {
      await put(store, key, bytes);
      expect((await bytesOf(store, key))?.equals(bytes)).toBe(true);
      expect(await store.size(key)).toBe(bytes.length);
    }
    expect(await keysOf(store, "kept/")).toEqual(
      Object.entries(contents)
        .map(([key, { length }]) => `${key} ${length.toString()}`)
        .sort(),
    );
    expect(await keysOf(store, "kept/e")).toEqual(["kept/empty 0"]);
    expect(await keysOf(store, "nowhere/")).toEqual([]);
  });

  test("knows what it holds by size and digest", async () => {
    for (const bytes of [Buffer.from("content"), large]) {
      await put(store, "held", bytes);
      expect(await store.holds("held", { size: bytes.length, digest: sha256(bytes) })).toBe(true);
      expect(await store.holds("held", { size: bytes.length + 1, digest: sha256(bytes) })).toBe(false);
      expect(await store.holds("held", { size: bytes.length, digest: sha256(Buffer.from("contenT")) })).toBe(false);
    }
    expect(await store.holds("not held", { size: 7, digest: sha256(Buffer.from("content")) })).toBe(false);
  });

  test("a content that throws leaves what was there, and nothing half", async () => {
    const before = Buffer.from("before");
    for (const bytes of [Buffer.from("after"), large]) {
      await put(store, "thrown/old", before);
      for (const key of ["thrown/old", "thrown/new"]) {
        const content = pieces(bytes, new Error("the disk is on fire"));
        const write = store.write(key, content, { size: bytes.length, digest: () => undefined });
        await expect(write).rejects.toThrow("the disk is on fire");
      }
      expect(await bytesOf(store, "thrown/old")).toEqual(before);
      expect(await keysOf(store, "thrown/")).toEqual(["thrown/old 6"]);
    }
  });

  test("one buffer may serve for every chunk", async () => {
    async function* overwritten(): AsyncGenerator<Uint8Array> {
      const buffer = Buffer.alloc(4);
      for (const word of ["one ", "two ", "six "]) {
        buffer.write(word);
        yield await Promise.resolve(buffer);
      }
    }
    await store.write("overwritten", overwritten(), { size: 12, digest: () => undefined });
    expect((await bytesOf(store, "overwritten"))?.toString()).toBe("one two six ");
  });

  test("what is not there is undefined, and deleting it is a success", async () => {
    await put(store, "gone", Buffer.from("x"));
    await store.delete("gone");
    await store.delete("gone");
    expect([await store.size("gone"), await store.read("gone")]).toEqual([undefined, undefined]);
  });
});

test("a folder refuses keys that lead out of it, or that it cannot hold", async () => {
  const store = folderStore(join(folder, "closed"));
  await put(store, "a", Buffer.from("x"));
  const keys = [
    "../out",
    "a/../../out",
    "/out",
    "a//b",
    "",
    "zero\0",
    ".unfinished/x",
    "a/below a file",
    "x".repeat(300),
  ];
  for (const key of keys) await expect(put(store, key, Buffer.from("x")), key).rejects.toThrow(ObjectRefused);
  expect(await keysOf(store)).toEqual(["a 1"]);
  expect((await readdir(folder)).filter((name) => name === "out")).toEqual([]);
});

test("a folder clears away what was left unfinished long ago, and not what is being written", async () => {
  const root = join(folder, "leftovers");
  await mkdir(join(root, ".unfinished"), { recursive: true });
  for (const name of ["old", "new"]) await writeFile(join(root, ".unfinished", name), "half");
  await utimes(join(root, ".unfinished", "old"), 0, 0);
  await symlink("/etc", join(root, "link"));
  const store = folderStore(root);
  await store.check();
  expect(await readdir(join(root, ".unfinished"))).toEqual(["new"]);
  expect(await keysOf(store)).toEqual([]);
});

test("a folder that cannot be written and a bucket that is not there say so", async () => {
  await writeFile(join(folder, "file"), "");
  await expect(folderStore(join(folder, "file", "store")).check()).rejects.toThrow(StorageUnavailable);
  const nowhere = s3Store({ ...server, bucket: "nowhere" });
  await expect(nowhere.check()).rejects.toThrow(StorageUnavailable);
  await expect(put(nowhere, "x", Buffer.from("x"))).rejects.toThrow(StorageUnavailable);
  nowhere.close();
});
