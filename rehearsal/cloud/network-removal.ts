import { setTimeout as pause } from "node:timers/promises";
import { openEngine, statusCode } from "../../tools/engine.ts";

/** How often a network is tried to be removed, half a second apart. */
const tries = 10;

/**
 * Removes a network. A container that a command was making when it ended may just have got onto it.
 *
 * @param removeOwn takes away the cloud's own containers
 * @returns why the network is still there, in a sentence; undefined when it is gone
 */
export async function removeNetwork(id: string, removeOwn: () => Promise<void>): Promise<string | undefined> {
  for (let tried = 1; ; tried += 1) {
    try {
      await openEngine().getNetwork(id).remove();
      return undefined;
    } catch (error) {
      if (statusCode(error) === 404) return undefined;
      if (statusCode(error) !== 403) throw error;
    }
    await removeOwn();
    if (tried === tries) return whyKept(await openEngine().getNetwork(id).inspect());
    await pause(500);
  }
}

/**
 * Says why the engine keeps a network that was to go.
 *
 * Engines before 28.1 count what is on a network apart from what they know to be on it, and can lose count
 * (https://github.com/moby/moby/issues/42119). They count anew when they start.
 */
export function whyKept({ Name, Containers }: KeptNetwork): string {
  const others = Object.values(Containers ?? {}).map((one) => one.Name);
  if (others.length > 0) {
    return (
      `The network ${Name} is still there, for containers are on it that are not the rehearsal's: ${others.join(", ")}. ` +
      `Take them off it (docker network disconnect ${Name} CONTAINER), and run this again.`
    );
  }
  return (
    `The network ${Name} is still there: nothing is on it, but the Docker engine has lost count (moby/moby#42119). ` +
    "Restart the engine (sudo systemctl restart docker; where no service manager runs, sudo pkill -x dockerd), which lets " +
    "it count anew, and run this again."
  );
}

/** What the engine says of a network that it keeps. */
interface KeptNetwork {
  readonly Name: string;
  /** By id of the container. */
  readonly Containers?: Readonly<Record<string, { readonly Name: string }>> | undefined;
}
