import type { ColumnType } from "kysely";

type ReadOnly<Value> = ColumnType<Value, never, never>;

interface Sources {
  id: ReadOnly<number>;
  source_system: ReadOnly<string | null>;
  name: ReadOnly<string>;
}

interface Documents {
  id: ReadOnly<number>;
  source_system: ReadOnly<string | null>;
  source_id: ReadOnly<number | null>;
  title: ReadOnly<string | null>;
  body: ReadOnly<string | null>;
  language: ReadOnly<string | null>;
  entities: ReadOnly<unknown>;
  sentiment: ReadOnly<number | null>;
  published_at: ReadOnly<Date | null>;
}

/** What is collected from the web, as the service reads it. */
export interface IntelligenceTables {
  "intelligence.sources": Sources;
  "intelligence.documents": Documents;
}
