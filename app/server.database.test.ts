import { Agent, get, type IncomingMessage } from "node:http";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { styleSheet } from "./pages/styles.ts";
import { loadFixture, password } from "./testing/fixture.ts";
import { operator, soon, startTestService, type TestService } from "./testing/test-service.ts";

let running: TestService;

beforeAll(async () => {
  running = await startTestService();
  await loadFixture(running.client);
});

afterAll(async () => {
  await running.close();
});

test.each([
  ["localhost", 303],
  ["LOCALHOST:8443", 303],
  ["evil.example", 421],
  ["localhost.evil.example", 421],
  ["127.0.0.1", 421],
  ["local host", 400],
])("a request for the host %j gets %i", async (host, status) => {
  expect((await running.service.server.inject({ url: "/", headers: { host } })).statusCode).toBe(status);
});

test("probes are answered under any name", async () => {
  const answer = await running.service.server.inject({ url: "/health/live", headers: { host: "172.17.0.2:8000" } });
  expect([answer.statusCode, answer.json()]).toMatchObject([200, { status: "healthy" }]);
});

test("a request id is taken from a trusted proxy alone, echoed and logged", async () => {
  const ask = (remoteAddress: string, id: string) =>
    running.service.server.inject({
      url: "/sign-in",
      remoteAddress,
      headers: { host: "localhost", "x-request-id": id },
    });
  expect((await ask("192.0.2.1", "from-the-proxy")).headers["x-request-id"]).toBe("from-the-proxy");
  expect((await ask("192.0.2.2", "from-outside")).headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  expect((await ask("192.0.2.1", "bad id\n")).headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  expect(running.lines.filter(({ reqId }) => reqId === "from-the-proxy")).toMatchObject([
    { msg: "request", path: "/sign-in", status: 200 },
  ]);
});

test("the client's address is the one that the trusted proxy names", async () => {
  const headers = { host: "localhost", "x-forwarded-for": "198.51.100.9" };
  await running.service.server.inject({ url: "/sign-in", remoteAddress: "192.0.2.1", headers });
  await running.service.server.inject({ url: "/sign-in", remoteAddress: "192.0.2.2", headers });
  const addresses = running.lines.flatMap(({ msg, address }) => (msg === "request" ? [address] : []));
  expect(addresses.slice(-2)).toEqual(["198.51.100.9", "192.0.2.2"]);
});

test("plain HTTP at the proxy is sent to HTTPS", async () => {
  const ask = (remoteAddress: string) =>
    running.service.server.inject({
      url: "/courses?a=1",
      remoteAddress,
      headers: { host: "localhost", "x-forwarded-proto": "http" },
    });
  const answer = await ask("192.0.2.1");
  expect([answer.statusCode, answer.headers.location]).toEqual([301, "https://localhost/courses?a=1"]);
  expect((await ask("192.0.2.2")).statusCode).toBe(303);
});

test("an unforeseen error shows a request id and nothing of itself, on pages and in JSON", async () => {
  const browser = running.browser();
  await browser.signIn("ada", password);
  await running.client.query("ALTER TABLE learning.courses RENAME COLUMN title TO name");
  const answer = await browser.get("/courses");
  await running.client.query("ALTER TABLE learning.courses RENAME COLUMN name TO title");
  expect(answer.statusCode).toBe(500);
  expect(answer.body).toContain(String(answer.headers["x-request-id"]));
  expect(answer.body).not.toMatch(/column|title does|select/i);
  expect(running.lines.filter(({ msg }) => msg === "request failed")).toHaveLength(1);
  const missing = await browser.get("/api/v1/nothing");
  expect(missing.json()).toEqual({
    error: "There is no such page, or it is not open to you.",
    request_id: missing.headers["x-request-id"],
  });
});

test("neither the log nor an error holds a password, a cookie or a token", async () => {
  const browser = running.browser();
  await browser.signIn("ada", password);
  await browser.get("/courses?secret=query");
  await browser.post("/sign-in", { identifier: "ada", password: "wrong guess", token: "" });
  await browser.post("/sign-in", { identifier: "ada\0", password: "wrong guess" });
  const log = JSON.stringify(running.lines);
  const secrets = [
    password,
    "wrong guess",
    "secret=query",
    operator.password,
    running.configuration.secretKey,
    running.configuration.database.password,
    ...browser.cookies.values(),
  ];
  for (const secret of secrets.filter((text) => text.length > 7)) expect(log).not.toContain(secret);
});

test("probes for life leave no line in the log", async () => {
  await running.service.server.inject({ url: "/health/live" });
  expect(running.lines.filter(({ path }) => path === "/health/live")).toEqual([]);
});

test("the style sheet is named by its content and may be kept for ever", async () => {
  const answer = await running.browser().get(styleSheet.path);
  expect(answer.headers).toMatchObject({
    "content-type": "text/css; charset=utf-8",
    "cache-control": "public, max-age=31536000, immutable",
  });
});

test("the figures count requests by route and their queries, and can be switched off", async () => {
  await running.browser().get("/sign-in");
  const figures = await running.browser().get("/metrics");
  expect(figures.body).toMatch(/^http_request_duration_seconds_count\{.*route="\/sign-in",status="200".*\} [1-9]\d*$/m);
  expect(figures.body).toMatch(
    /^http_request_database_queries_count\{release="release-of-tests",route="\/sign-in"\} [1-9]\d*$/m,
  );
  const without = await running.another({ metricsEnabled: false });
  expect((await without.server.inject({ url: "/metrics", headers: { host: "localhost" } })).statusCode).toBe(404);
});

test("a stopping service is not ready, finishes the requests under way, and writes its stop down", async () => {
  const { client } = running;
  const browser = running.browser();
  await browser.signIn("ada", password);
  const service = await running.another();
  const locker = new pg.Client(running.configuration.database);
  await locker.connect();
  await locker.query("BEGIN");
  await locker.query("LOCK TABLE learning.courses IN ACCESS EXCLUSIVE MODE");
  const cookie = `__Host-session=${browser.cookies.get("__Host-session") ?? ""}`;
  const slow = ask(`${service.address}/courses`, { host: "localhost", cookie });
  const waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
  await expect.poll(async () => (await client.query(waiting)).rowCount, soon).toBeGreaterThan(0);
  const stopped = service.stop();
  expect((await service.server.inject({ url: "/health/ready" })).statusCode).toBe(503);
  await expect
    .poll(() => ask(`${service.address}/health/live`, {}).catch((error: unknown) => error), soon)
    .toMatchObject({ code: "ECONNREFUSED" });
  await locker.end();
  expect((await slow).statusCode).toBe(200);
  await stopped;
  const log = await client.query<{ event: string }>(
    "SELECT event FROM operations.deployment_log ORDER BY at DESC LIMIT 1",
  );
  expect(log.rows).toEqual([{ event: "stopped" }]);
});

// As a proxy's: connections are kept for the next request.
const agent = new Agent({ keepAlive: true });

async function ask(url: string, headers: Record<string, string>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { headers, agent }, (answer) => {
      answer.resume();
      resolve(answer);
    }).on("error", reject);
  });
}
