import { pino, type DestinationStream, type Logger } from "pino";

/** A logger that writes JSON lines to standard output, or to a stream. Known places of secrets are blacked out. */
export function openLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: [
      "password",
      "secretKey",
      "*.password",
      "*.secretKey",
      "headers.cookie",
      "headers.authorization",
      "req.headers.cookie",
      "req.headers.authorization",
      'res.headers["set-cookie"]',
    ],
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
