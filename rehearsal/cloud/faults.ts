import { setTimeout as pause } from "node:timers/promises";
import type { Cloud } from "./cloud.ts";
import { readRecords, withCloudLock, writeRecords } from "./records.ts";

/** What a call to a vendor does. */
export type Operation = "create" | "read" | "update" | "delete" | "invoke";

/** A call to a vendor, as faults are matched against it. */
export interface Call {
  /** Package name: `linode`, `cloudflare`. */
  readonly vendor: string;
  /** Token of the resource or function. */
  readonly token: string;
  readonly operation: Operation;
}

/** A fault of a vendor's API: which calls it meets, and what they get. */
export interface ApiFault extends Partial<Call> {
  /** So many matching calls get through first: 2 lets the third fail, as a quota of two would. 0 when left out. */
  readonly after?: number;
  /** So many calls are met, then the fault is over. It lasts until it is mended when left out. */
  readonly times?: number;
  /** HTTP status of the answer, with the vendor's text for it unless `text` is given. */
  readonly status?: number;
  /** What the vendor says. */
  readonly text?: string;
  /** Milliseconds that the answer is late; alone, the call then succeeds. */
  readonly delay?: number;
}

interface Counted {
  readonly fault: ApiFault;
  readonly calls: number;
}

const section = "faults";

const usualTexts: Readonly<Record<number, string>> = {
  401: "Invalid Token",
  429: "Too many requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** Lets the vendors' APIs fail from now on, besides the faults that there are. */
export async function breakApi(cloud: Cloud, fault: ApiFault): Promise<void> {
  await withCloudLock(cloud, () => {
    writeRecords(cloud, section, [...readRecords<Counted[]>(cloud, section, []), { fault, calls: 0 }]);
  });
}

/** Ends all faults of the vendors' APIs. */
export async function mendApi(cloud: Cloud): Promise<void> {
  await withCloudLock(cloud, () => {
    writeRecords(cloud, section, []);
  });
}

/** Counts a call and says what meets it. */
export function meet(faults: readonly Counted[], call: Call): { met: ApiFault[]; counted: Counted[] } {
  const met: ApiFault[] = [];
  const counted = faults.map(({ fault, calls }) => {
    const matches = (["vendor", "token", "operation"] as const).every(
      (key) => fault[key] === undefined || fault[key] === call[key],
    );
    if (!matches) return { fault, calls };
    const first = fault.after ?? 0;
    if (calls >= first && calls < first + (fault.times ?? Infinity)) met.push(fault);
    return { fault, calls: calls + 1 };
  });
  return { met, counted };
}

/**
 * What every call to a vendor goes through first.
 *
 * @param signal ends the wait of a slow answer
 * @throws with the vendor's words, `[429] Too many requests`, where a fault says so
 */
export async function obeyFaults(cloud: Cloud, call: Call, signal?: AbortSignal): Promise<void> {
  if (readRecords<Counted[]>(cloud, section, []).length === 0) return;
  const met = await withCloudLock(cloud, () => {
    const outcome = meet(readRecords<Counted[]>(cloud, section, []), call);
    writeRecords(cloud, section, outcome.counted);
    return outcome.met;
  });
  for (const { delay, status, text } of met) {
    if (delay !== undefined) await pause(delay, undefined, signal === undefined ? {} : { signal });
    if (status !== undefined) throw new Error(`[${String(status)}] ${text ?? usualTexts[status] ?? "Error"}`);
    if (text !== undefined) throw new Error(text);
  }
}
