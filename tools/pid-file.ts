import { existsSync, readFileSync } from "node:fs";
import { isAlive } from "./process.ts";

/** Who a pid file speaks of. */
export type PidHolder =
  /** Nobody: there is no file, or its process is gone. */
  | "nobody"
  /** The very program: it runs, or is still ending. */
  | "program"
  /** Another program, which has got the number since: the file is stale. */
  | "another";

/**
 * Who holds a pid file. Numbers of processes are used again, and a program that only asks whether the number is alive
 * takes a stale file for itself running.
 *
 * @param program name as in /proc/PID/comm
 */
export function pidHolder(file: string, program: string): PidHolder {
  const pid = existsSync(file) ? Number(readFileSync(file, "utf8").trim()) : NaN;
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return "nobody";
  try {
    return readFileSync(`/proc/${String(pid)}/comm`, "utf8").trim() === program ? "program" : "another";
  } catch {
    return "nobody";
  }
}
