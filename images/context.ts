import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { catalogue, type ImageName } from "./catalogue.ts";
import { contentHash } from "./content-hash.ts";
import { folderFiles, projectRoot, type ContextFiles } from "./files.ts";

/** What an image is built from. */
export interface ImageContext {
  /** Name with the hash of everything that goes in, `landfall/app:0123456789abcdef`: same content, same name. */
  readonly name: string;
  /** The folder that is sent to the engine; below `.landfall/contexts`. */
  readonly directory: string;
  /** Build arguments: the name of the image it starts from, if that is the project's own. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** The project's own image that it starts from, to be built first. */
  readonly base?: ImageName;
}

const contexts = new Map<ImageName, ImageContext>();

/**
 * The build context of an image, written out below `.landfall/contexts` unless it lies there already.
 * Reads only the clone; the same clone gives the same name on every machine of one architecture.
 */
export function imageContext(image: ImageName): ImageContext {
  const known = contexts.get(image);
  if (known !== undefined) return known;
  const { folder: source = image, base, files } = catalogue[image];
  const buildArgs = base === undefined ? {} : { [base.argument]: imageContext(base.image).name };
  const content = { ...folderFiles(join(projectRoot, "images", source)), ...files?.() };
  const hash = contentHash(content, buildArgs);
  const directory = join(projectRoot, ".landfall", "contexts", `${image}-${hash}`);
  if (!existsSync(directory)) writeContext(directory, content);
  const context: ImageContext = {
    name: `landfall/${image}:${hash}`,
    directory,
    buildArgs,
    ...(base === undefined ? {} : { base: base.image }),
  };
  contexts.set(image, context);
  return context;
}

/** Writes the files of a build context into a folder that is not there yet, whole or not at all. */
export function writeContext(directory: string, content: ContextFiles): void {
  const unfinished = `${directory}.${String(process.pid)}`;
  for (const [name, file] of Object.entries(content)) {
    const path = join(unfinished, name);
    mkdirSync(dirname(path), { recursive: true });
    if ("path" in file) cpSync(file.path, path);
    else writeFileSync(path, file.bytes);
  }
  try {
    renameSync(unfinished, directory);
  } catch (error) {
    // Another process may have written the very same content meanwhile.
    if (!existsSync(directory)) throw error;
    rmSync(unfinished, { recursive: true });
  }
}
