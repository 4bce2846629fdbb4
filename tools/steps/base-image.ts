import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installPackages, isRoot } from "../debian.ts";
import { hasImage, openEngine } from "../engine.ts";
import { landfallHome } from "../paths.ts";
import { execute, findProgram } from "../process.ts";
import type { Progress, Step } from "../step.ts";

/** What every image of the project starts from: the official image of Debian 13, or one made in the same way. */
export const baseImageName = "debian:trixie-slim";
const release = "trixie";

/** How long an image registry may take to begin, in seconds. */
const PATIENCE = 20;

export function baseImage(): Step {
  return {
    name: `Base image ${baseImageName}`,
    estimate: 60,
    needed: async () => ((await hasImage(baseImageName)) ? undefined : "the engine does not have it"),
    run: async (progress) => {
      if (await pullImage(progress)) return;
      progress.say("No image registry answers: it is made from Debian's packages (debootstrap).");
      if (!isRoot())
        throw new Error(`Only root can make it. Run "docker pull ${baseImageName}" where a registry answers.`);
      const missing = ["debootstrap", "tar"].filter((name) => findProgram(name) === undefined);
      const keys = "/usr/share/keyrings/debian-archive-keyring.gpg";
      const packages = [
        ...missing,
        ...(await execute("ls", [keys]).then(
          () => [],
          () => ["debian-archive-keyring"],
        )),
      ];
      if (packages.length > 0) await installPackages(packages, "To make the base image", progress);
      await makeImage(progress);
    },
  };
}

async function pullImage(progress: Progress): Promise<boolean> {
  const engine = openEngine();
  try {
    const [image, tag] = baseImageName.split(":");
    const stream = await engine.createImage({
      fromImage: image,
      tag,
      abortSignal: AbortSignal.timeout(PATIENCE * 1000),
    });
    progress.say("Pulling it from the image registry.");
    await new Promise<void>((resolve, reject) => {
      engine.modem.followProgress(stream, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    return await hasImage(baseImageName);
  } catch {
    return false;
  }
}

/** Packages are signed, and debootstrap checks that; the mirror is the one that this machine itself uses. */
async function makeImage(progress: Progress): Promise<void> {
  const folder = join(landfallHome, "base-image.partial");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(landfallHome, { recursive: true });
  const mirrors = await debianMirrors();
  try {
    const source = mirrors.main === undefined ? [] : [mirrors.main];
    await execute("debootstrap", ["--variant=minbase", release, folder, ...source], {
      onLine: (line) => {
        progress.detail(line.replace(/^I: /, ""));
      },
    });
    writeSources(folder, mirrors);
    slim(folder);
    progress.detail("importing it into the engine");
    await importFolder(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Mirrors {
  main?: string;
  security?: string;
}

/** The addresses that this machine has its own Debian packages from; none on another system. */
async function debianMirrors(): Promise<Mirrors> {
  const format = "$(ORIGIN) $(CODENAME) $(REPO_URI)";
  const args = ["indextargets", "--format", format, "Created-By: Packages", "Component: main"];
  const listed = await execute("apt-get", args).catch(() => "");
  const debian = listed
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([origin]) => origin === "Debian");
  const main = debian.find(([, codename]) => codename !== undefined && !codename.includes("-"))?.[2];
  const security = debian.find(([, codename]) => codename?.endsWith("-security"))?.[2];
  return { ...(main === undefined ? {} : { main }), ...(security === undefined ? {} : { security }) };
}

/** Adds the updates and the security fixes to the packages that images are built from. */
function writeSources(folder: string, { main, security }: Mirrors): void {
  if (main === undefined) return;
  const lines = [
    `deb ${main} ${release} main`,
    `deb ${main} ${release}-updates main`,
    ...(security === undefined ? [] : [`deb ${security} ${release}-security main`]),
  ];
  writeFileSync(join(folder, "etc/apt/sources.list"), `${lines.join("\n")}\n`);
}

/** Leaves out what the official slim image leaves out, now and in packages to come. */
function slim(folder: string): void {
  const unwanted = ["usr/share/doc", "usr/share/man", "usr/share/info", "usr/share/locale"];
  const rules = unwanted.map((path) => `path-exclude /${path}/*\n`).join("");
  writeFileSync(
    join(folder, "etc/dpkg/dpkg.cfg.d/docker"),
    `${rules}path-include /usr/share/doc/*/copyright\nforce-unsafe-io\n`,
  );
  writeFileSync(join(folder, "usr/sbin/policy-rc.d"), "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  const removed = ["var/cache/apt/archives", "var/lib/apt/lists", ...unwanted.filter((path) => !path.endsWith("doc"))];
  for (const path of removed) {
    rmSync(join(folder, path), { recursive: true, force: true });
    mkdirSync(join(folder, path));
  }
}

async function importFolder(folder: string): Promise<void> {
  const tar = spawn("tar", ["--numeric-owner", "-C", folder, "-c", "."], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve) => tar.on("close", resolve));
  const [repo, tag] = baseImageName.split(":");
  const engine = openEngine();
  const stream = await engine.importImage(tar.stdout, { repo, tag, changes: 'CMD ["bash"]' });
  for await (const chunk of stream) {
    if (String(chunk).includes('"error"')) throw new Error(`The engine refused the image: ${String(chunk)}`);
  }
  if ((await ended) !== 0) throw new Error(`tar could not read ${folder}.`);
}
