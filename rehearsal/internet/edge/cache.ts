import type { OutgoingHttpHeaders } from "node:http";

/** An answer that the edge keeps. */
export interface KeptAnswer {
  readonly status: number;
  /** As a visitor gets them, without what each visit adds. */
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
  /** Milliseconds. */
  readonly since: number;
  /** Milliseconds. */
  readonly until: number;
}

/** What the edge keeps. */
export interface Cache {
  readonly find: (key: string) => KeptAnswer | undefined;
  readonly keep: (key: string, answer: KeptAnswer) => void;
}

/** Bytes that the rehearsal keeps at most; Cloudflare keeps files of 512 MB each. */
const mostBytes = 64 * 2 ** 20;

/** Starts to keep answers, in memory. The oldest go when there are too many. */
export function openCache(most = mostBytes): Cache {
  const kept = new Map<string, KeptAnswer>();
  let bytes = 0;
  const drop = (key: string): void => {
    bytes -= kept.get(key)?.body.length ?? 0;
    kept.delete(key);
  };
  return {
    find: (key) => kept.get(key),
    keep: (key, answer) => {
      drop(key);
      if (answer.body.length > most) return;
      kept.set(key, answer);
      bytes += answer.body.length;
      for (const oldest of kept.keys()) {
        if (bytes <= most) break;
        drop(oldest);
      }
    },
  };
}
