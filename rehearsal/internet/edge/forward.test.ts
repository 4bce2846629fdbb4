import { once } from "node:events";
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { record, rulesetOf, zoneWith } from "../testing.ts";
import type { Zone } from "../zone.ts";
import { openCache, type Cache } from "./cache.ts";
import { forward, judge, type Edge } from "./forward.ts";
import { openLimiter } from "./rate-limit.ts";

const rate = { characteristics: ["cf.colo.id", "ip.src"], period: 10, requests_per_period: 1, mitigation_timeout: 10 };
const limits = rulesetOf("http_ratelimit", [
  { action: "block", expression: 'http.request.uri.path eq "/sign-in"', ratelimit: rate },
]);
const zone: Zone = { ...zoneWith([record({ proxied: true })], { ssl: "off" }), rulesets: [limits] };

const servers: Server[] = [];
let cache: Cache;
let asked: IncomingMessage[];
let answer: RequestListener;
let port: number;

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

beforeEach(async () => {
  cache = openCache();
  asked = [];
  answer = (_, response) => {
    response.setHeader("cache-control", "max-age=60");
    response.setHeader("etag", '"1"');
    response.end("body");
  };
  const origin = await listen((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  const edge: Edge = {
    zones: () => [zone],
    origins: { open: (_origin, _host, options) => httpRequest({ ...options, host: "127.0.0.1", port: origin }) },
    address: "198.51.100.33",
    limiter: openLimiter(),
    cache,
  };
  port = await listen((request, response) => {
    forward(edge, { request, response }, judge(edge, request, "http"));
  });
});

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface Visit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Seen {
  readonly status: number | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

async function visit(path: string, { method = "GET", headers = {} }: Visit = {}): Promise<Seen> {
  const call = httpRequest({ host: "127.0.0.1", port, path, method, headers: { host: "www.example.com", ...headers } });
  call.end();
  const [seen] = (await once(call, "response")) as [IncomingMessage];
  return { status: seen.statusCode, headers: seen.headers, body: await text(seen).catch(() => "broken off") };
}

test("a file comes from the origin once, and from the cache after that", async () => {
  const first = await visit("/app.css", { headers: { "if-none-match": '"0"' } });
  const second = await visit("/app.css");
  expect([first, second].map(({ headers }) => headers["cf-cache-status"])).toEqual(["MISS", "HIT"]);
  expect([second.body, second.headers["age"]]).toEqual(["body", "0"]);
  expect(second.headers["cf-ray"]).not.toBe(first.headers["cf-ray"]);
  expect(asked.map(({ headers }) => headers["if-none-match"])).toEqual([undefined]);
});

test("a visitor who has the file already gets it neither from the cache nor from the origin", async () => {
  await visit("/app.css");
  const again = await visit("/app.css", { headers: { "if-none-match": '"1"' } });
  expect(again).toMatchObject({ status: 304, body: "", headers: { etag: '"1"', "cf-cache-status": "HIT" } });
  expect((await visit("/app.css", { method: "HEAD" })).headers["content-length"]).toBe("4");
  expect(asked).toHaveLength(1);
});

test("what has expired is fetched anew", async () => {
  const kept = { status: 200, headers: {}, body: Buffer.from("old"), since: 0, until: 1 };
  cache.keep("http www.example.com /app.css identity", kept);
  const fresh = await visit("/app.css");
  expect([fresh.body, fresh.headers["cf-cache-status"]]).toEqual(["body", "EXPIRED"]);
  expect((await visit("/app.css")).headers["cf-cache-status"]).toBe("HIT");
});

test("a page, and a form, always come from the origin", async () => {
  const visits = [await visit("/"), await visit("/"), await visit("/app.css", { method: "POST" })];
  expect(visits.map(({ headers }) => headers["cf-cache-status"])).toEqual(["DYNAMIC", "DYNAMIC", "DYNAMIC"]);
  expect(asked).toHaveLength(3);
});

test("an answer with a cookie is kept for nobody", async () => {
  answer = (_, response) => {
    response.setHeader("set-cookie", "session=1");
    response.end();
  };
  const [first, second] = [await visit("/app.css"), await visit("/app.css")];
  expect([first, second].map(({ headers }) => headers["cf-cache-status"])).toEqual(["BYPASS", "BYPASS"]);
  expect(second.headers["set-cookie"]).toEqual(["session=1"]);
});

test("an answer that breaks off is not kept", async () => {
  answer = (_, response) => {
    response.setHeader("content-length", "100");
    response.write("half", () => response.destroy());
  };
  expect((await visit("/app.css")).body).toBe("broken off");
  expect(cache.find("http www.example.com /app.css identity")).toBeUndefined();
});

test("a visitor who signs in too often is told when to come again, and the origin is not asked", async () => {
  await visit("/sign-in", { method: "POST" });
  const refused = await visit("/sign-in", { method: "POST" });
  expect(refused).toMatchObject({ status: 429, headers: { "retry-after": "10" } });
  expect(refused.body).toContain("Error code 1015");
  expect((await visit("/")).status).toBe(200);
  expect(asked).toHaveLength(2);
});
