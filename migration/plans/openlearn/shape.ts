import type { Shape } from "../plan.ts";

/** OpenLearn's tables as SQLAlchemy and APScheduler made them. Its `timestamp without time zone` is UTC. */
export const shape: Shape = {
  alerts: {
    id: "integer",
    user_id: "integer",
    query: "text",
    channel: "character varying",
    last_sent: "timestamp without time zone",
  },
  apscheduler_jobs: { id: "character varying", next_run_time: "double precision", job_state: "bytea" },
  documents: {
    id: "bigint",
    source_id: "integer",
    external_id: "character varying",
    title: "text",
    body: "text",
    lang: "character varying",
    entities: "json",
    sentiment: "double precision",
    published_at: "timestamp with time zone",
    collected_at: "timestamp with time zone",
  },
  scrape_runs: {
    id: "integer",
    source_id: "integer",
    state: "character varying",
    items: "integer",
    error: "text",
    started_at: "timestamp without time zone",
    finished_at: "timestamp without time zone",
  },
  sources: {
    id: "integer",
    name: "character varying",
    kind: "character varying",
    url: "character varying",
    schedule: "character varying",
    enabled: "boolean",
    config: "json",
  },
  users: {
    id: "integer",
    email: "character varying",
    hashed_password: "character varying",
    role: "character varying",
    created_at: "timestamp without time zone",
  },
};
