import { createHash } from "node:crypto";
import type { ContentDigest } from "@landfall/app/storage/object-store";
import { NotGiven, type OpenedFile } from "./media-folder.ts";
import type { FileRow } from "./file-rows.ts";

/** Bytes that are read at once. */
const readSize = 256 * 1024;
const hexadecimals = { sha256: 64, sha1: 40, md5: 32 } as const;

/** The digest that a row gives its file, or undefined where it gives none. Throws NotGiven where it cannot be one. */
export function declaredDigest(row: Pick<FileRow, "digest" | "algorithm">): ContentDigest | undefined {
  const value = row.digest?.trim().toLowerCase() ?? "";
  if (value === "" || row.algorithm === null) return undefined;
  if (!/^[0-9a-f]+$/.test(value) || value.length !== hexadecimals[row.algorithm])
    throw new NotGiven("damaged", `the row's digest is not one of ${row.algorithm}`);
  return { algorithm: row.algorithm, value };
}

/** A file's bytes, which are held against its row on their way: a file that is another ends in NotGiven, not at its end. */
export class DeclaredContent {
  readonly declared: ContentDigest | undefined;
  readonly #opened: OpenedFile;
  readonly #signal: AbortSignal;
  #found: ContentDigest | undefined;

  /** Throws NotGiven where the size already tells. */
  constructor(row: FileRow, opened: OpenedFile, signal: AbortSignal) {
    this.declared = declaredDigest(row);
    this.#opened = opened;
    this.#signal = signal;
    if (row.size !== null && row.size !== opened.size)
      throw new NotGiven("damaged", `the row says ${bytes(row.size)}, the file has ${bytes(opened.size)}`);
  }

  /** The digest that was found, or while there is none yet, the one that the row gives. */
  get digest(): ContentDigest | undefined {
    return this.#found ?? this.declared;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const { file, size } = this.#opened;
    const algorithm = this.declared?.algorithm ?? "sha256";
    const hash = createHash(algorithm);
    const buffer = Buffer.allocUnsafe(readSize);
    let read = 0;
    for (;;) {
      this.#signal.throwIfAborted();
      const piece = await file.read({ buffer, position: read }).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        throw new NotGiven("damaged", `the file cannot be read: ${reason}`);
      });
      if (piece.bytesRead === 0) break;
      read += piece.bytesRead;
      if (read > size) break;
      const chunk = buffer.subarray(0, piece.bytesRead);
      hash.update(chunk);
      yield chunk;
    }
    if (read !== size) throw new NotGiven("damaged", "the file changed while it was read");
    this.#found = { algorithm, value: hash.digest("hex") };
    if (this.declared !== undefined && this.declared.value !== this.#found.value)
      throw new NotGiven(
        "damaged",
        `the row's ${algorithm} is ${this.declared.value}, the file's ${this.#found.value}`,
      );
  }
}

const bytes = (count: number): string => `${count.toString()} byte${count === 1 ? "" : "s"}`;
