import { TooManyWaiting } from "../passwords/passwords.ts";
import { RedisTimeout } from "../redis.ts";
import { StorageUnavailable } from "../storage/storage.ts";

/** An answer other than the one asked for, in words for the person who asked. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

export const notFound = (): Problem => new Problem(404, "There is no such page, or it is not open to you.");

const connectionCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "EPIPE",
  // PostgreSQL: shutting down, starting up, too many connections, and a schema that is not there yet.
  "57P01",
  "57P02",
  "57P03",
  "53300",
  "3F000",
  "42P01",
  "08P01",
]);
const connectionErrors: ReadonlySet<string> = new Set([
  "ClientOfflineError",
  "ClientClosedError",
  "DisconnectsClientError",
  "SocketClosedUnexpectedlyError",
]);
const connectionMessages = /^(timeout exceeded when trying to connect|Connection terminated|Query read timeout)/;

/**
 * The status and sentence for an error: its own for a Problem, 503 when a dependency is away or the service is
 * overloaded, the framework's for a bad request, 500 for the rest. Never anything of an unforeseen error's own text.
 */
export function answerTo(error: unknown): { readonly status: number; readonly sentence: string } {
  if (error instanceof Problem) return { status: error.statusCode, sentence: error.message };
  if (isUnavailable(error)) {
    return { status: 503, sentence: "The service cannot answer right now. Please try again in a minute." };
  }
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  if (status >= 400 && status < 500) return { status, sentence: "The request could not be understood." };
  return { status: 500, sentence: "Something went wrong here. Please tell us the number below if it happens again." };
}

function isUnavailable(error: unknown): boolean {
  if (error instanceof RedisTimeout || error instanceof TooManyWaiting || error instanceof StorageUnavailable)
    return true;
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return (
    connectionCodes.has(code) || connectionErrors.has(error.constructor.name) || connectionMessages.test(error.message)
  );
}
