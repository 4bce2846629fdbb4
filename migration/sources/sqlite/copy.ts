import { constants } from "node:fs";
import { chmod, copyFile, mkdtemp, open, readdir, rm, stat, statfs } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";

/** A private copy of a database as it was at one moment. Nobody writes to it. */
export interface StableCopy {
  readonly path: string;
  remove(): Promise<void>;
}

/** How long a database that a writer has locked is waited for, in milliseconds. */
const patience = 10_000;

/** Room that must stay free beside the copy, in bytes. */
const margin = 16 * 2 ** 20;

const errorCodes = { busy: 5, locked: 6, corrupt: 11, cannotOpen: 14, notADatabase: 26, readOnly: 8 } as const;

/**
 * Copies a database file, with what its write-ahead log or its journal holds besides, into a directory of its own below
 * `directory`, which nobody else can read. Nothing is written beside the original, and its writers go on; one that
 * wants to commit waits until the copy is made, unless the database has a write-ahead log.
 *
 * @throws an Error that says what is wrong with the file, or how much room is missing
 */
export async function stableCopy(path: string, directory = tmpdir()): Promise<StableCopy> {
  const { size, walMode } = await inspect(path);
  await removeAbandoned(directory);
  const { bavail, bsize } = await statfs(directory);
  const needed = size + margin;
  if (bavail * bsize < needed) {
    throw new Error(
      `a copy of it needs ${megabytes(needed)} in ${directory}, where ${megabytes(bavail * bsize)} are free; set TMPDIR to a directory with more room`,
    );
  }
  const place = await mkdtemp(join(directory, `${prefix()}${process.pid.toString()}-`));
  own.add(place);
  const copy = join(place, "copy.db");
  const remove = async (): Promise<void> => {
    await rm(place, { recursive: true, force: true });
    own.delete(place);
  };
  try {
    await (await open(copy, "wx", 0o600)).close();
    // A write-ahead log whose index is gone has no user; SQLite would make a new index beside the original.
    if (walMode && !(await exists(`${path}-shm`))) await copyFiles(path, copy);
    else await copyPages(path, copy);
    settle(copy);
    return { path: copy, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

const own = new Set<string>();

const prefix = (): string => `landfall-sqlite-${hostname()}-`;

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20).toString()} MiB`;

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Copies that processes left behind which were killed. */
async function removeAbandoned(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const owner = name.startsWith(prefix()) ? /^(\d+)-/.exec(name.slice(prefix().length))?.[1] : undefined;
    const place = join(directory, name);
    if (owner === undefined || own.has(place) || (Number(owner) !== process.pid && alive(Number(owner)))) continue;
    await rm(place, { recursive: true, force: true }).catch(() => undefined);
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Looks at a file before SQLite does, whose own messages say little. */
async function inspect(path: string): Promise<{ size: number; walMode: boolean }> {
  const status = await stat(path).catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    throw new Error(code === "ENOENT" ? "there is no such file" : `it cannot be reached (${String(code)})`);
  });
  if (status.isDirectory()) throw new Error("it is a directory; name the database file in it");
  if (!status.isFile()) throw new Error("it is no regular file");
  if (status.size === 0) throw new Error("the file is empty: it holds no database");
  const file = await open(path, "r").catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    throw new Error(`it cannot be read (${String(code)})`);
  });
  try {
    const header = new Uint8Array(100);
    const { bytesRead } = await file.read(header, 0, header.length, 0);
    if (bytesRead < header.length || Buffer.from(header.subarray(0, 16)).toString("latin1") !== "SQLite format 3\0") {
      throw new Error("it is no SQLite database, or an encrypted one");
    }
    const log = await stat(`${path}-wal`).catch(() => undefined);
    return { size: status.size + (log?.size ?? 0), walMode: header[18] === 2 };
  } finally {
    await file.close();
  }
}

/** Page by page through SQLite, inside one read transaction. */
async function copyPages(path: string, copy: string): Promise<void> {
  const source = new DatabaseSync(path, { readOnly: true, timeout: 0 });
  try {
    await beginReading(source);
    await backup(source, copy, { rate: 10_000 });
  } catch (error) {
    if (codeOf(error) !== errorCodes.readOnly) throw described(error);
    // A journal that a killed writer left must be rolled back before anything can be read: in the copy.
    source.close();
    await copyFiles(path, copy);
  } finally {
    if (source.isOpen) source.close();
  }
}

async function beginReading(source: DatabaseSync): Promise<void> {
  const deadline = performance.now() + patience;
  for (;;) {
    try {
      source.exec("BEGIN; SELECT count(*) FROM sqlite_schema");
      return;
    } catch (error) {
      if (source.isTransaction) source.exec("ROLLBACK");
      const code = codeOf(error);
      if (code !== errorCodes.busy && code !== errorCodes.locked) throw error;
      if (performance.now() > deadline) {
        throw new Error(`a writer has kept it locked for ${(patience / 1000).toString()} s`, { cause: error });
      }
      await delay(50);
    }
  }
}

const companions = ["-wal", "-journal"] as const;

/** The files themselves, of a database that nobody has open; seen to be unchanged from beginning to end. */
async function copyFiles(path: string, copy: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    const before = await signature(path);
    await copyFile(path, copy, constants.COPYFILE_FICLONE);
    for (const companion of companions) {
      await rm(copy + companion, { force: true });
      if (await exists(path + companion)) await copyFile(path + companion, copy + companion);
    }
    if ((await signature(path)) === before) break;
    if (tries === 3) throw new Error("it changes while it is copied; try again when its writer is done");
  }
  for (const companion of ["", ...companions]) {
    if (await exists(copy + companion)) await chmod(copy + companion, 0o600);
  }
}

/** What changes when any of the files of a database is written to. */
async function signature(path: string): Promise<string> {
  const files = await Promise.all(
    ["", ...companions, "-shm"].map((companion) => stat(path + companion, { bigint: true }).catch(() => undefined)),
  );
  return files.map((file) => (file === undefined ? "-" : [file.ino, file.size, file.mtimeNs].join(":"))).join(" ");
}

/** Brings log or journal of the copy into its one file, so that readers need no locks. */
function settle(copy: string): void {
  try {
    const database = new DatabaseSync(copy, { enableForeignKeyConstraints: false });
    try {
      database.exec("PRAGMA journal_mode = DELETE");
    } finally {
      database.close();
    }
  } catch (error) {
    throw described(error);
  }
}

function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return undefined;
  return error.errcode & 0xff;
}

function described(error: unknown): unknown {
  switch (codeOf(error)) {
    case errorCodes.notADatabase:
      return new Error("it is no SQLite database, or an encrypted one", { cause: error });
    case errorCodes.corrupt:
      return new Error("the database is damaged", { cause: error });
    case errorCodes.cannotOpen:
      return new Error("SQLite cannot open it; its folder may be unreadable", { cause: error });
    default:
      return error;
  }
}
