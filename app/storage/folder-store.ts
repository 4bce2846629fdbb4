import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, opendir, readdir, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ObjectRefused, type ContentDigest, type ListedObject, type ObjectStore } from "./object-store.ts";
import { StorageUnavailable } from "./storage.ts";

/** Where objects lie while they are written; no key begins so. */
const unfinishedFolder = ".unfinished";
/** An unfinished object that nobody has written to for so many milliseconds is a leftover. */
const leftoverAge = 3_600_000;
const keyFaults = ["ENOTDIR", "EISDIR", "ENAMETOOLONG", "EEXIST", "ENOTEMPTY", "EINVAL"];

/** A folder as a store of objects: the key is the path in it. Nothing outside of it is ever read or written. */
export function folderStore(directory: string): ObjectStore {
  const root = resolve(directory);
  const unfinished = join(root, unfinishedFolder);
  return {
    place: root,
    size: (key) =>
      existing(async () => {
        const status = await stat(pathOf(root, key));
        return status.isFile() ? status.size : undefined;
      }),
    async holds(key, { size, digest }) {
      if ((await this.size(key)) !== size) return false;
      const content = await this.read(key);
      return content !== undefined && (await digestOf(content, digest.algorithm)).value === digest.value;
    },
    async write(key, content) {
      const path = pathOf(root, key);
      const temporary = join(unfinished, randomBytes(12).toString("hex"));
      await asked(() => mkdir(unfinished, { recursive: true }));
      const file = await asked(() => open(temporary, "wx"));
      try {
        try {
          for await (const chunk of content) await asked(() => writeAll(file, chunk));
          await asked(() => file.sync());
        } finally {
          await file.close();
        }
        await asked(() => mkdir(dirname(path), { recursive: true }));
        await asked(() => rename(temporary, path));
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
      await asked(() => syncFolder(dirname(path)));
    },
    read: (key) =>
      existing(async () => {
        const file = await open(pathOf(root, key));
        if ((await file.stat()).isFile()) return readWhole(file);
        await file.close();
        return undefined;
      }),
    list: (prefix = "") => listed(root, prefix),
    async delete(key) {
      await existing(() => rm(pathOf(root, key)));
    },
    async check() {
      await asked(() => mkdir(root, { recursive: true })).catch(unusable);
      await asked(() => mkdir(unfinished, { recursive: true }));
      await asked(() => removeLeftovers(unfinished));
      const trial = join(unfinished, randomBytes(12).toString("hex"));
      await asked(async () => (await open(trial, "wx")).close());
      await asked(() => rm(trial));
    },
    close: () => undefined,
  };
}

/** The digest of a content that is read to its end. */
export async function digestOf(
  content: AsyncIterable<Uint8Array>,
  algorithm: ContentDigest["algorithm"],
): Promise<ContentDigest> {
  const hash = createHash(algorithm);
  for await (const chunk of content) hash.update(chunk);
  return { algorithm, value: hash.digest("hex") };
}

function pathOf(root: string, key: string): string {
  const segments = key.split("/");
  if (segments.some((segment) => ["", ".", ".."].includes(segment)) || key.includes("\0"))
    throw new ObjectRefused(`"${key}" is no key for a folder: a segment of it is empty, "." or ".."`);
  if (segments[0] === unfinishedFolder) throw new ObjectRefused(`"${key}" is a key that the folder needs itself`);
  return join(root, ...segments);
}

async function* readWhole(file: FileHandle): AsyncGenerator<Uint8Array> {
  try {
    yield* file.createReadStream({ autoClose: false, highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>;
  } catch (error) {
    throw failure(error);
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let start = 0; start < chunk.length;) start += (await file.write(chunk, start)).bytesWritten;
}

// A rename lasts only once its folder has been written too.
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function* listed(root: string, prefix: string): AsyncGenerator<ListedObject> {
  const start = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  if (start !== "") pathOf(root, start.slice(0, -1));
  for await (const key of walked(root, start)) {
    if (!key.startsWith(prefix)) continue;
    const size = await existing(async () => (await stat(join(root, key))).size);
    if (size !== undefined) yield { key, size };
  }
}

async function* walked(root: string, start: string): AsyncGenerator<string> {
  const folder = await existing(() => opendir(join(root, start)));
  if (folder === undefined) return;
  for await (const entry of folder) {
    const key = `${start}${entry.name}`;
    if (key === unfinishedFolder) continue;
    if (entry.isDirectory()) yield* walked(root, `${key}/`);
    else if (entry.isFile()) yield key;
  }
}

async function removeLeftovers(unfinished: string): Promise<void> {
  for (const name of await readdir(unfinished)) {
    const path = join(unfinished, name);
    const status = await existing(() => stat(path));
    if (status !== undefined && Date.now() - status.mtimeMs > leftoverAge) await rm(path, { force: true });
  }
}

function unusable(error: unknown): never {
  throw error instanceof ObjectRefused ? new StorageUnavailable(error.message, { cause: error }) : error;
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

/** The answer, or undefined where the file is not there. */
async function existing<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes(codeOf(error))) return undefined;
    throw failure(error);
  }
}

async function asked<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    throw failure(error);
  }
}

function failure(error: unknown): Error {
  if (error instanceof ObjectRefused || error instanceof StorageUnavailable) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (keyFaults.includes(codeOf(error)))
    return new ObjectRefused(`The folder cannot hold this object: ${reason}`, { cause: error });
  return new StorageUnavailable(`The folder did not do what it was asked: ${reason}`, { cause: error });
}
