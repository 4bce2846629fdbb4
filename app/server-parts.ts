import type { Configuration } from "./configuration.ts";
import type { Database } from "./database/database.ts";
import type { HealthSource } from "./health/health.ts";
import type { Redis } from "./redis.ts";
import type { Search } from "./search/search.ts";
import type { SessionStore } from "./sessions/session-store.ts";
import type { Guards } from "./sessions/visitor.ts";
import type { ObjectStorage } from "./storage/storage.ts";

/** What the routes work with. */
export interface ServerParts {
  readonly configuration: Configuration;
  readonly database: Database;
  readonly redis: Redis;
  readonly health: HealthSource;
  readonly search: Search;
  /** Where files are kept; undefined where there is no object storage. */
  readonly storage: ObjectStorage | undefined;
  readonly sessions: SessionStore;
  readonly guards: Guards;
  /** The least time that a refused sign-in takes; 500 ms without it. */
  readonly refusalMilliseconds?: number;
}
