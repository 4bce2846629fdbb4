import { parseEngineAddress } from "../ssh/connection.ts";
import { runOverSsh, type RemoteCommand, type RemoteResult } from "../ssh/run.ts";

/** Runs a command on the server that an engine address leads to. A test brings its own. */
export type RunOnServer = (engine: string, command: RemoteCommand) => Promise<RemoteResult>;

/** Runs it over ssh. The exit code 255 tells that ssh itself failed or that the time was up. */
export const runOnServer: RunOnServer = (engine, command) =>
  runOverSsh(parseEngineAddress(engine), command).catch((error: unknown) => ({
    exitCode: 255,
    stdout: "",
    stderr: error instanceof Error ? error.message : String(error),
  }));

/** Whether a server could not be reached, in contrast to a command that failed on it. */
export function isUnreached({ exitCode }: RemoteResult): boolean {
  return exitCode === 255;
}

/** The server's address, for a message. */
export function serverOf(engine: string): string {
  return parseEngineAddress(engine).host;
}
