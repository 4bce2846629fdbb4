import type Docker from "dockerode";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";

/** How a command in a container ended. */
export interface ExecutionResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command to run in a running container. */
export interface Execution {
  readonly container: string;
  readonly command: readonly string[];
  /** Ends the wait, not the command; an abort rejects. */
  readonly signal: AbortSignal;
  /** Is told each whole line of the standard output as it comes. */
  readonly onLine?: (line: string) => void;
}

/**
 * Runs a command in a running container and waits for its end.
 *
 * @throws when the container does not run, the engine does not answer, or the signal aborts
 */
export async function execute(engine: Docker, execution: Execution): Promise<ExecutionResult> {
  const { container, command, signal, onLine } = execution;
  const exec = await engine.getContainer(container).exec({
    Cmd: [...command],
    AttachStdout: true,
    AttachStderr: true,
    abortSignal: signal,
  });
  const stream = await exec.start({ abortSignal: signal });
  const stdout = collect();
  const stderr = collect();
  if (onLine !== undefined) createInterface({ input: stdout.into }).on("line", onLine);
  engine.modem.demuxStream(stream, stdout.into, stderr.into);
  await finished(stream, { signal });
  const { ExitCode } = await exec.inspect();
  return { exitCode: ExitCode ?? -1, stdout: stdout.text(), stderr: stderr.text() };
}

function collect(): { into: PassThrough; text: () => string } {
  const chunks: Buffer[] = [];
  const into = new PassThrough();
  into.on("data", (chunk: Buffer) => chunks.push(chunk));
  return { into, text: () => Buffer.concat(chunks).toString("utf8") };
}
