import * as pulumi from "@pulumi/pulumi";
import { parseSettings, SettingsError } from "./parse.ts";
import type { Settings } from "./settings.ts";
import { tokensGiven } from "./tokens.ts";

/**
 * The settings of the current stack.
 *
 * @throws pulumi.RunError with every fault, which the engine prints without a stack trace
 */
export function readSettings(): Settings {
  const prefix = `${pulumi.getProject()}:`;
  const all = pulumi.runtime.allConfig();
  const config = Object.fromEntries(
    Object.entries(all)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
  try {
    return parseSettings(config, tokensGiven(all, process.env), process.env["LANDFALL_REHEARSAL"] !== undefined);
  } catch (error) {
    if (error instanceof SettingsError) throw new pulumi.RunError(error.message);
    throw error;
  }
}
