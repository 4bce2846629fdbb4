import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { ImageName } from "../../images/catalogue.ts";
import { contentHash } from "../../images/content-hash.ts";
import { imageContext, writeContext } from "../../images/context.ts";
import { folderFiles, projectRoot, type ContextFiles } from "../../images/files.ts";
import { hasImage, openEngine } from "../../tools/engine.ts";
import { prepareGround } from "../../tools/ground.ts";
import { take, type Progress, type Step } from "../../tools/step.ts";
import type { Cloud } from "../cloud/cloud.ts";
import { noteImages } from "../cloud/images.ts";

/** An image of the rehearsal, made from a folder beside this file. */
export interface RehearsalImage {
  /** The folder's name, and the image's. */
  readonly name: string;
  /** What has to be there before its files are. */
  readonly first?: () => Step;
  /** Files that come from elsewhere in the clone, or are made. */
  readonly files?: () => ContextFiles;
  /** The project's own image that it starts from, and the Dockerfile's argument for its name. */
  readonly base?: { readonly image: ImageName; readonly argument: string };
  /** Seconds that a build takes on two cores. */
  readonly estimate: number;
}

/** The image in which the work on this machine itself is done. */
export const machineImage: RehearsalImage = { name: "machine", estimate: 20 };

/** The image that a server starts from. */
export const serverImage: RehearsalImage = { name: "server", estimate: 60 };

/**
 * Builds images of the rehearsal unless the engine has them, telling on standard error how it goes, and notes their
 * names for the cloud. Same content, same name.
 */
export async function buildImages(cloud: Cloud, images: readonly RehearsalImage[]): Promise<void> {
  const names: Record<string, string> = {};
  for (const image of images) {
    if (image.first !== undefined) await prepareGround([image.first()]);
    if (image.base !== undefined) await buildOwn(image.base.image);
    names[image.name] = await buildRehearsalImage(image);
  }
  await noteImages(cloud, names);
}

async function buildRehearsalImage({ name, files, base, estimate }: RehearsalImage): Promise<string> {
  const content = { ...folderFiles(join(import.meta.dirname, name)), ...files?.() };
  const buildArgs = base === undefined ? {} : { [base.argument]: imageContext(base.image).name };
  const hash = contentHash(content, buildArgs);
  const directory = join(projectRoot, ".landfall", "contexts", `rehearsal-${name}-${hash}`);
  if (!existsSync(directory)) writeContext(directory, content);
  const tag = `landfall-rehearsal/${name}:${hash}`;
  await take(buildStep({ tag, directory, buildArgs, estimate }));
  return tag;
}

async function buildOwn(image: ImageName): Promise<void> {
  const { name, directory, buildArgs, base } = imageContext(image);
  if (base !== undefined) await buildOwn(base);
  await take(buildStep({ tag: name, directory, buildArgs, estimate: 60 }));
}

interface Build {
  readonly tag: string;
  readonly directory: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly estimate: number;
}

function buildStep({ tag, directory, buildArgs, estimate }: Build): Step {
  return {
    name: `Image ${tag}`,
    estimate,
    needed: async () => ((await hasImage(tag)) ? undefined : "not built"),
    run: async (progress) => {
      const engine = openEngine();
      const stream = await engine.buildImage(
        { context: directory, src: readdirSync(directory) },
        { t: tag, buildargs: buildArgs, labels: { "landfall.image": basename(directory) }, forcerm: true },
      );
      await new Promise<void>((resolve, reject) => {
        const lines: string[] = [];
        engine.modem.followProgress(
          stream,
          (error: Error | null) => {
            if (error === null) resolve();
            else reject(new Error([error.message, ...lines.slice(-15)].join("\n  ")));
          },
          (event: { stream?: string }) => {
            tell(progress, lines, event.stream);
          },
        );
      });
    },
  };
}

function tell(progress: Progress, lines: string[], text: string | undefined): void {
  const line = text?.trim() ?? "";
  if (line === "") return;
  lines.push(line);
  progress.detail(line);
}
