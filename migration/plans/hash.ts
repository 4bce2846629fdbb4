import { createHash } from "node:crypto";
import type { Plan } from "./plan.ts";

/** Raised when the engine itself begins to land rows otherwise than it did. */
const engineFormat = 1;

/** What prose says about a plan has no part in what it does. */
const prose = new Set(["reason", "lossy", "back", "dropped"]);

/** Identity of what a plan does to rows, as 16 hex digits: its order of keys counts, its reasons do not. */
export function planHash(plan: Plan): string {
  const content = JSON.stringify({ engineFormat, plan }, (key, value: unknown) => (prose.has(key) ? undefined : value));
  return createHash("sha256")
    .update(content.replaceAll(/\\n\s+/g, " "))
    .digest("hex")
    .slice(0, 16);
}
