import type Docker from "dockerode";
import { buffer } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import { extract, pack } from "tar-stream";
import { isNotFound } from "./engine.ts";

/** A file to be put into a container. */
export interface ArchiveFile {
  readonly content: string;
  /** Permission bits, for example 0o400. */
  readonly mode: number;
  /** User and group that own it, the same number for both. */
  readonly owner: number;
}

/**
 * Puts files into a folder of a container (running or not). The folder must lie in a writable volume when the
 * container's root is read-only.
 *
 * @param files by their path relative to the folder; folders on the way are made
 */
export async function putFiles(
  engine: Docker,
  target: { container: string; folder: string },
  files: Readonly<Record<string, ArchiveFile>>,
): Promise<void> {
  const archive = pack();
  const folders = new Set<string>();
  for (const [name, file] of Object.entries(files)) {
    for (const folder of parents(name)) {
      if (folders.has(folder)) continue;
      folders.add(folder);
      archive.entry({ name: `${folder}/`, type: "directory", mode: 0o750, uid: file.owner, gid: file.owner });
    }
    archive.entry({ name, mode: file.mode, uid: file.owner, gid: file.owner }, file.content);
  }
  archive.finalize();
  await engine.getContainer(target.container).putArchive(await buffer(archive), { path: target.folder });
}

/** The text of one file of a container, running or not; undefined when there is no such file. */
export async function readFile(engine: Docker, container: string, path: string): Promise<string | undefined> {
  try {
    const stream = await engine.getContainer(container).getArchive({ path });
    const contents: Promise<Buffer>[] = [];
    const reader = extract();
    reader.on("entry", (_header, entry, next) => {
      contents.push(buffer(entry));
      entry.on("end", next);
    });
    stream.pipe(reader);
    await finished(reader, { writable: true, readable: false });
    return Buffer.concat(await Promise.all(contents)).toString("utf8");
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function parents(path: string): string[] {
  const segments = path.split("/").slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join("/"));
}
