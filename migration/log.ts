import { pino, type DestinationStream, type Logger } from "pino";

/** JSON lines on stdout, or wherever `destination` takes them. */
export const createLog = (level: string, destination: DestinationStream = pino.destination({ sync: true })): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
