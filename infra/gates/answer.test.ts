import { expect, test } from "vitest";
import { judge, type Answer } from "./answer.ts";

const expectation = { release: "r1", checks: ["database", "redis"] };
const ready = { status: "healthy", checks: { database: true, redis: true }, release: "r1" };
const answered = (status: number, body: unknown): Answer => ({ kind: "answered", status, body: JSON.stringify(body) });

test("an answer passes when the status is 200, every check is true and the release is the wanted one", () => {
  expect(judge(answered(200, ready), expectation)).toEqual({ passed: true });
});

test("an unhealthy answer names the dependencies that are not true", () => {
  const body = { ...ready, checks: { database: false, redis: true } };
  expect(judge(answered(503, body), expectation)).toEqual({ passed: false, reason: "status 503, not true: database" });
});

test("a check that is missing from the body does not count as true", () => {
  const body = { ...ready, checks: { database: true } };
  expect(judge(answered(200, body), expectation)).toEqual({
    passed: false,
    reason: "status 200, but not true: redis",
  });
});

test("a healthy answer of another release does not pass", () => {
  expect(judge(answered(200, { ...ready, release: "r0" }), expectation)).toEqual({
    passed: false,
    reason: "release 'r0' answered, 'r1' was expected",
  });
});

test("a body that is not the agreed JSON does not pass", () => {
  const answer: Answer = { kind: "answered", status: 200, body: "<html>" };
  expect(judge(answer, expectation)).toMatchObject({ passed: false });
});

test("silence carries its reason", () => {
  expect(judge({ kind: "silent", reason: "connection refused" }, expectation)).toEqual({
    passed: false,
    reason: "connection refused",
  });
});
