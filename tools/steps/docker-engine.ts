import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { installPackages, isRoot } from "../debian.ts";
import { engineAddress, engineState } from "../engine.ts";
import { landfallHome } from "../paths.ts";
import { pidHolder } from "../pid-file.ts";
import { execute, findProgram } from "../process.ts";
import type { Progress, Step } from "../step.ts";

/** How long an engine may take to start, in seconds. */
const START_LIMIT = 60;

/** Where dockerd and the containerd that it starts note their processes. */
const PID_FILES = { dockerd: "/var/run/docker.pid", containerd: "/var/run/docker/containerd/containerd.pid" };

/** The Docker engine: the one that runs, the one that is installed, or Debian's. */
export function dockerEngine(): Step {
  return {
    name: "Docker engine",
    estimate: 30,
    needed: async () => {
      const state = await engineState();
      if (state === "running") return undefined;
      return state === "forbidden" ? `we may not use ${engineAddress}` : `none answers at ${engineAddress}`;
    },
    run: async (progress) => {
      if (process.env["DOCKER_HOST"] !== undefined) {
        throw new Error(
          `DOCKER_HOST names ${engineAddress}, and no engine answers there. Start it, or unset DOCKER_HOST.`,
        );
      }
      if ((await engineState()) === "forbidden") {
        throw new Error(
          `This user may not use ${engineAddress}. Run "sudo usermod -aG docker $USER" and log in again, or set DOCKER_HOST.`,
        );
      }
      if (findProgram("dockerd") === undefined) {
        const purpose = "To have a Docker engine";
        await installPackages(["docker.io", "iptables"], purpose, progress);
      }
      if (!isRoot()) throw new Error('Docker is installed and does not run. Start it: "sudo systemctl start docker".');
      await startEngine(progress);
    },
  };
}

/**
 * dockerd and its containerd take the process that a pid file names for themselves as long as it lives, or has not been
 * taken note of since it was killed. One that still ends is waited for; a file of one that is gone is removed.
 */
async function removeStalePidFiles(progress: Progress): Promise<void> {
  const deadline = performance.now() + START_LIMIT * 1000;
  while (pidHolder(PID_FILES.dockerd, "dockerd") === "program" && performance.now() < deadline) {
    progress.detail("waiting for an engine that is ending");
    await pause(200);
  }
  for (const [program, file] of Object.entries(PID_FILES)) {
    if (!existsSync(file) || pidHolder(file, program) === "program") continue;
    progress.say(`Removing ${file}, which a killed engine has left.`);
    rmSync(file, { force: true });
  }
}

async function startEngine(progress: Progress): Promise<void> {
  // Installing the package starts the engine where a service manager runs.
  if ((await engineState()) === "running") return;
  if (existsSync("/run/systemd/system")) {
    progress.say("Starting the service docker (systemctl).");
    await execute("systemctl", ["start", "docker"], { seconds: START_LIMIT });
    return;
  }
  await removeStalePidFiles(progress);
  const log = join(landfallHome, "docker", "dockerd.log");
  mkdirSync(join(log, ".."), { recursive: true });
  // What the engine before this one said is wanted when it went wrong.
  if (existsSync(log)) renameSync(log, `${log}.1`);
  progress.say(`Starting dockerd, since no service manager runs here; its log is ${log}. It stays when we end.`);
  const file = openSync(log, "w");
  const engine = spawn(findProgram("dockerd") ?? "dockerd", [], {
    cwd: "/",
    detached: true,
    stdio: ["ignore", file, file],
  });
  const ended = new AbortController();
  for (const event of ["error", "exit"]) {
    engine.on(event, () => {
      ended.abort();
    });
  }
  engine.unref();
  const deadline = performance.now() + START_LIMIT * 1000;
  while ((await engineState()) !== "running") {
    if (ended.signal.aborted || performance.now() > deadline) {
      const end = readFileSync(log, "utf8").trim().split("\n").slice(-8);
      throw new Error([`dockerd does not start. The end of ${log}:`, ...end.map((line) => `  ${line}`)].join("\n"));
    }
    progress.detail("waiting for the engine");
    await pause(200);
  }
}
