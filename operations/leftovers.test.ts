import { expect, test } from "vitest";
import { enginePort } from "./leftovers.ts";

const folders = ["/home/a/pulumi", "/clone/node_modules/@pulumi/pulumi/cmd"];

test("a plugin is known by where its program lies", () => {
  expect(
    enginePort(["/home/a/pulumi/plugins/resource-docker-v5.2.0/pulumi-resource-docker", "127.0.0.1:4000"], folders),
  ).toBe(4000);
});

test("a program's process is known, and the engine's address is the last one", () => {
  const run = "/clone/node_modules/@pulumi/pulumi/cmd/run/index.js";
  expect(enginePort(["node", run, "--monitor", "127.0.0.1:1", "--engine", "127.0.0.1:2", "index.ts"], folders)).toBe(2);
});

test("other processes are left alone", () => {
  expect(enginePort(["/usr/bin/server", "127.0.0.1:4000"], folders)).toBeUndefined();
  expect(enginePort(["/home/a/pulumi-of-mine/x", "127.0.0.1:4000"], folders)).toBeUndefined();
  expect(enginePort(["/home/a/pulumi/versions/3/bin/pulumi", "up"], folders)).toBeUndefined();
});
