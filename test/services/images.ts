import { readdirSync } from "node:fs";
import type { ImageName } from "../../images/catalogue.ts";
import { imageContext } from "../../images/context.ts";
import { hasImage, openEngine } from "../../tools/engine.ts";

/**
 * Builds an image of the project unless the engine has it; gives its name, which is the one that stacks use too.
 * @throws with the builder's last words
 */
export async function buildImage(image: ImageName): Promise<string> {
  const { name, directory, buildArgs, base } = imageContext(image);
  if (base !== undefined) await buildImage(base);
  if (await hasImage(name)) return name;
  console.error(`Building the image ${name} …`);
  const docker = openEngine();
  const context = { context: directory, src: readdirSync(directory) };
  const stream = await docker.buildImage(context, { t: name, buildargs: { ...buildArgs } });
  const output = await new Promise<{ stream?: string; error?: string }[]>((resolve, reject) => {
    docker.modem.followProgress(stream, (error: Error | null, events: { stream?: string; error?: string }[]) => {
      if (error) reject(error);
      else resolve(events);
    });
  });
  const failure = output.find((event) => event.error !== undefined);
  if (failure !== undefined) {
    const lines = output
      .map((event) => event.stream ?? "")
      .join("")
      .trim()
      .split("\n")
      .slice(-10);
    throw new Error([`The image ${name} could not be built: ${failure.error ?? ""}`, ...lines].join("\n"));
  }
  return name;
}
