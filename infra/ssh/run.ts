import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { sshOptions, type SshConnection } from "./connection.ts";

/** How a command on a server ended. */
export interface RemoteResult {
  /** The command's exit code; 255 when ssh itself failed, with the reason in `stderr`. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command to run on a server. */
export interface RemoteCommand {
  /** As the user's shell on the server reads it. */
  readonly command: string;
  /** Longest time it may take, the connection included. */
  readonly seconds: number;
  /** What it reads on its standard input. */
  readonly input?: string | Readable;
}

/**
 * Runs a command on a server over ssh and waits for its end.
 *
 * @throws when ssh cannot be started here, or when the time is up
 */
export async function runOverSsh(connection: SshConnection, remote: RemoteCommand): Promise<RemoteResult> {
  const { command, seconds, input } = remote;
  const child = spawn("ssh", [...sshOptions(connection), "--", connection.host, command], {
    stdio: ["pipe", "pipe", "pipe"],
    signal: AbortSignal.timeout(seconds * 1000),
  });
  const texts = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (texts.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (texts.stderr += text));
  // A command that ends before it has read all is judged by its exit code.
  child.stdin.on("error", () => undefined);
  if (input === undefined || typeof input === "string") child.stdin.end(input);
  else void pipeline(input, child.stdin).catch(() => child.kill());
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on("error", (error) => {
      const late = error.name === "AbortError";
      reject(late ? new Error(`ssh ${connection.host} ${command}: no end within ${String(seconds)} s`) : error);
    });
    child.on("close", (code) => {
      resolve(code ?? 255);
    });
  });
  return { exitCode, ...texts };
}
