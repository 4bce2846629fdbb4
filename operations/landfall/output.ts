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

/**
 * What a line of the engine's log says to a person; undefined where the same is told as a note (what goes to
 * quarantine).
 */
export function messageOf(line: string): string | undefined {
  const parsed: unknown = JSON.parse(line);
  const has = (name: string): unknown =>
    typeof parsed === "object" && parsed !== null ? Reflect.get(parsed, name) : undefined;
  const [message, table] = [has("msg"), has("table")];
  if (typeof message !== "string") return line.trimEnd();
  if (message.startsWith("to quarantine: ")) return undefined;
  return typeof table === "string" ? `${table}: ${message}` : message;
}
