import { spawn } from "node:child_process";
import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { programFolders } from "./paths.ts";

export interface ProcessOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Called with each line of standard output and error, as it comes. */
  onLine?: (line: string) => void;
  /** Given to the process as its standard input. */
  input?: NodeJS.ReadableStream;
  /** After so many seconds the process is ended, which is an error. */
  seconds?: number;
}

/**
 * Runs a program to its end and gives its standard output.
 * @throws with the end of what the program printed, when it cannot be started, fails, or takes too long
 */
export async function execute(program: string, args: string[], options: ProcessOptions = {}): Promise<string> {
  const { cwd, env = process.env, onLine, input, seconds } = options;
  const limit = seconds === undefined ? {} : { signal: AbortSignal.timeout(seconds * 1000) };
  const child = spawn(program, args, { cwd, env, stdio: [input ? "pipe" : "ignore", "pipe", "pipe"], ...limit });
  const output: Buffer[] = [];
  const lines: string[] = [];
  const collect = (chunk: Buffer): void => {
    for (const line of chunk.toString().split(/[\r\n]+/)) {
      if (line.trim() === "") continue;
      lines.push(line);
      if (lines.length > 30) lines.shift();
      onLine?.(line);
    }
  };
  child.stdout?.on("data", (chunk: Buffer) => {
    output.push(chunk);
    collect(chunk);
  });
  child.stderr?.on("data", collect);
  if (input && child.stdin) {
    // A process that ends early is reported by its exit code, not by the broken pipe.
    child.stdin.on("error", () => undefined);
    input.pipe(child.stdin);
  }
  const end = await new Promise<{ code: number | null; cause?: Error }>((resolve) => {
    child.on("error", (cause) => {
      resolve({ code: null, cause });
    });
    child.on("close", (code) => {
      resolve({ code });
    });
  });
  if (end.code === 0) return Buffer.concat(output).toString();
  const how =
    end.cause === undefined
      ? `ended with ${end.code === null ? "a signal" : String(end.code)}`
      : end.cause.name === "AbortError"
        ? `took longer than ${String(seconds)} s`
        : `could not be run: ${end.cause.message}`;
  throw new Error([`${program} ${args.join(" ")} ${how}.`, ...lines.map((line) => `  ${line}`)].join("\n"));
}

/** The path of a program, or undefined when there is none of that name. */
export function findProgram(name: string, folders: string[] = programFolders()): string | undefined {
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

/** Whether a path is a file that may be run. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Whether a process of this machine is running; one that only waits to be taken note of is not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !hasEnded(pid);
  } catch (error) {
    // EPERM: it runs, as somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Whether a process has ended and only waits for its parent to take note: state Z or X in proc(5). */
function hasEnded(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${String(pid)}/stat`, "utf8"));
  } catch {
    return false;
  }
}
