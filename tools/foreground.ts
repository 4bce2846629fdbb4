import { spawn } from "node:child_process";

/**
 * Runs a program in our place: on our terminal, with our signals. A terminal sends Ctrl-C to the program by itself;
 * elsewhere it is passed on. We wait either way, so that the program can end in order.
 * @returns its exit code; 128 and the signal's number when a signal ended it, as shells have it
 */
export async function runInForeground(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(program, args, { stdio: "inherit", env });
  const onInterrupt = (): void => {
    if (!process.stdin.isTTY) child.kill("SIGINT");
  };
  const onEnd = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  process.on("SIGINT", onInterrupt).on("SIGTERM", onEnd).on("SIGHUP", onEnd);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => {
        resolve(code ?? 128 + (signal === "SIGKILL" ? 9 : signal === "SIGTERM" ? 15 : 2));
      });
    });
  } finally {
    process.off("SIGINT", onInterrupt).off("SIGTERM", onEnd).off("SIGHUP", onEnd);
  }
}
