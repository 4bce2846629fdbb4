import { readCheckpoint } from "@landfall/tools/clone-state";
import { openEngine, statusCode } from "@landfall/tools/engine";

/** The project's own images that a stack uses, those that start from others first. */
export function usedImages(stack: string): string[] {
  const resources = readCheckpoint(stack)?.resources ?? [];
  const names = resources
    .filter(({ type }) => type === "docker:index/remoteImage:RemoteImage")
    .map(({ inputs }) => inputs?.["name"])
    .filter((name) => typeof name === "string")
    .filter((name) => name.startsWith("landfall/"));
  return [...new Set(names)].reverse();
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
