import { existsSync } from "node:fs";
import { join } from "node:path";
import { pulumiEnvironment } from "./environment.ts";
import { isOutdated } from "./origin.ts";
import { cliFolder, pluginFolder } from "./paths.ts";
import { execute, isProgram } from "./process.ts";
import type { Progress } from "./step.ts";
import { canBeHad, mirrorFlags, pluginUrl } from "./vendor.ts";

export interface Plugin {
  name: string;
  version: string;
}

/** The program of a plugin inside a folder. */
export function pluginProgram(folder: string, { name }: Plugin): string {
  return join(folder, `pulumi-resource-${name}`);
}

/** Why a plugin has to be installed, or undefined when it is there. */
export function pluginNeeded(plugin: Plugin, sourceHash: () => string): string | undefined {
  const folder = pluginFolder(plugin.name, plugin.version);
  const program = pluginProgram(folder, plugin);
  // The engine leaves this mark while it copies.
  if (!isProgram(program) || existsSync(`${folder}.partial`)) return "not installed";
  return isOutdated(program, sourceHash) ? "built from other sources than these" : undefined;
}

/** Installs the vendor's plugin. False where it cannot be had from here. */
export async function installVendorsPlugin(plugin: Plugin, progress: Progress): Promise<boolean> {
  const { name, version } = plugin;
  if (!(await canBeHad(pluginUrl(name, version)))) return false;
  progress.say(`Downloading ${pluginUrl(name, version)}`);
  try {
    await pluginCommand(["install", "resource", name, version, "--reinstall", ...mirrorFlags], 15 * 60);
    return true;
  } catch (error) {
    progress.say(`That did not work: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

/** Installs a plugin from a folder that holds its program. */
export async function installPluginFolder(plugin: Plugin, folder: string): Promise<void> {
  await pluginCommand(["install", "resource", plugin.name, plugin.version, "--reinstall", "--file", folder], 120);
}

/** @throws when the engine does not list the plugin */
export async function checkPlugin({ name, version }: Plugin): Promise<void> {
  const listed = JSON.parse(await pluginCommand(["ls", "--json"], 60)) as { name: string; version?: string }[];
  if (!listed.some((plugin) => plugin.name === name && plugin.version === version)) {
    throw new Error(
      `The engine does not list the plugin ${name} ${version}. Run "npx pulumi plugin ls" to see what it lists.`,
    );
  }
}

function pluginCommand(args: string[], seconds: number): Promise<string> {
  return execute(join(cliFolder(), "pulumi"), ["plugin", ...args], { env: pulumiEnvironment(), seconds });
}
