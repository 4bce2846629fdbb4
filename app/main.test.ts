import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const entry = fileURLToPath(new URL("./main.ts", import.meta.url));

test("the service refuses to start with a faulty configuration, names every fault, and exits with 2", () => {
  const result = spawnSync(process.execPath, [entry], {
    encoding: "utf8",
    env: { PORT: "0", DATABASE_URL: "hunter2" },
  });
  expect(result.status).toBe(2);
  for (const name of [
    "ENVIRONMENT",
    "RELEASE",
    "PORT",
    "ALLOWED_HOSTS",
    "SECRET_KEY_FILE",
    "DATABASE_URL",
    "REDIS_HOST",
    "OPERATOR_USERNAME",
  ]) {
    expect(result.stderr).toContain(name);
  }
  expect(result.stderr).not.toContain("hunter2");
});
