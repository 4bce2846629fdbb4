import { setTimeout as pause } from "node:timers/promises";
import { failureLines } from "../../infra/engine/logs.ts";
import { openEngine } from "../../tools/engine.ts";
import { nameOf, type Cloud } from "./cloud.ts";

/** What is waited for. */
export interface AwaitedState {
  /** The container that it depends on. */
  readonly noun: string;
  /** In words, with an article: `the NodeBalancer`. */
  readonly what: string;
  readonly seconds: number;
  /** Resolves once it is there. */
  readonly works: () => Promise<unknown>;
}

/**
 * Waits until something of a cloud works.
 *
 * @throws when it does not in time, with why, and with the last lines of its container
 */
export async function awaitState(cloud: Cloud, { noun, what, seconds, works }: AwaitedState): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      await works();
      return;
    } catch (error) {
      if (Date.now() < end) {
        await pause(100);
        continue;
      }
      const name = nameOf(cloud, noun);
      const lines = await failureLines(openEngine(), name);
      throw new Error(
        `${what} of the rehearsal does not answer after ${String(seconds)} s: ${String(error)}. ` +
          `Container ${name} says:\n  ${lines.join("\n  ")}`,
        { cause: error },
      );
    }
  }
}
