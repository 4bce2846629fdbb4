import { ObjectRefused, type ObjectStore } from "@landfall/app/storage/object-store";
import type pg from "pg";
import { Interrupted } from "../engine/outcome.ts";
import { declaredDigest, DeclaredContent } from "./declared.ts";
import {
  fileFaults,
  fileFigures,
  recordTransfer,
  unlandedFiles,
  type FileFault,
  type FileFigures,
  type FileRow,
  type Transfer,
} from "./file-rows.ts";
import { segmentsOf } from "./legacy-path.ts";
import { MediaFolder, NotGiven } from "./media-folder.ts";
import { Turns } from "./turns.ts";
import { unreferencedFiles, type Unreferenced } from "./unreferenced.ts";

/** How far a system's files are, in this run and before. */
export interface FileProgress {
  /** Files of which it is known what became of them. */
  readonly files: number;
  readonly of: number;
  /** Bytes that have landed, of those that have or still may. */
  readonly bytes: number;
  readonly ofBytes: number;
  readonly missing: number;
  readonly damaged: number;
}

export interface FileTransfer {
  /** A connection to the target, which this has for itself meanwhile. */
  readonly client: pg.Client;
  readonly system: string;
  /** Folder with the legacy system's files. */
  readonly media: string;
  readonly store: ObjectStore;
  /** Files that go over at the same time; 4 without a word. */
  readonly atOnce?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FileProgress) => void;
}

export interface FileReport extends FileFigures {
  /** Bytes that went over in this run. */
  readonly moved: number;
  /** Missing and damaged files, with reasons; the first 10,000. */
  readonly faults: readonly FileFault[];
  readonly unreferenced: Unreferenced;
}

/**
 * Moves the bytes of every file that a system's landed rows name and that have not landed yet, and says what became of
 * each. A file that is missing or is not what its row says ends no run; a later one tries it again.
 * Throws StorageUnavailable when the store fails, Interrupted when asked to stop; the next run goes on from there.
 */
export async function transferFiles(of: FileTransfer): Promise<FileReport> {
  const folder = await MediaFolder.open(of.media);
  await of.store.check();
  const before = await fileFigures(of.client, of.system);
  let moved = 0;
  let progress: FileProgress = {
    files: before.landed,
    of: before.rows,
    bytes: before.bytes,
    ofBytes: before.bytes + before.declared,
    missing: 0,
    damaged: 0,
  };
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, ...(of.signal === undefined ? [] : [of.signal])]);
  const target = new Turns(of.client);
  const rows = unlandedFiles(target, of.system);
  of.onProgress?.(progress);
  const work = async (): Promise<void> => {
    try {
      for (let next = await rows.next(); next.done !== true; next = await rows.next()) {
        signal.throwIfAborted();
        const settled = await settle(next.value, { folder, store: of.store, signal });
        await recordTransfer(target, next.value.id, settled.transfer);
        moved += settled.moved;
        progress = after(progress, next.value, settled.transfer);
        of.onProgress?.(progress);
      }
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  };
  await Promise.allSettled(Array.from({ length: of.atOnce ?? 4 }, work));
  if (of.signal?.aborted === true) throw new Interrupted();
  if (failed.signal.aborted) throw failed.signal.reason;
  return {
    ...(await fileFigures(of.client, of.system)),
    moved,
    faults: await fileFaults(of.client, of.system),
    unreferenced: await unreferencedFiles(of.client, of.system, folder),
  };
}

function after(progress: FileProgress, { size }: FileRow, transfer: Transfer): FileProgress {
  const declared = Math.max(size ?? 0, 0);
  const landed = transfer.state === "landed" ? transfer.size : 0;
  return {
    ...progress,
    files: progress.files + 1,
    bytes: progress.bytes + landed,
    ofBytes: progress.ofBytes - declared + landed,
    missing: progress.missing + (transfer.state === "missing" ? 1 : 0),
    damaged: progress.damaged + (transfer.state === "damaged" ? 1 : 0),
  };
}

interface Between {
  readonly folder: MediaFolder;
  readonly store: ObjectStore;
  readonly signal: AbortSignal;
}

/** Moves one file, unless the store has it already. */
async function settle(row: FileRow, between: Between): Promise<{ transfer: Transfer; moved: number }> {
  try {
    const there = await alreadyThere(row, between.store);
    if (there !== undefined) return { transfer: there, moved: 0 };
    const transfer = await move(row, between);
    return { transfer, moved: transfer.size };
  } catch (error) {
    if (error instanceof NotGiven) return { transfer: { state: error.state, reason: error.message }, moved: 0 };
    if (error instanceof ObjectRefused) return { transfer: { state: "damaged", reason: error.message }, moved: 0 };
    throw error;
  }
}

/** A run that was killed may have left whole objects that nobody has written down. */
async function alreadyThere(row: FileRow, store: ObjectStore): Promise<Transfer | undefined> {
  const digest = declaredDigest(row);
  if (row.size === null || digest === undefined || "fault" in segmentsOf(row.path)) return undefined;
  const there = await store.holds(row.key, { size: row.size, digest });
  return there ? { state: "landed", size: row.size, digest } : undefined;
}

async function move(row: FileRow, { folder, store, signal }: Between): Promise<Transfer & { state: "landed" }> {
  const opened = await folder.file(row);
  try {
    const content = new DeclaredContent(row, opened, signal);
    await store.write(row.key, content, {
      size: opened.size,
      ...(row.contentType === null ? {} : { contentType: row.contentType }),
      digest: () => content.digest,
    });
    const { digest } = content;
    if (digest === undefined) throw new Error(`The store took "${row.key}" without reading it`);
    return { state: "landed", size: opened.size, digest };
  } finally {
    await opened.file.close();
  }
}
