import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** The clone's folder. */
export const root = dirname(import.meta.dirname);

/** The folder of the cloud that a stack is rehearsed on; undefined where this is no rehearsal. */
export const rehearsal = process.env["LANDFALL_REHEARSAL"];

/**
 * What belongs to this clone and to no other: state, passphrase, settings, keys. Not in git. A rehearsal has its own,
 * so that neither can take the other's for its own.
 */
export const cloneHome = rehearsal ?? join(root, ".landfall");

/** The toolchain, shared by all clones of this user. Settable as LANDFALL_HOME. */
export const landfallHome =
  process.env["LANDFALL_HOME"] ?? join(process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share"), "landfall");

/** Pulumi's home where the real plugins are, and the command line in its versions. */
const realPulumiHome = join(landfallHome, "pulumi");

/** Pulumi's home for rehearsals: its plugins stand in for the vendors', and no real stack is ever served from it. */
export const rehearsalPulumiHome = join(landfallHome, "rehearsal", "pulumi");

/** Pulumi's home: plugins, and the login to a state backend. The user's own ~/.pulumi stays as it is. */
export const pulumiHome = rehearsal === undefined ? realPulumiHome : rehearsalPulumiHome;

/** Private keys by which ssh reaches servers: a file for each stack that has some. */
export const sshFolder = join(cloneHome, "ssh");

/** The version of an installed npm package; the parts of the toolchain are taken at the version of their npm package. */
export function packageVersion(name: string): string {
  const text = readFileSync(join(root, "node_modules", name, "package.json"), "utf8");
  const { version } = JSON.parse(text) as { version: string };
  return version;
}

/** Where the command line of a version lies, in the layout that Pulumi's own installer has. */
export function cliFolder(version = packageVersion("@pulumi/pulumi")): string {
  return join(realPulumiHome, "versions", version, "bin");
}

/** The folder of an installed provider plugin. */
export function pluginFolder(name: string, version: string): string {
  return join(realPulumiHome, "plugins", `resource-${name}-v${version}`);
}

/** Finds a program in PATH and in the folders of system programs, which PATH may leave out. */
export function programFolders(): string[] {
  return [...(process.env["PATH"] ?? "").split(":"), "/usr/local/sbin", "/usr/sbin", "/sbin"].filter(Boolean);
}
