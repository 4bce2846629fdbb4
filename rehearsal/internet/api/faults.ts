import { setTimeout as pause } from "node:timers/promises";
import { meet, type ApiFault, type Operation } from "../../cloud/faults.ts";
import { refused, type Answer } from "./envelope.ts";

/** Judges each request by the faults that there are. Resolves with the answer that it gets instead of the API's. */
export type Faults = (method: string) => Promise<Answer | undefined>;

const operations: Readonly<Record<string, Operation>> = {
  POST: "create",
  GET: "read",
  PUT: "update",
  PATCH: "update",
  DELETE: "delete",
};

/** Cloudflare's own words for what it answers then. */
const usual: Readonly<Record<number, { code: number; message: string }>> = {
  429: { code: 971, message: "Please wait and consider throttling your request speed" },
};

/**
 * Counts requests against faults. Other faults than at the request before start their counts anew.
 *
 * @param read gives the faults as JSON, as they are now
 */
export function countFaults(read: () => string): Faults {
  let text = "";
  let counted: Parameters<typeof meet>[0] = [];
  return async (method) => {
    const now = read();
    if (now !== text) counted = (JSON.parse(now) as ApiFault[]).map((fault) => ({ fault, calls: 0 }));
    text = now;
    const call = { vendor: "cloudflare", token: "cloudflare:index/dnsRecord:DnsRecord" };
    const outcome = meet(counted, { ...call, operation: operations[method] ?? "read" });
    counted = outcome.counted;
    for (const { delay, status, text: message } of outcome.met) {
      if (delay !== undefined) await pause(delay);
      if (status === undefined) continue;
      const error = usual[status] ?? { code: 10001, message: "Service temporarily unavailable" };
      return refused(status, { ...error, ...(message === undefined ? {} : { message }) });
    }
    return undefined;
  };
}
