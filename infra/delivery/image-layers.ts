import type Docker from "dockerode";
import { pipeline } from "node:stream/promises";
import { extract, pack, type Pack } from "tar-stream";

/**
 * Which of an image's layers an engine has already: as many from the first on as some image there shares with it.
 *
 * @param layers hashes of the image's layers, the lowest first, `sha256:…`
 */
export async function layersThere(engine: Docker, layers: readonly string[]): Promise<string[]> {
  const images = await engine.listImages();
  const lists = await Promise.all(
    images.map(async ({ Id }) => {
      const details = await engine.getImage(Id).inspect();
      return details.RootFS.Layers ?? [];
    }),
  );
  const longest = Math.max(0, ...lists.map((list) => sharedStart(layers, list)));
  return layers.slice(0, longest);
}

/** How many layers two images share from the lowest on. Only these: a layer is found by all that lie below it. */
export function sharedStart(one: readonly string[], other: readonly string[]): number {
  const differing = one.findIndex((layer, place) => layer !== other[place]);
  return differing === -1 ? one.length : differing;
}

/**
 * The files of a saved image that hold certain layers.
 *
 * @param manifest text of the archive's manifest.json
 * @param layers hashes of all of the image's layers, the lowest first
 * @param omitted those whose files are asked for
 */
export function layerFiles(manifest: string, layers: readonly string[], omitted: readonly string[]): Set<string> {
  const [entry] = JSON.parse(manifest) as { Layers: string[] }[];
  const files = entry?.Layers ?? [];
  return new Set(files.filter((_, place) => omitted.includes(layers[place] ?? "")));
}

/** Reads the manifest of a saved image; the archive has it at its end. */
export async function readManifest(saved: NodeJS.ReadableStream): Promise<string> {
  const archive = extract();
  let manifest = "";
  archive.on("entry", (header, content, next) => {
    content.on("data", (chunk: unknown) => {
      if (header.name === "manifest.json") manifest += String(chunk);
    });
    content.on("end", next);
    content.resume();
  });
  await pipeline(saved, archive);
  return manifest;
}

/**
 * A saved image with some of its files empty. An engine looks for a layer among its own by the hashes in the image's
 * configuration before it opens the file: `loadLayer` in moby/image/tarexport/load.go.
 */
export function withEmptyFiles(saved: NodeJS.ReadableStream, empty: ReadonlySet<string>): Pack {
  const archive = extract();
  const output = pack();
  archive.on("entry", (header, content, next) => {
    if (!empty.has(header.name)) {
      content.pipe(output.entry(header, next));
      return;
    }
    content.resume();
    output.entry({ name: header.name, type: "file", size: 0 }, "", next);
  });
  archive.on("finish", () => {
    output.finalize();
  });
  pipeline(saved, archive).catch((error: unknown) => {
    output.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  return output;
}
