import type Docker from "dockerode";
import { once } from "node:events";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress } from "node:zlib";
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
  const manifest = there.length === 0 ? "[]" : await readManifest(await source.getImage(reference).get());
  const empty = layerFiles(manifest, layers, there);
  await send({ source, target, reference, empty });
  let delivered = await idOf(target, reference);
  if (delivered === undefined && empty.size > 0) {
    // An engine that keeps its layers in another way wants them all.
    await send({ source, target, reference, empty: new Set() });
    delivered = await idOf(target, reference);
  }
  if (delivered === undefined) {
    throw new Error(`${reference} was streamed to ${serverOf(to)}, but the engine there does not have it afterwards.`);
  }
  return delivered;
}

interface Transfer {
  readonly source: Docker;
  readonly target: Docker;
  readonly reference: string;
  /** Files of layers that the target has. */
  readonly empty: ReadonlySet<string>;
}

async function send({ source, target, reference, empty }: Transfer): Promise<void> {
  const archive = await source.getImage(reference).get();
  const saved = empty.size === 0 ? archive : withEmptyFiles(archive, empty);
  const compressed = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1 } });
  const sent = pipeline(saved, compressed);
  const answer = await Promise.all([target.loadImage(compressed, { quiet: true }), sent]).then(([stream]) => stream);
  let text = "";
  answer.setEncoding("utf8");
  answer.on("data", (chunk: string) => (text += chunk));
  await once(answer, "end");
  const refusal = /"error":\s*"([^"]*)"/.exec(text)?.[1];
  if (refusal !== undefined && empty.size === 0) throw new Error(`The engine does not take ${reference}: ${refusal}`);
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
