import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { projectRoot } from "../images/files.ts";
import { remainsOf } from "./stacks/docker.ts";
import { Stack } from "./stacks/stack.ts";

const settingsFile = z.object({ config: z.record(z.string(), z.unknown()) });
const stack = await Stack.create("test-refusals");
afterAll(() => stack.remove());

test("a full set of bad settings is refused at once, each with its key, and nothing is made", async () => {
  stack.write({
    servers: [{ name: "one", platform: "engine-at-hand", roles: ["edge", "web"] }],
    proxy: { httpPort: 0, hsts: { maxAge: "1 year" } },
    postgres: { maxConnections: 5 },
    colour: "red",
  });
  const { exitCode, output } = await stack.up();
  expect(exitCode).not.toBe(0);
  for (const key of [
    "landfall:servers[0].roles[1]",
    "landfall:hosts",
    "landfall:proxy.httpPort",
    "landfall:proxy.hsts.maxAge",
    "landfall:postgres.maxConnections",
    "landfall:colour",
  ]) {
    expect(output).toContain(key);
  }
  expect(output).toContain('given:   "web"');
  expect(output).toContain("allowed: one of edge, app, database, cache");
  expect(await remainsOf(stack.name)).toEqual([]);
});

test.each(["httpPort", "httpsPort"] as const)("a %s that is taken is refused before anything is made", async (key) => {
  stack.configure({});
  const holder = createServer();
  holder.listen(stack[key], "127.0.0.1");
  await once(holder, "listening");
  const { exitCode, output } = await stack.up();
  holder.close();
  expect(exitCode).not.toBe(0);
  expect(output).toContain(`127.0.0.1:${String(stack[key])} (landfall:proxy.${key}): another program listens there`);
  expect(await remainsOf(stack.name)).toEqual([]);
});

test("staging without its secrets is refused with all of them and the commands that set them", async () => {
  const { config } = settingsFile.parse(parse(readFileSync(join(projectRoot, "Pulumi.staging.yaml"), "utf8")));
  stack.write(Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("landfall:", ""), value])));
  const { exitCode, output } = await stack.up();
  expect(exitCode).not.toBe(0);
  expect(output).toContain("4 settings are wrong; nothing was changed");
  expect(output).toContain('given:   "staging.example.com"');
  expect(output).toContain("npx pulumi config set --secret --path 'landfall:secrets.cloudflare.dnsToken'");
  expect(output).toContain("npx pulumi config set --secret linode:token");
  expect(output).toContain("npx pulumi config set --secret cloudflare:apiToken");
  expect(await remainsOf(stack.name)).toEqual([]);
});
