import type Docker from "dockerode";
import { randomBytes } from "node:crypto";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { openEngine } from "../../tools/engine.ts";
import { labelsOf, nameOf, type Cloud } from "./cloud.ts";
import { imageOf } from "./images.ts";

/** Something to be done to this machine itself: to its network, its packet filter or its block devices. */
export interface MachineWork {
  readonly command: readonly string[];
  readonly input?: string;
  /** As Docker has them: `/absolute/folder:/in/container`. */
  readonly mounts?: readonly string[];
}

/**
 * Runs a command in a short-lived container that shares this machine's network and may change it, and its loop devices.
 * So neither root nor any program is needed on the machine, other than Docker.
 *
 * @returns what it printed on standard output
 * @throws with what it printed, when it fails
 */
export async function runOnMachine(cloud: Cloud, work: MachineWork): Promise<string> {
  const container = await openEngine().createContainer({
    name: nameOf(cloud, `work-${randomBytes(4).toString("hex")}`),
    Image: imageOf(cloud, "machine"),
    Cmd: [...work.command],
    Labels: labelsOf(cloud),
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      NetworkMode: "host",
      CapDrop: ["ALL"],
      CapAdd: ["NET_ADMIN", "SYS_ADMIN", "MKNOD", "DAC_OVERRIDE"],
      SecurityOpt: ["apparmor=unconfined"],
      // Major 7: the loop devices. 10:237: /dev/loop-control.
      DeviceCgroupRules: ["b 7:* rwm", "c 10:237 rwm"],
      Binds: [...(work.mounts ?? [])],
    },
  });
  try {
    return await finish(container, work);
  } finally {
    await container.remove({ force: true, v: true });
  }
}

async function finish(container: Docker.Container, work: MachineWork): Promise<string> {
  const stream = await container.attach({ stream: true, hijack: true, stdin: true, stdout: true, stderr: true });
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  openEngine().modem.demuxStream(stream, stdout, stderr);
  stream.on("end", () => {
    stdout.end();
    stderr.end();
  });
  const printed = Promise.all([text(stdout), text(stderr)]);
  const ended = container.wait({ condition: "next-exit" }) as Promise<{ StatusCode: number }>;
  await container.start();
  stream.end(work.input ?? "");
  const { StatusCode } = await ended;
  const [output, complaints] = await printed;
  if (StatusCode === 0) return output;
  throw new Error(`"${work.command.join(" ")}" on this machine ended with ${String(StatusCode)}: ${complaints.trim()}`);
}
