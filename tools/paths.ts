import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** The clone's folder. */
export const root = dirname(import.meta.dirname);

/** What belongs to this clone and to no other: state, passphrase, build contexts, logs. Not in git. */
export const cloneHome = join(root, ".landfall");

/** The toolchain, shared by all clones of this user. Settable as LANDFALL_HOME. */
export const landfallHome =
  process.env["LANDFALL_HOME"] ?? join(process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share"), "landfall");

/** Pulumi's home: plugins, and the login to a state backend. The user's own ~/.pulumi stays as it is. */
export const pulumiHome = join(landfallHome, "pulumi");

/** The version of an installed npm package; the parts of the toolchain are taken at the version of their npm package. */
export function packageVersion(name: string): string {
  const text = readFileSync(join(root, "node_modules", name, "package.json"), "utf8");
  const { version } = JSON.parse(text) as { version: string };
  return version;
}

/** Where the command line of a version lies, in the layout that Pulumi's own installer has. */
export function cliFolder(version = packageVersion("@pulumi/pulumi")): string {
  return join(pulumiHome, "versions", version, "bin");
}

/** The folder of an installed provider plugin. */
export function pluginFolder(name: string, version: string): string {
  return join(pulumiHome, "plugins", `resource-${name}-v${version}`);
}

/** Finds a program in PATH and in the folders of system programs, which PATH may leave out. */
export function programFolders(): string[] {
  return [...(process.env["PATH"] ?? "").split(":"), "/usr/local/sbin", "/usr/sbin", "/sbin"].filter(Boolean);
}
