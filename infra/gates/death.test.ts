import { expect, test } from "vitest";
import { whyDead, type Vitals } from "./death.ts";

const healthy: Vitals = {
  image: "sha256:a",
  status: "running",
  running: true,
  restarting: false,
  exitCode: 0,
  restarts: 0,
};

test("a container that runs the wanted image has hope, and so has one that is just being started", () => {
  expect(whyDead(healthy, "sha256:a", 0)).toBeUndefined();
  expect(whyDead({ ...healthy, running: false, status: "created" }, "sha256:a", 0)).toBeUndefined();
  expect(
    whyDead({ ...healthy, running: false, restarting: true, status: "restarting" }, "sha256:a", 0),
  ).toBeUndefined();
});

test("a container of another image can never pass", () => {
  expect(whyDead(healthy, "sha256:b", 0)).toBe("it runs the image sha256:a, sha256:b was asked for");
});

test("one that has exited can never pass", () => {
  const exited = { ...healthy, running: false, status: "exited", exitCode: 2 };
  expect(whyDead(exited, "sha256:a", 0)).toBe("it has exited with code 2");
});

test("one that dies again and again while it is watched can never pass; its old deaths do not count", () => {
  const dying = { ...healthy, restarts: 7, exitCode: 137 };
  expect(whyDead(dying, "sha256:a", 4)).toBe("it has died 3 times while it was watched, last with exit code 137");
  expect(whyDead(dying, "sha256:a", 5)).toBeUndefined();
});
