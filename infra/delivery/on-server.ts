import { parseEngineAddress } from "../ssh/connection.ts";
import { runOverSsh, type RemoteCommand, type RemoteResult } from "../ssh/run.ts";

/** Runs a command on the server that an engine address leads to. A test brings its own. */
export type RunOnServer = (engine: string, command: RemoteCommand) => Promise<RemoteResult>;

/** Runs it over ssh. ssh itself failing is told from the command failing by the exit code 255. */
export const runOnServer: RunOnServer = (engine, command) => runOverSsh(parseEngineAddress(engine), command);

/** Whether a server could not be reached, in contrast to a command that failed on it. */
export function isUnreached({ exitCode }: RemoteResult): boolean {
  return exitCode === 255;
}

/** The server's address, for a message. */
export function serverOf(engine: string): string {
  return parseEngineAddress(engine).host;
}
