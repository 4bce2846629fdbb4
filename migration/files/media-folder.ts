import { constants } from "node:fs";
import { open, opendir, realpath, stat, type FileHandle } from "node:fs/promises";
import { join, sep } from "node:path";
import { segmentsOf, spellings } from "./legacy-path.ts";

/** What a folder of legacy files does not give, and why. */
export class NotGiven extends Error {
  override readonly name = "NotGiven";
  readonly state: "missing" | "damaged";

  constructor(state: "missing" | "damaged", reason: string) {
    super(reason);
    this.state = state;
  }
}

/** A file that is open, with its size in bytes. The opener closes it. */
export interface OpenedFile {
  readonly file: FileHandle;
  readonly size: number;
}

/** A folder into which a legacy system's files were unpacked, with or without their outer `media` folder. Only read. */
export class MediaFolder {
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  /** Throws where the path is no folder that can be read. */
  static async open(path: string): Promise<MediaFolder> {
    try {
      const folder = await opendir(path);
      await folder.close();
      return new MediaFolder(await realpath(path));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`The folder of the media cannot be read: ${reason}`, { cause: error });
    }
  }

  /**
   * Opens the file that a row names: `path`, `media/path` or `bucket/path` below the folder, whichever is there first.
   * Throws NotGiven where there is none, or none that may be read. Links are followed within the folder only.
   */
  async file(of: { path: string | null; bucket: string | null }): Promise<OpenedFile> {
    const segments = segmentsOf(of.path);
    if ("fault" in segments) throw new NotGiven(segments.missing === true ? "missing" : "damaged", segments.fault);
    const bucket = segmentsOf(of.bucket);
    const roots = [[], ["media"], ...("fault" in bucket ? [] : [bucket, ["media", ...bucket]])];
    for (const root of roots) {
      for (const path of spellings([...root, ...segments].join("/"))) {
        const opened = await this.#open(path);
        if (opened !== undefined) return opened;
      }
    }
    throw new NotGiven("missing", "there is no such file");
  }

  async #open(path: string): Promise<OpenedFile | undefined> {
    try {
      const real = await realpath(join(this.#root, path));
      if (!real.startsWith(`${this.#root}${this.#root.endsWith(sep) ? "" : sep}`))
        throw new NotGiven("damaged", "the path is a link out of the folder");
      // Opened only once it is known for a file: to open a pipe would wait for whoever writes to it.
      if (!(await stat(real)).isFile()) throw new NotGiven("damaged", "the path is not a file's");
      const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      return { file, size: (await file.stat()).size };
    } catch (error) {
      if (error instanceof NotGiven) throw error;
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      if (["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes(code)) return undefined;
      throw new NotGiven("damaged", `the file cannot be read (${code})`);
    }
  }

  /** Every file below the folder, as its path from there; what cannot be looked into is given as `folder/`. */
  async *files(below = ""): AsyncGenerator<string> {
    try {
      for await (const entry of await opendir(join(this.#root, below))) {
        const path = below === "" ? entry.name : `${below}/${entry.name}`;
        if (entry.isDirectory()) yield* this.files(path);
        else if (entry.isFile()) yield path;
      }
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
      yield `${below}/`;
    }
  }
}
