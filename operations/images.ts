import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { openEngine, statusCode } from "@landfall/tools/engine";
import { cloneHome } from "@landfall/tools/paths";

/**
 * The project's own images that this clone has had built, of this release and earlier ones: each left its build context,
 * a folder named after it. A stack's state knows fewer: none after `npm stop`, and none of an earlier release.
 *
 * @param contexts the folder of build contexts
 * @returns names such as `landfall/app:0123456789abcdef`
 */
export function builtImages(contexts = join(cloneHome, "contexts")): string[] {
  const folders = existsSync(contexts) ? readdirSync(contexts) : [];
  return folders.flatMap((folder) => {
    const [, image, hash] = /^(.+)-([0-9a-f]{16})$/.exec(folder) ?? [];
    return image === undefined || hash === undefined ? [] : [`landfall/${image}:${hash}`];
  });
}

/**
 * Removes images that nothing uses any more. Another environment on the engine may need them without a container to show
 * it, as the image that others start from; all of them stay then.
 * @returns the names of the removed
 */
export async function removeUnusedImages(names: string[]): Promise<string[]> {
  const docker = openEngine();
  const label = ["landfall.stack"];
  const others = await docker.listContainers({ all: true, filters: { label } });
  if (others.length > 0) return [];
  const removed: string[] = [];
  for (const name of names) {
    try {
      await docker.getImage(name).remove();
      removed.push(name);
    } catch (error) {
      // 404: it is gone. 409: a container of somebody's uses it.
      if (statusCode(error) !== 404 && statusCode(error) !== 409) throw error;
    }
  }
  return removed;
}
