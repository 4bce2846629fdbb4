import { expect, test } from "vitest";
import { parseHooks } from "./received.ts";
import { statusFor } from "./serve.ts";

const hook = {
  at: "2026-01-01T00:00:00.000Z",
  from: "",
  method: "POST",
  path: "/",
  headers: {},
  body: '{"text":"a\\nb"}',
};

test("a webhook that is being written is left out until its line is whole", () => {
  const line = JSON.stringify(hook);
  expect(parseHooks(`${line}\n${line.slice(0, 10)}`)).toEqual([hook]);
  expect(parseHooks("")).toEqual([]);
});

test("a path may ask for a status", () => {
  expect([statusFor("/status/503"), statusFor("/alerts"), statusFor("/status/99")]).toEqual([503, 200, 200]);
});
