import type Docker from "dockerode";
import { once } from "node:events";
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { isNotFound, openEngine } from "../engine/engine.ts";
import { layerFiles, layersThere, readManifest, withEmptyFiles } from "./image-layers.ts";

/** Which image is to be on which engine. */
export interface ImageDeliveryInputs {
  /** Address of the engine that has it. */
  readonly from: string;
  /** Address of the engine that is to have it. */
  readonly to: string;
  /** Name with the hash of its content. */
  readonly reference: string;
  /** Id that the first engine knows it by. */
  readonly imageId: string;
}

/** What the state keeps of a delivery. */
export type DeliveredImage = ImageDeliveryInputs & {
  /** Id that the second engine knows it by. */
  readonly deliveredId: string;
};

/** A delivery takes its turn: what two images share then travels once, and ssh is not asked for many streams at once. */
const turns = new Map<string, Promise<unknown>>();

/**
 * Streams an image from one engine to another, compressed, without the layers that are there already. Nothing is sent
 * when the image is there.
 *
 * @throws with the engine's own words when it does not take the image
 */
export async function deliverImage(inputs: ImageDeliveryInputs): Promise<DeliveredImage> {
  const before = turns.get(inputs.to) ?? Promise.resolve();
  const own = before.catch(() => undefined).then(() => deliver(inputs));
  turns.set(inputs.to, own);
  return { ...inputs, deliveredId: await own };
}

async function deliver({ from, to, reference, imageId }: ImageDeliveryInputs): Promise<string> {
  const target = openEngine(to);
  const known = await idOf(target, reference);
  if (known !== undefined) return known;
  const source = openEngine(from);
  const { RootFS } = await source.getImage(imageId).inspect();
  const layers = RootFS.Layers ?? [];
  const there = await layersThere(target, layers);
  return withSavedImage(source, reference, async (file) => {
    const manifest = there.length === 0 ? "[]" : await readManifest(createReadStream(file));
    await send({ target, file, empty: layerFiles(manifest, layers, there), compress: true });
    const delivered = await idOf(target, reference);
    if (delivered !== undefined) return delivered;
    // An engine that keeps its layers in another way wants them all.
    const refusal = await send({ target, file, empty: new Set(), compress: false });
    const afterAll = await idOf(target, reference);
    if (afterAll !== undefined) return afterAll;
    throw new Error(
      `The engine of ${serverOf(to)} does not take ${reference}: ${refusal ?? "it was sent and is not there"}\n` +
        "  next: see whether the server's disk is full, and run the same command again",
    );
  });
}

/** An image as its engine writes it out, in a file for as long as it is used: the list of its layers is at the end. */
async function withSavedImage<T>(source: Docker, reference: string, use: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "landfall-image-"));
  try {
    const file = join(folder, "image.tar");
    await pipeline(await source.getImage(reference).get(), createWriteStream(file));
    return await use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Transfer {
  readonly target: Docker;
  /** The saved image. */
  readonly file: string;
  /** Files in it that hold layers which the target has. */
  readonly empty: ReadonlySet<string>;
  readonly compress: boolean;
}

/** Sends an image. @returns the engine's own words when it does not take it */
async function send({ target, file, empty, compress }: Transfer): Promise<string | undefined> {
  const archive = createReadStream(file);
  const saved = empty.size === 0 ? archive : withEmptyFiles(archive, empty);
  // Docker 26.1 crashes now and then on zstd (its pool of readers and the decoder's own goroutine), never on gzip.
  const body = compress ? createGzip({ level: 1 }) : new PassThrough();
  const sent = pipeline(saved, body);
  // An engine may refuse before it has read all, and then nobody reads the rest.
  const answered = target.loadImage(body, { quiet: true }).finally(() => body.destroy());
  const [answer] = await Promise.all([answered, sent.catch(() => undefined)]);
  let text = "";
  answer.setEncoding("utf8");
  answer.on("data", (chunk: string) => (text += chunk));
  await once(answer, "end");
  return /"error":\s*"([^"]*)"/.exec(text)?.[1];
}

/** Whether the image is still where it was delivered to. */
export async function isThere({ to, reference, deliveredId }: DeliveredImage): Promise<boolean> {
  return (await idOf(openEngine(to), reference)) === deliveredId;
}

/** Another content is another image; the old one goes when nothing runs it any more. */
export function differs(old: DeliveredImage, inputs: ImageDeliveryInputs): { changes: boolean; replaces: string[] } {
  const replaces = (["to", "reference"] as const).filter((key) => old[key] !== inputs[key]);
  // The same content under the same name needs nothing, wherever it was built.
  return { changes: replaces.length > 0, replaces };
}

/** Removes an image from its server, unless something there still uses it. */
export async function removeImage({ to, reference }: DeliveredImage): Promise<void> {
  try {
    await openEngine(to).getImage(reference).remove();
  } catch (error) {
    const inUse = typeof error === "object" && error !== null && "statusCode" in error && error.statusCode === 409;
    if (!inUse && !isNotFound(error)) throw error;
  }
}

async function idOf(engine: Docker, reference: string): Promise<string | undefined> {
  try {
    return (await engine.getImage(reference).inspect()).Id;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function serverOf(address: string): string {
  return URL.canParse(address) ? new URL(address).hostname : address;
}
