import { createServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { z } from "zod";

/** A request that was made, its body parsed: an object, or a list for a bulk request. */
export interface MadeRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/**
 * A server that answers in the words of Elasticsearch 8 as its documentation has them. It keeps documents and finds
 * none: what a test wants found, it sets. It shows that the client side keeps to the contract on the wire; how
 * Elasticsearch itself ranks and analyses it cannot show.
 */
export interface ElasticsearchDouble {
  readonly url: string;
  readonly requests: readonly MadeRequest[];
  /** The documents of each index by their `_id`. */
  readonly indices: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  /** What the next searches answer below `hits`. */
  found: { readonly total: number; readonly hits: readonly unknown[] };
  /** Ids that a bulk request refuses. */
  refused: ReadonlySet<string>;
  close(): Promise<void>;
}

const action = z.partialRecord(z.enum(["index", "delete"]), z.object({ _id: z.string() }));

/** Starts it on the loopback interface, over TLS where a certificate and its key are given. */
export async function startElasticsearchDouble(tls?: { cert: string; key: string }): Promise<ElasticsearchDouble> {
  const indices = new Map<string, Map<string, unknown>>();
  const mappings = new Map<string, unknown>();
  const requests: MadeRequest[] = [];
  const double = {
    found: { total: 0, hits: [] as readonly unknown[] },
    refused: new Set<string>() as ReadonlySet<string>,
  };

  const bulk = (index: string, lines: readonly unknown[]) => {
    const held = indices.get(index);
    if (held === undefined) return missing(index);
    const items: unknown[] = [];
    for (const rest = [...lines]; rest.length > 0;) {
      const [[kind, { _id: id }] = ["", { _id: "" }]] = Object.entries(action.parse(rest.shift()));
      const source = kind === "index" ? rest.shift() : undefined;
      if (double.refused.has(id)) {
        const error = { type: "document_parsing_exception", reason: "failed to parse field [id]" };
        items.push({ [kind]: { _index: index, _id: id, status: 400, error } });
        continue;
      }
      const status = kind === "index" ? (held.has(id) ? 200 : 201) : held.has(id) ? 200 : 404;
      if (kind === "index") held.set(id, source);
      else held.delete(id);
      items.push({ [kind]: { _index: index, _id: id, status } });
    }
    return { status: 200, body: { took: 1, errors: double.refused.size > 0, items } };
  };

  const answer = ({ method, path, body }: MadeRequest): { status: number; body: unknown } => {
    const [index = "", endpoint = ""] = path.slice(1).split("/");
    if (path === "/") return { status: 200, body: undefined };
    if (method === "PUT" && endpoint === "") {
      if (indices.has(index))
        return failure(400, "resource_already_exists_exception", `index [${index}] already exists`);
      indices.set(index, new Map());
      mappings.set(index, z.object({ mappings: z.unknown() }).parse(body).mappings);
      return { status: 200, body: { acknowledged: true, shards_acknowledged: true, index } };
    }
    if (method === "DELETE") return { status: 200, body: { acknowledged: indices.delete(index) } };
    if (endpoint === "_bulk") return bulk(index, z.array(z.unknown()).parse(body));
    if (!indices.has(index)) return missing(index);
    if (endpoint === "_mapping") return { status: 200, body: { [index]: { mappings: mappings.get(index) } } };
    const { total, hits } = double.found;
    const found = { total: { value: total, relation: "eq" }, max_score: 1, hits };
    return { status: 200, body: { took: 1, timed_out: false, hits: found } };
  };

  const listener: Parameters<typeof createServer>[1] = (request, response) => {
    void readBody(request).then((text) => {
      const isBulk = request.headers["content-type"]?.includes("ndjson") === true;
      const made: MadeRequest = {
        method: request.method ?? "",
        path: new URL(request.url ?? "/", "http://double").pathname,
        authorization: request.headers.authorization,
        body: isBulk ? text.trim().split("\n").map(parsed) : parsed(text),
      };
      requests.push(made);
      const { status, body } = answer(made);
      // The client speaks to nobody who does not say this.
      response.writeHead(status, {
        "x-elastic-product": "Elasticsearch",
        "content-type": "application/vnd.elasticsearch+json;compatible-with=8",
      });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = (server.address() as AddressInfo).port.toString();
  return Object.assign(double, {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    requests,
    indices,
    close: () => closed(server),
  });
}

function missing(index: string): { status: number; body: unknown } {
  return failure(404, "index_not_found_exception", `no such index [${index}]`);
}

function failure(status: number, type: string, reason: string): { status: number; body: unknown } {
  return { status, body: { error: { root_cause: [{ type, reason }], type, reason }, status } };
}

function parsed(text: string): unknown {
  return text === "" ? undefined : JSON.parse(text);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
