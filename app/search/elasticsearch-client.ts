import { Client } from "@elastic/elasticsearch";
import type { ElasticsearchAddress } from "../configuration/elasticsearch.ts";

const answerTimeoutMilliseconds = 5_000;

/**
 * A client of Elasticsearch 8. It opens connections as they are needed, verifies the server's certificate, waits 5 s for
 * an answer and asks again once.
 */
export function elasticsearchClient({ url, username, password, authority }: ElasticsearchAddress): Client {
  return new Client({
    node: url,
    auth: { username, password },
    ...(authority === undefined ? {} : { tls: { ca: authority, rejectUnauthorized: true } }),
    requestTimeout: answerTimeoutMilliseconds,
    maxRetries: 1,
  });
}
