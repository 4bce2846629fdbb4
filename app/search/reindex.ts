import type { Configuration } from "../configuration.ts";
import { openDatabase, openPool } from "../database/database.ts";
import { elasticsearchClient } from "./elasticsearch-client.ts";
import { elasticsearchIndex } from "./elasticsearch-index.ts";
import { searchIndexer } from "./indexer.ts";

/**
 * Makes the index of Elasticsearch anew from the database, and says in a sentence what was done. The database answers
 * searches meanwhile. Running services help; the same command again does the same. Throws when one of the two does not
 * answer.
 */
export async function reindex({
  database: address,
  elasticsearch,
}: Pick<Configuration, "database" | "elasticsearch">): Promise<string> {
  if (elasticsearch === undefined)
    return "The database itself is searched, and keeps itself current. Nothing was done.";
  const database = openDatabase(openPool(address, () => undefined));
  const client = elasticsearchClient(elasticsearch);
  try {
    const indexer = searchIndexer(database, elasticsearchIndex(client, elasticsearch.index));
    await indexer.startOver();
    const { written } = await indexer.catchUp();
    return `The search index "${elasticsearch.index}" was made anew: ${written.toString()} documents, besides those that running services took up.`;
  } finally {
    await client.close();
    await database.destroy();
  }
}
