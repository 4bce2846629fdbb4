import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { imageContext } from "../../images/context.ts";
import { isNotFound, openEngine } from "../engine/engine.ts";
import type { Settings } from "../settings/settings.ts";

const timeoutMilliseconds = 10_000;

/**
 * Sees to it that Elasticsearch's image can be had before anything is made: it is built on its maker's, which is to be
 * had from the maker's registry alone.
 *
 * @param ask makes a request to the registry; any answer shows that it can be reached
 * @throws pulumi.RunError where the engine that builds has no such image and cannot get one
 */
export async function requireElasticsearchImage(
  { search, servers, images }: Settings,
  ask: (address: string) => Promise<unknown> = askRegistry,
): Promise<void> {
  if (search.engine !== "elasticsearch") return;
  const host = servers.find(({ roles }) => roles.includes("search"));
  const engine = host?.platform === "engine-at-hand" ? host.engine : images.engine;
  const { name, directory } = imageContext("elasticsearch");
  const base = baseOf(readFileSync(join(directory, "Dockerfile"), "utf8"));
  if ((await hasImage(engine, name)) || (await hasImage(engine, base))) return;
  const [registry = ""] = base.split("/");
  try {
    await ask(`https://${registry}/v2/`);
  } catch (error) {
    throw new pulumi.RunError(
      `Elasticsearch's image cannot be had; nothing was changed.\n  image:  ${base}\n` +
        `  reason: ${registry} does not answer: ${reasonOf(error)}\n` +
        '  next:   run this where that registry can be reached, or load the image into the engine, or set landfall:search.engine to "postgres"',
    );
  }
}

/** The image that a Dockerfile starts from. */
export function baseOf(dockerfile: string): string {
  const base = /^FROM (\S+)$/m.exec(dockerfile)?.[1];
  if (base === undefined) throw new Error("The Dockerfile of Elasticsearch names no image that it starts from.");
  return base;
}

async function hasImage(engine: string, name: string): Promise<boolean> {
  try {
    await openEngine(engine).getImage(name).inspect();
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

async function askRegistry(address: string): Promise<void> {
  await fetch(address, { signal: AbortSignal.timeout(timeoutMilliseconds) });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
