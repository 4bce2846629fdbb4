import { join } from "node:path";
import { removeBuildCaches } from "./go.ts";
import { withLock } from "./lock.ts";
import { landfallHome } from "./paths.ts";
import { baseImage } from "./steps/base-image.ts";
import { browser } from "./steps/browser.ts";
import { dockerEngine } from "./steps/docker-engine.ts";
import { dockerProvider } from "./steps/docker-provider.ts";
import { languageHost } from "./steps/language-host.ts";
import { pulumiCli } from "./steps/pulumi-cli.ts";
import { randomProvider } from "./steps/random-provider.ts";
import { sshClient } from "./steps/ssh-client.ts";
import { duration, take, type Step } from "./step.ts";

/** Pulumi with its plugins. */
export const toolchain = (): Step[] => [pulumiCli(), languageHost(), dockerProvider(), randomProvider()];

/** What containers run on. First where both are needed: it fails at once where we may not install. */
export const engine = (): Step[] => [dockerEngine(), baseImage()];

/** What servers are reached with. */
export const forServers = (): Step[] => [sshClient()];

/** What tests need besides. */
export const forTests = (): Step[] => [browser(), sshClient()];

/**
 * Makes sure that everything in a list of steps is there, in their order. Quick and silent when it is.
 * @returns the seconds that steps took
 * @throws where a step fails, with what to do by hand
 */
export async function prepareGround(steps: Step[]): Promise<number> {
  const reasons = await Promise.all(steps.map(stillNeeded));
  const due = steps.filter((_, place) => reasons[place] !== undefined);
  if (due.length === 0) return 0;
  return withLock(join(landfallHome, "ground.lock"), async () => {
    const total = due.reduce((sum, { estimate }) => sum + estimate, 0);
    console.error(`Preparing this machine: ${String(due.length)} steps, about ${duration(total)} in all.`);
    let seconds = 0;
    for (const step of due) seconds += await take(step);
    removeBuildCaches();
    return seconds;
  });
}

/** A step may ask for what an earlier one brings, and fail before that is there: it is needed then. */
async function stillNeeded(step: Step): Promise<string | undefined> {
  try {
    return await step.needed();
  } catch {
    return "it depends on the steps before";
  }
}
