import type { FastifyBaseLogger } from "fastify";
import type { ElasticsearchAddress } from "../configuration/elasticsearch.ts";
import type { Database } from "../database/database.ts";
import type { Check } from "../health/health.ts";
import { elasticsearchClient } from "./elasticsearch-client.ts";
import { elasticsearchIndex } from "./elasticsearch-index.ts";
import { elasticsearchSearch } from "./elasticsearch-search.ts";
import { searchIndexer } from "./indexer.ts";
import { postgresSearch } from "./postgres-search.ts";
import type { Search } from "./search.ts";
import { searchWithStandIn } from "./stand-in.ts";

/** The search of this environment with what it needs to live. */
export interface OpenSearch {
  readonly search: Search;
  readonly checks: { readonly elasticsearch?: Check };
  /** Does once what keeps the index like the database. Never throws. */
  keepCurrent(): Promise<void>;
  close(): Promise<void>;
}

const nothing = () => Promise.resolve();

/**
 * Opens the search: of the database itself, or of Elasticsearch where it has an address. While Elasticsearch is away or
 * behind, the database answers.
 */
export function openSearch(
  address: ElasticsearchAddress | undefined,
  { database, logger }: { readonly database: Database; readonly logger: FastifyBaseLogger },
): OpenSearch {
  const own = postgresSearch(database);
  if (address === undefined) return { search: own, checks: {}, keepCurrent: nothing, close: nothing };
  const client = elasticsearchClient(address);
  const indexer = searchIndexer(database, elasticsearchIndex(client, address.index));
  let wasWell = true;
  return {
    search: searchWithStandIn(elasticsearchSearch(client, address.index), own, {
      isUsable: () => indexer.isCurrent(),
      onFailure: (error) => {
        logger.error(reasonOf(error), "Elasticsearch did not answer a search; the database did");
      },
    }),
    checks: {
      async elasticsearch() {
        if (!(await client.ping())) throw new Error("Elasticsearch did not answer the ping");
      },
    },
    async keepCurrent() {
      try {
        const { written, removed } = await indexer.catchUp();
        if (written + removed > 0) logger.info({ written, removed }, "the search index was brought up to date");
        wasWell = true;
      } catch (error) {
        // It is tried again in seconds, and every failure would be in the log.
        if (wasWell) logger.error(reasonOf(error), "the search index could not be brought up to date");
        wasWell = false;
      }
    },
    close: () => client.close(),
  };
}

/** What an error says, without the request that is part of it: that holds what people wrote. */
function reasonOf(error: unknown): { readonly reason: string } {
  return { reason: error instanceof Error ? error.message : String(error) };
}
