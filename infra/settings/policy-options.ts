import type { PolicyOptions } from "../policy/evaluate.ts";
import { policy } from "./policy.ts";

/**
 * What a stack's configuration says of the rules.
 *
 * @param config the configuration as the engine gives it: every key with its namespace, groups of settings as JSON
 * @throws with every fault
 */
export function policyOptions(config: Readonly<Record<string, string>>): PolicyOptions {
  const text = config["landfall:policy"];
  const parsed = policy.safeParse(text === undefined ? undefined : JSON.parse(text));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path, message }) => `  landfall:policy${path.map((key) => `.${String(key)}`).join("")}\n    allowed: ${message}`,
  );
  throw new Error(`The settings of the rules are wrong. docs/settings.md describes them.\n${faults.join("\n")}`);
}
