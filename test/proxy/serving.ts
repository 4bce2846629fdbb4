import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { request } from "node:http";
import { connect, type SecureVersion } from "node:tls";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { containerPorts, hashedFile, responseHeaders } from "../../infra/proxy/site.ts";
import { logOf } from "../stacks/docker.ts";
import { until } from "../stacks/until.ts";
import { ask, host, keptConnection, type Answer } from "./client.ts";
import type { Estate } from "./estate.ts";

/** What a proxy does for a site, whatever is behind it. */
export function servesASite(estate: () => Estate): void {
  const place = (): Estate["place"] => estate().place;

  /** Names of the header table that an answer does not carry exactly once with the right value. */
  const missingHeaders = ({ rawHeaders }: Answer): string[] =>
    Object.entries(responseHeaders(estate().site())).flatMap(([name, value]) => {
      const found = rawHeaders.filter((_, index) => rawHeaders[index - 1]?.toLowerCase() === name.toLowerCase());
      return found.length === 1 && found[0] === value ? [] : [`${name}: ${found.join(" | ")}`];
    });

  test("plain HTTP is redirected to the very same host and path over HTTPS", async () => {
    const path = "/a%20b%2Fc//d?x=%3F&y=/";
    expect(await askPlainly(place().address, host, path)).toMatchObject({
      status: 301,
      location: `https://${host}${path}`,
    });
    expect((await askPlainly(place().address, "www.example.com", "/")).location).toBe("https://www.example.com/");
    expect((await askPlainly(place().address, "other.example.com", "/")).status).toBe(421);
  });

  test("other hosts are refused, but for the probes", async () => {
    expect((await ask(place(), { host: "other.example.com" })).status).toBe(421);
    expect((await ask(place(), { host: "other.example.com", path: "/health/ready" })).json()).toMatchObject({
      release: "1",
    });
    expect((await ask(place(), { host: place().address, path: "/health/live" })).status).toBe(200);
  });

  test("TLS 1.2 and 1.3 are spoken, and nothing older", async () => {
    const speak = async (version: SecureVersion): Promise<string | null> => {
      const { address, port, root: ca } = place();
      const ciphers = "DEFAULT@SECLEVEL=0";
      const socket = connect({
        host: address,
        port,
        ca,
        servername: host,
        ciphers,
        minVersion: version,
        maxVersion: version,
      });
      await once(socket, "secureConnect");
      const spoken = socket.getProtocol();
      socket.destroy();
      return spoken;
    };
    expect(await speak("TLSv1.2")).toBe("TLSv1.2");
    expect(await speak("TLSv1.3")).toBe("TLSv1.3");
    await expect(speak("TLSv1.1")).rejects.toThrow(/alert|protocol/);
  });

  test("HTTP/2 is spoken with who offers it", async () => {
    const session = connectHttp2(`https://${place().address}:${String(place().port)}`, {
      ca: place().root,
      servername: host,
    });
    const stream = session.request({ ":path": "/page", ":authority": host });
    const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
    expect(headers[":status"]).toBe(200);
    expect(session.alpnProtocol).toBe("h2");
    session.destroy();
  });

  test("every answer carries the header table once, whoever gives it", async () => {
    const large = { method: "POST", body: "x".repeat(70_000) };
    const questions = [
      { path: "/page" },
      { path: "/status?status=404" },
      { path: "/status?status=500" },
      { path: "/assets/styles.0123456789abcdef.css" },
      { path: "/assets/gone.0123456789abcdef.css" },
      { path: "/metrics" },
      { host: "other.example.com" },
      large,
    ];
    const answers = await Promise.all(questions.map((question) => ask(place(), question)));
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 500, 200, 404, 403, 421, 413]);
    expect(answers.map(missingHeaders)).toEqual(answers.map(() => []));
    expect(answers.map(({ headers }) => headers["server"])).not.toContainEqual(expect.stringMatching(/\d/));
  });

  test("a file with a hashed name may be kept for ever, and the news that there is none may not", async () => {
    const path = "/assets/styles.0123456789abcdef.css";
    expect((await ask(place(), { path })).headers["cache-control"]).toBe(hashedFile.cacheControl);
    expect((await ask(place(), { path: "/assets/gone.0123456789abcdef.css" })).headers["cache-control"]).toBe(
      "no-store",
    );
    expect((await ask(place(), { path: "/echo" })).headers["cache-control"]).toBe("no-store");
  });

  test("pages are compressed for who takes it", async () => {
    const headers = { "accept-encoding": "gzip" };
    expect((await ask(place(), { path: "/page", headers })).headers).toMatchObject({
      "content-encoding": "gzip",
      vary: expect.stringMatching(/accept-encoding/i) as string,
    });
    expect((await ask(place(), { path: "/page" })).headers["content-encoding"]).toBeUndefined();
  });

  test("a connection is kept for the next request", async () => {
    const agent = keptConnection();
    const answers = [await ask(place(), { connection: { agent } }), await ask(place(), { connection: { agent } })];
    expect(answers.map(({ status, reused }) => [status, reused])).toEqual([
      [200, false],
      [200, true],
    ]);
    agent.destroy();
  });

  test("a WebSocket goes through", async () => {
    expect(await sayOver(estate(), "hello")).toBe("a: hello");
  });

  test("path and query reach the service as they came", async () => {
    const path = "/a%2Fb%20c//d/../e?q=%3F&r=a+b";
    expect((await ask(place(), { path })).json()).toMatchObject({ url: path, name: "a" });
  });

  test("what the service is told of the client is the proxy's own word", async () => {
    const forged = {
      "x-forwarded-for": "192.0.2.66",
      "x-forwarded-proto": "http",
      "x-forwarded-host": "other.example.com",
      "x-real-ip": "192.0.2.66",
      "x-request-id": "forged",
    };
    const { headers } = (await ask(place(), { headers: forged })).json() as { headers: Record<string, string> };
    expect(headers).toMatchObject({
      host,
      "x-forwarded-for": estate().ownAddress,
      "x-real-ip": estate().ownAddress,
      "x-forwarded-proto": "https",
      "x-forwarded-host": host,
      "x-request-id": expect.stringMatching(/^[\w.-]{20,128}$/) as string,
    });
  });

  test("a request body that is too large is refused", async () => {
    expect((await ask(place(), { method: "POST", body: "x".repeat(65_000) })).status).toBe(200);
    expect((await ask(place(), { method: "POST", body: "x".repeat(66_000) })).status).toBe(413);
  });

  test("metrics are for the named networks alone", async () => {
    expect((await ask(place(), { path: "/metrics" })).status).toBe(403);
    await estate().deliver(estate().site({ metricsNetworks: ["203.0.113.0/24", "2001:db8::/32"] }));
    const from = async (address: string): Promise<number> =>
      (await ask(place(), { path: "/metrics", headers: { "cf-connecting-ip": address } })).status;
    expect(await from("203.0.113.9")).toBe(200);
    expect(await from("2001:db8::9")).toBe(200);
    expect(await from("198.51.100.9")).toBe(403);
    await estate().deliver(estate().site());
  });

  test("requests are logged as JSON, probes are not", async () => {
    const path = "/logged/ünï%22code\\x";
    await ask(place(), { path: "/health/live" });
    await ask(place(), { path: encodeURI(path), headers: { "cf-connecting-ip": "203.0.113.44" } });
    const entries = await until("an entry", async () => {
      const lines = (await logOf((await estate().container("proxy").inspect()).Id)).split("\n");
      const all = lines.flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Record<string, unknown>] : []));
      return all.some(({ address }) => address === "203.0.113.44") && all;
    });
    expect(entries.find(({ address }) => address === "203.0.113.44")).toMatchObject({
      method: "GET",
      host,
      status: 200,
      uri: expect.stringContaining("/logged/") as string,
      seconds: expect.any(Number) as number,
      bytes: expect.any(Number) as number,
      request_id: expect.stringMatching(/./) as string,
    });
    expect(entries.filter(({ uri }) => uri === "/health/live")).toEqual([]);
  });

  test("in maintenance everything can be read and nothing written", async () => {
    await estate().deliver(estate().site({ maintenance: true }));
    for (const method of ["GET", "HEAD", "OPTIONS"]) expect((await ask(place(), { method })).status).toBe(200);
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const answer = await ask(place(), { method, path: "/sign-in", body: "x" });
      expect(answer).toMatchObject({
        status: 503,
        headers: { "retry-after": "60", "content-type": expect.stringMatching(/^text\/plain/) as string },
      });
      expect(answer.body).toContain("you can read");
      expect(missingHeaders(answer)).toEqual([]);
    }
    expect((await ask(place(), { path: "/health/ready" })).status).toBe(200);
    expect(await sayOver(estate(), "still here")).toBe("a: still here");
  });

  test("where nothing is behind it, everybody is told when to come back", async () => {
    await estate().deliver(estate().site({ upstream: { kind: "container", host: "nobody", port: 8000 } }));
    const answer = await ask(place(), { path: "/page" });
    expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
    expect(answer.body).toContain("not available");
    expect(missingHeaders(answer)).toEqual([]);
    await estate().deliver(estate().site());
  });
}

/** What the service says to a message over a WebSocket. */
export async function sayOver({ place: { address, port, root } }: Estate, message: string): Promise<string> {
  const options = { ca: root, servername: host, headers: { host } };
  const socket = new WebSocket(`wss://${address}:${String(port)}/socket`, options);
  await once(socket, "open");
  socket.send(message);
  const [answer] = (await once(socket, "message")) as [Buffer];
  socket.terminate();
  return answer.toString();
}

function askPlainly(
  address: string,
  named: string,
  path: string,
): Promise<{ status: number; location: string | undefined }> {
  return new Promise((resolve, reject) => {
    request({ host: address, port: containerPorts.http, path, headers: { host: named }, agent: false }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, location: response.headers.location });
    })
      .on("error", reject)
      .end();
  });
}
