import { jsonRepairs } from "../json.ts";
import { copy, id, reference, type MappedTable, type PlanTable } from "../plan.ts";
import { clearNegative, clearUnreadableInstant } from "../rules.ts";
import { fromUtc, inUtc } from "./utc.ts";

const byId = { column: "id", target: "id", kind: "integer" } as const;

const sources: MappedTable = {
  disposition: "mapped",
  source: "sources",
  target: "intelligence.sources",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    name: copy("name", "text"),
    kind: copy("kind", "text"),
    url: copy("url", "text"),
    schedule: copy("schedule", "text"),
    enabled: copy("enabled", "boolean"),
    config: copy("config", "jsonb"),
  },
  repairs: [
    {
      name: "name-missing",
      column: "name",
      when: "t.name IS NULL",
      then: "coalesce(t.url, 'Source ' || t.id)",
      reason: "a source without a name is known by its address, or its number",
    },
    {
      name: "enabled-missing",
      column: "enabled",
      when: "t.enabled IS NULL",
      then: "false",
      reason: "nothing is collected from a source that nobody has enabled",
    },
    ...jsonRepairs("config", "config"),
  ],
};

const documents: MappedTable = {
  disposition: "mapped",
  source: "documents",
  target: "intelligence.documents",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    source_id: reference("source_id", "sources", "clear"),
    external_id: copy("external_id", "text"),
    title: copy("title", "text"),
    body: copy("body", "text"),
    language: copy("lang", "text"),
    entities: copy("entities", "jsonb"),
    sentiment: copy("sentiment", "double precision"),
    published_at: copy("published_at", "timestamptz"),
    collected_at: copy("collected_at", "timestamptz"),
  },
  repairs: [
    {
      name: "sentiment-not-finite",
      column: "sentiment",
      when: "t.sentiment IN ('NaN', 'Infinity', '-Infinity')",
      then: "NULL",
      reason: "sentiment is no finite number, and is left empty",
    },
    clearUnreadableInstant("published_at", "published_at"),
    clearUnreadableInstant("collected_at", "collected_at"),
    ...jsonRepairs("entities", "entities"),
  ],
};

const scrapeRuns: MappedTable = {
  disposition: "mapped",
  source: "scrape_runs",
  target: "intelligence.scrape_runs",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    source_id: reference("source_id", "sources", "clear"),
    state: copy("state", "text"),
    items: copy("items", "integer"),
    error: copy("error", "text"),
    started_at: inUtc("started_at"),
    finished_at: inUtc("finished_at"),
  },
  repairs: [
    clearNegative("items"),
    clearUnreadableInstant("started_at", "started_at"),
    clearUnreadableInstant("finished_at", "finished_at"),
    {
      name: "finished-before-started",
      column: "finished_at",
      when: "t.finished_at < t.started_at AND t.finished_at >= '0001-01-01' AND t.started_at < '10000-01-01'",
      reason: "the run ended before it began; both moments are as they were, and one of them is wrong",
    },
  ],
  back: { started_at: fromUtc("started_at", "started_at"), finished_at: fromUtc("finished_at", "finished_at") },
};

const alerts: MappedTable = {
  disposition: "mapped",
  source: "alerts",
  target: "intelligence.alerts",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    user_id: reference("user_id", "users", "clear"),
    query: copy("query", "text"),
    channel: copy("channel", "text"),
    last_sent_at: inUtc("last_sent"),
  },
  repairs: [clearUnreadableInstant("last_sent", "last_sent_at")],
  back: { last_sent: fromUtc("last_sent", "last_sent_at") },
};

/** Sources, what was collected from them, and who wants to hear of it. */
export const intelligence: readonly PlanTable[] = [
  sources,
  documents,
  scrapeRuns,
  alerts,
  {
    disposition: "dropped",
    source: "apscheduler_jobs",
    reason:
      "a job is a pickled object of the legacy scheduler, which only its own code can read and nobody should; what is due when stands in the schedule of each source",
  },
];
