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
  const faults = parsed.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => fault([...issue.path, key], "nothing: there is no such setting, or no such rule"))
      : [fault(issue.path, issue.message)],
  );
  throw new Error(`The settings of the rules are wrong. docs/settings.md describes them.\n${faults.join("\n")}`);
}

function fault(path: readonly PropertyKey[], allowed: string): string {
  return `  landfall:policy${path.map((key) => `.${String(key)}`).join("")}\n    allowed: ${allowed}`;
}
