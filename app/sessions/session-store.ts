import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import type { Redis } from "../redis.ts";

const session = z.object({
  userId: z.number(),
  /** Changes with the password, and ends the session with it. */
  passwordStamp: z.string(),
  startedAt: z.number(),
});

/** Who is signed in; `startedAt` in milliseconds since 1970. */
export type Session = z.infer<typeof session>;

export interface SessionLimits {
  /** A session ends after this time without a request. */
  readonly idleSeconds: number;
  /** A session ends after this time in any case. */
  readonly longestSeconds: number;
}

export interface SessionStore {
  /** Starts a session and returns its id: 256 random bits in base64url. */
  start(started: Session): Promise<string>;
  /** The session of an id, kept alive by being asked for; undefined when it is unknown or has ended. */
  find(id: string): Promise<Session | undefined>;
  end(id: string): Promise<void>;
}

const defaults: SessionLimits = { idleSeconds: 12 * 3600, longestSeconds: 7 * 24 * 3600 };

/** Sessions in Redis. Their ids are kept hashed, so that a copy of Redis opens none of them. */
export function sessionStore(redis: Redis, limits: SessionLimits = defaults): SessionStore {
  return {
    async start(started) {
      const id = randomBytes(32).toString("base64url");
      await redis.ask((client) =>
        client.set(keyOf(id), JSON.stringify(started), { expiration: { type: "EX", value: limits.idleSeconds } }),
      );
      return id;
    },
    async find(id) {
      const stored = await redis.ask((client) => client.getEx(keyOf(id), { type: "EX", value: limits.idleSeconds }));
      if (stored === null) return undefined;
      const found = session.parse(JSON.parse(stored));
      if (Date.now() - found.startedAt < limits.longestSeconds * 1000) return found;
      await this.end(id);
      return undefined;
    },
    async end(id) {
      await redis.ask((client) => client.del(keyOf(id)));
    },
  };
}

function keyOf(id: string): string {
  return `session:${createHash("sha256").update(id).digest("base64url")}`;
}
