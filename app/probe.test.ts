import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";

const entry = fileURLToPath(new URL("./probe.ts", import.meta.url));
let server: Server | undefined;

afterEach(() => {
  server?.close();
});

async function probe(...options: string[]): Promise<{ code: unknown; line: unknown }> {
  const child = spawn(process.execPath, [entry, ...options]);
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  const [code] = (await once(child, "close")) as unknown[];
  return { code, line: JSON.parse(output) };
}

async function answering(status: number, body: string): Promise<string> {
  const listening = createServer((_request, response) => response.writeHead(status).end(body));
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port.toString()}/health/ready`;
}

test("an answer of any status is told and is a success", async () => {
  const url = await answering(503, '{"status":"unhealthy"}');
  expect(await probe(url)).toEqual({ code: 0, line: { status: 503, body: '{"status":"unhealthy"}' } });
});

test("a health check succeeds with a status of 200 to 299 alone", async () => {
  expect(await probe("--expect-live", await answering(503, ""))).toMatchObject({ code: 1 });
  server?.close();
  expect(await probe("--expect-live", await answering(200, "{}"))).toMatchObject({ code: 0 });
});

test("no answer is told with its reason and is a failure", async () => {
  const url = await answering(200, "");
  server?.close();
  const { code, line } = await probe(url);
  expect(code).toBe(1);
  expect(JSON.stringify(line)).toContain("ECONNREFUSED");
});

test("a wrong command line is a failure", async () => {
  expect(await probe("nonsense")).toMatchObject({
    code: 1,
    line: { error: "usage: probe [--expect-live] [--host=NAME] [--trust=BASE64] URL" },
  });
});
