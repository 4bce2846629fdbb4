import type { ProgressObserver } from "@landfall/migration/progress/progress";

/** Where a command shows what goes on. What it found is for stdout, and not a part of this. */
export interface Output extends ProgressObserver {
  /** How much of the engine's log is wanted. */
  readonly logLevel: "info" | "warn";
  /** Takes a line of the engine's log, as JSON. */
  log(line: string): void;
  /** Tells something to a person, or to who reads the lines. */
  say(text: string): void;
  /** Ends what moves, so that others can write. */
  close(): void;
}

/** The message of a line of the engine's log, and whether it is one of trouble. */
export function readLogLine(line: string): { message: string; isTrouble: boolean } {
  const parsed: unknown = JSON.parse(line);
  const has = (name: string): unknown =>
    typeof parsed === "object" && parsed !== null ? Reflect.get(parsed, name) : undefined;
  const [message, level, table, rows] = [has("msg"), has("level"), has("table"), has("rows")];
  const about = typeof table === "string" ? `${table}: ` : "";
  const count = typeof table === "string" && typeof rows === "number" ? ` (${rows.toString()} rows)` : "";
  return {
    message: `${about}${typeof message === "string" ? message : line}${count}`,
    isTrouble: level === "error" || level === "fatal",
  };
}
