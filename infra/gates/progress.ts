import { z } from "zod";

const progressSchema = z.object({ msg: z.string(), secondsLeft: z.number().optional() });

/**
 * How far a migration is, in one line: what its log said last, with the time that it expects to need.
 *
 * @param log the end of a log, one JSON object a line
 * @returns undefined when no line of it says anything
 */
export function progressLine(log: string): string | undefined {
  for (const line of log.trimEnd().split("\n").reverse()) {
    const entry = progressSchema.safeParse(parse(line)).data;
    if (entry === undefined) continue;
    const { msg, secondsLeft } = entry;
    return secondsLeft === undefined || secondsLeft < 1
      ? msg
      : `${msg}, about ${String(Math.round(secondsLeft))} s left`;
  }
  return undefined;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
