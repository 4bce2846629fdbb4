import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readdir, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";

/** A file that belongs to a rollback point, by its name beside the manifest. */
const companion = z.object({ file: z.string().regex(/^[^/\0]+$/), bytes: z.number(), sha256: z.string() });

/** A table's rows and two sums of hashes of them. */
export const tableContent = z.object({ name: z.string(), rows: z.string(), first: z.string(), second: z.string() });

const manifest = z.object({
  format: z.literal(1),
  name: z.string(),
  system: z.string(),
  /** What came next when it was taken. */
  phase: z.enum(["rows", "files"]),
  takenAt: z.string(),
  serverVersion: z.string(),
  walPosition: z.string(),
  /** Names of the schema migrations that the target had had, oldest first. */
  migrations: z.array(z.string()),
  /** Whether nothing of ours was there; then there is nothing to dump, and the way back is to take everything away. */
  empty: z.boolean(),
  dump: companion.nullable(),
  /** Our schemas, and the extensions in them. */
  schemas: z.array(z.string()),
  extensions: z.array(z.string()),
  tables: z.array(tableContent),
  sequences: z.array(z.object({ name: z.string(), from: z.string(), to: z.string() })),
  /** The objects of the store of media, or null where there was none. */
  objects: companion.extend({ count: z.number(), place: z.string() }).nullable(),
});

/** What a rollback point is: all that is needed to put it back, and to prove that it is. */
export type Manifest = z.infer<typeof manifest>;
export type Companion = z.infer<typeof companion>;

const ending = ".json";

/** Writes a manifest, which makes its rollback point one: whole or not at all. */
export async function writeManifest(directory: string, content: Manifest): Promise<Companion> {
  const text = `${JSON.stringify(content, null, 2)}\n`;
  const file = `${content.name}${ending}`;
  await writeWhole(join(directory, file), text);
  return companionOf(file, text);
}

const companionOf = (file: string, text: string): Companion => ({
  file,
  bytes: Buffer.byteLength(text),
  sha256: createHash("sha256").update(text).digest("hex"),
});

/** The file of a manifest that is there. */
export async function manifestFile(directory: string, name: string): Promise<Companion> {
  const file = `${name}${ending}`;
  return companionOf(file, await readFile(join(directory, file), "utf8"));
}

/** Writes a file that nobody else may read: whole, and surely on the disk, or not at all. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const unfinished = `${path}.unfinished`;
  const handle = await open(unfinished, "w", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, path);
  const folder = await open(dirname(path));
  await folder.sync().finally(() => folder.close());
}

/** Reads the manifest of a rollback point. Throws an error that says what is wrong with it. */
export async function readManifest(directory: string, name: string): Promise<Manifest> {
  const path = join(directory, `${name}${ending}`);
  let text: string;
  try {
    if (name.includes("/")) throw new Error("a name holds no slash");
    text = await readFile(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const known = (await listRollbackPoints(directory)).map((point) => point.name);
    const list = known.length === 0 ? "none" : known.join(", ");
    throw new Error(`There is no rollback point "${name}" in ${directory} (${reason}). There are: ${list}.`, {
      cause: error,
    });
  }
  try {
    return manifest.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`${path} is not the manifest of a rollback point that this release knows`, { cause: error });
  }
}

/** The rollback points in a directory, newest first; none where there is no such directory. */
export async function listRollbackPoints(directory: string): Promise<Manifest[]> {
  const points: Manifest[] = [];
  for (const file of await readdir(directory).catch(() => [])) {
    if (!file.endsWith(ending)) continue;
    const content = manifest.safeParse(await readFile(join(directory, file), "utf8").then(parsed, () => undefined));
    if (content.success) points.push(content.data);
  }
  return points.sort((one, other) => other.takenAt.localeCompare(one.takenAt));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Why a file beside a manifest is not the one that belongs to it, or undefined where it is. */
export async function companionFault(
  directory: string,
  { file, bytes, sha256 }: Companion,
): Promise<string | undefined> {
  const path = join(directory, file);
  const hash = createHash("sha256");
  let found = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      found += chunk.length;
    }
  } catch (error) {
    return `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (found !== bytes) return `${path} has ${found.toString()} bytes instead of ${bytes.toString()}`;
  return hash.digest("hex") === sha256 ? undefined : `${path} has another SHA-256 than when it was taken`;
}
