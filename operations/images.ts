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

/** Removes images that no container and no other image uses any more; gives the names of the removed. */
export async function removeUnusedImages(names: string[]): Promise<string[]> {
  const removed: string[] = [];
  for (const name of names) {
    try {
      await openEngine().getImage(name).remove();
      removed.push(name);
    } catch (error) {
      // 404: it is gone. 409: something else uses it, another stack for example.
      if (statusCode(error) !== 404 && statusCode(error) !== 409) throw error;
    }
  }
  return removed;
}
