import * as pulumi from "@pulumi/pulumi";
import { parseSettings, SettingsError } from "./parse.ts";
import type { Settings } from "./settings.ts";

/**
 * The settings of the current stack.
 *
 * @throws pulumi.RunError with every fault, which the engine prints without a stack trace
 */
export function readSettings(): Settings {
  const prefix = `${pulumi.getProject()}:`;
  const config = Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
  try {
    return parseSettings(config);
  } catch (error) {
    if (error instanceof SettingsError) throw new pulumi.RunError(error.message);
    throw error;
  }
}
