import { join } from "node:path";
import type { Settings } from "@landfall/migration/settings";
import { cloneHome } from "@landfall/tools/paths";
import type { Request } from "./arguments.ts";
import { targetOf, type Context } from "./context.ts";

/** Where rollback points go that nobody has named a place for. */
export const rollbackFolder = join(cloneHome, "rollback");

/** Where files go that nobody has named a place for. */
export const mediaFolder = join(cloneHome, "media");

/** The engine's settings for a request; its report goes to `reportPath`. */
export function settingsOf({ request, output, release }: Context, reportPath: string): Settings {
  return {
    systems: [request.system],
    target: targetOf(request).config,
    sources: sourcesOf(request),
    workers: request.workers,
    chunkRows: request.chunkRows,
    reportPath,
    rollbackDirectory: request.rollbackDirectory ?? rollbackFolder,
    release,
    ignored: request.ignored,
    again: new Set(request.again ? [request.system] : []),
    changedSource: "fail",
    hashes: "auto",
    logLevel: output.logLevel,
    media: new Map(request.media === undefined ? [] : [[request.system, request.media]]),
    store: request.store ?? { kind: "folder", directory: mediaFolder },
    observer: output,
  };
}

function sourcesOf({ system, source }: Request): Settings["sources"] {
  if (source === undefined) throw new Error("No source is given.");
  return new Map([[system, source]]);
}
