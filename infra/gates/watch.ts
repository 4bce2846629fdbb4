import type { Answer, Verdict } from "./answer.ts";

/** Time as a gate needs it; a test brings its own. */
export interface Clock {
  /** Milliseconds since some fixed moment. */
  now(): number;
  /** Resolves after so many milliseconds. */
  wait(milliseconds: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** What one look found: a verdict, and whether it is of any use to go on looking. */
export interface Look {
  readonly answer?: Answer;
  readonly verdict: Verdict;
  /** Why no later look can pass, for example that the container has died. */
  readonly hopeless?: string;
}

/** How often to look and when to give up. */
export interface WatchLimits {
  /** Passes in a row that open the gate. */
  readonly passes: number;
  readonly intervalSeconds: number;
  readonly deadlineSeconds: number;
}

/** How a watch ended. A timeout is a failure. */
export type WatchResult =
  | { readonly kind: "healthy"; readonly looks: number; readonly seconds: number }
  | { readonly kind: "failed"; readonly reason: string; readonly last: Look; readonly seconds: number };

/**
 * Looks again and again until so many looks in a row have passed, until a look is hopeless, or until the deadline.
 *
 * @param look must end by itself; a rejection counts as a look that found silence
 */
export async function watch(
  look: () => Promise<Look>,
  { passes, intervalSeconds, deadlineSeconds }: WatchLimits,
  clock: Clock = systemClock,
): Promise<WatchResult> {
  const start = clock.now();
  let inARow = 0;
  for (let looks = 1; ; looks++) {
    const last = await look().catch(silence);
    const seconds = (clock.now() - start) / 1000;
    inARow = last.verdict.passed ? inARow + 1 : 0;
    if (inARow >= passes) return { kind: "healthy", looks, seconds };
    if (last.hopeless !== undefined) return { kind: "failed", reason: last.hopeless, last, seconds };
    if (seconds + intervalSeconds > deadlineSeconds) {
      const missing = last.verdict.passed
        ? `only ${String(inARow)} of ${String(passes)} passes in a row`
        : last.verdict.reason;
      return { kind: "failed", reason: `not healthy within ${String(deadlineSeconds)} s: ${missing}`, last, seconds };
    }
    await clock.wait(intervalSeconds * 1000);
  }
}

function silence(error: unknown): Look {
  const reason = error instanceof Error ? error.message : String(error);
  return { answer: { kind: "silent", reason }, verdict: { passed: false, reason } };
}
