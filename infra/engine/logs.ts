import type Docker from "dockerode";

/** At most this many lines of a container's log stand in an error. */
const evidenceLines = 20;

/**
 * The last lines of a container's log that tell why it failed: those that speak of an error,
 * or simply the last ones when none does.
 *
 * @returns at most 20 lines, oldest first; empty when the container is gone
 */
export async function failureLines(engine: Docker, container: string): Promise<string[]> {
  return relevantLines(await recentLog(engine, container));
}

/** The last 200 lines of a container's log; empty when the container is gone. */
export async function recentLog(engine: Docker, container: string): Promise<string> {
  try {
    const log = await engine.getContainer(container).logs({ stdout: true, stderr: true, tail: 200, follow: false });
    return demultiplex(log);
  } catch {
    return "";
  }
}

/** Picks the lines that speak of a failure, at most 20 and the last ones; without any, the last 20 lines. */
export function relevantLines(text: string): string[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const telling = lines.filter((line) =>
    /fail|error|fatal|panic|exception|refused|denied|"level":"?(50|60)/i.test(line),
  );
  return (telling.length > 0 ? telling : lines).slice(-evidenceLines);
}

/**
 * The text of a log as the engine frames it: eight bytes of header (stream, three zeros, length big-endian), then the
 * payload. A container with a terminal has no frames. https://docs.docker.com/reference/api/engine/ "Stream format"
 */
export function demultiplex(log: Buffer): string {
  const payloads: Buffer[] = [];
  let offset = 0;
  while (offset + 8 <= log.length) {
    const stream = log.readUInt8(offset);
    if (stream > 2 || log.readUIntBE(offset + 1, 3) !== 0) return log.toString("utf8");
    const length = log.readUInt32BE(offset + 4);
    payloads.push(log.subarray(offset + 8, offset + 8 + length));
    offset += 8 + length;
  }
  return Buffer.concat(payloads).toString("utf8");
}
