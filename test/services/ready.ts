import { setTimeout as pause } from "node:timers/promises";
import type { Container } from "dockerode";

/** How long a service may take until it is ready, in milliseconds. */
const LIMIT = 60_000;

/**
 * Runs a command in a container again and again until it succeeds.
 * @throws with the container's last log lines when the container has ended or the time is over
 */
export async function untilReady(service: string, container: Container, command: string[]): Promise<void> {
  const deadline = performance.now() + LIMIT;
  while (!(await succeeds(container, command))) {
    const { State } = await container.inspect();
    if (!State.Running || performance.now() > deadline) {
      const log = await container.logs({ stdout: true, stderr: true, tail: 20 });
      throw new Error(
        `${service} for the tests does not get ready (${State.Status}). Its last lines:\n${log.toString()}`,
      );
    }
    await pause(100);
  }
}

async function succeeds(container: Container, command: string[]): Promise<boolean> {
  try {
    const run = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
    const stream = await run.start({});
    for await (const _ of stream) continue;
    return (await run.inspect()).ExitCode === 0;
  } catch {
    // The container has just ended, which the caller finds out.
    return false;
  }
}
