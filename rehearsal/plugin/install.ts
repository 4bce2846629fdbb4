import { build } from "esbuild";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pulumiEnvironment } from "../../tools/environment.ts";
import { isOutdated, noteOrigin } from "../../tools/origin.ts";
import { cliFolder, cloneHome, packageVersion, pluginFolder, pulumiHome as ownHome, root } from "../../tools/paths.ts";
import { execute, isProgram } from "../../tools/process.ts";

/** A plugin that is made here. */
interface StandInPlugin {
  readonly name: string;
  /** Its program, from the clone's root. */
  readonly entry: string;
}

const standIns: readonly StandInPlugin[] = [
  { name: "linode", entry: "rehearsal/linode/main.ts" },
  { name: "cloudflare", entry: "rehearsal/cloudflare/main.ts" },
];

/** The plugins that a rehearsal has in common with everything else. */
const shared = ["docker", "random"] as const;

/**
 * Installs the stand-ins for the vendors' plugins into a home of Pulumi's, and the plugins that are no stand-ins
 * beside them. Does nothing when that home has them, made from these sources.
 *
 * @param pulumiHome the rehearsals' own home
 * @throws when it is the home that real stacks use
 */
export async function installStandIns(pulumiHome: string): Promise<void> {
  if (resolve(pulumiHome) === resolve(ownHome)) {
    throw new Error(`${pulumiHome} serves real stacks; stand-ins must have a PULUMI_HOME of their own.`);
  }
  mkdirSync(join(pulumiHome, "plugins"), { recursive: true });
  for (const name of shared) sharePlugin(pulumiHome, name);
  for (const plugin of standIns) await installStandIn(pulumiHome, plugin);
}

async function installStandIn(pulumiHome: string, { name, entry }: StandInPlugin): Promise<void> {
  const version = packageVersion(`@pulumi/${name}`);
  const bundled = await bundlePlugin(entry, version);
  const installed = join(pulumiHome, "plugins", `resource-${name}-v${version}`);
  const program = join(installed, `pulumi-resource-${name}`);
  const hash = createHash("sha256").update(launcher).update(bundled).digest("hex");
  const whole = isProgram(program) && !existsSync(`${installed}.partial`);
  if (whole && existsSync(`${program}.built-from`) && !isOutdated(program, () => hash)) return;
  const folder = join(cloneHome, "rehearsal", `plugin-${name}.${String(process.pid)}`);
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(join(folder, "provider.mjs"), bundled);
    writeFileSync(join(folder, `pulumi-resource-${name}`), launcher, { mode: 0o755 });
    noteOrigin(join(folder, `pulumi-resource-${name}`), hash);
    await execute(
      join(cliFolder(), "pulumi"),
      ["plugin", "install", "resource", name, version, "--reinstall", "--file", folder],
      { env: { ...pulumiEnvironment(), PULUMI_HOME: pulumiHome }, seconds: 120 },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// exec, so that the engine's signals reach the provider.
const launcher = '#!/bin/sh\nexec node "$(dirname "$0")/provider.mjs" "$@"\n';

/** The provider as one file. */
async function bundlePlugin(entry: string, version: string): Promise<Uint8Array> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [join(root, entry)],
    bundle: true,
    write: false,
    platform: "node",
    target: "node24",
    format: "esm",
    legalComments: "none",
    define: { PLUGIN_VERSION: JSON.stringify(version) },
    // What packages in CommonJS form expect to find.
    banner: {
      js: [
        'import { createRequire as bundleRequire } from "node:module";',
        "const require = bundleRequire(import.meta.url);",
        "const [__dirname, __filename] = [import.meta.dirname, import.meta.filename];",
      ].join(" "),
    },
    // Only programs are compiled with the first two, and the provider runs none; the others make ssh2 faster.
    external: ["typescript", "ts-node", "cpu-features", "*.node"],
    logLevel: "warning",
  });
  const [output] = result.outputFiles;
  if (output === undefined) throw new Error(`esbuild made no output for ${entry}`);
  return output.contents;
}

/** Makes a plugin of the normal home known in another one. The files are the same ones where the disk allows it. */
function sharePlugin(pulumiHome: string, name: string): void {
  const version = packageVersion(`@pulumi/${name}`);
  const from = pluginFolder(name, version);
  const to = join(pulumiHome, "plugins", `resource-${name}-v${version}`);
  const program = `pulumi-resource-${name}`;
  if (!existsSync(from)) {
    throw new Error(`The plugin ${name} ${version} is not installed. Run "npx pulumi version", which installs it.`);
  }
  if (existsSync(join(to, program)) && isSame(join(from, program), join(to, program))) return;
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to);
  for (const file of readdirSync(from)) {
    try {
      linkSync(join(from, file), join(to, file));
    } catch {
      copyFileSync(join(from, file), join(to, file));
    }
  }
}

/** Whether two files are one, or copies as far as their sizes and times tell. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [statSync(one), statSync(other)];
  return a.ino === b.ino ? a.dev === b.dev : a.size === b.size && a.mtimeMs <= b.mtimeMs;
}
