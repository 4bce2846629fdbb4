import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../test/services/services.ts";
import { Interrupted } from "./engine/outcome.ts";
import { unobserved, type Phase } from "./progress/progress.ts";
import { Runner } from "./test/child.ts";
import { createLegacy, discard } from "./test/legacy.ts";
import { ask, contentOf, landAs, readReport, settingsFor } from "./test/landing.ts";

let source: TestDatabase;
let target: TestDatabase;
let undisturbed: Record<string, unknown>;

beforeAll(async () => {
  source = await createLegacy("learnmore");
  const reference = await createDatabase();
  await landAs(settingsFor(source, reference));
  undisturbed = await contentOf(reference);
  await discard(reference);
});
beforeEach(async () => {
  target = await createDatabase();
});
afterEach(async () => {
  await discard(target);
});
afterAll(async () => {
  await discard(source);
});

/** Numbers that look random and are the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Chunks that every run of this size has; it has some more. */
const chunks = 70;
const seeds = Array.from({ length: 10 }, (_, index) => index + 1);

describe("a runner killed at a random moment", () => {
  test.each(seeds)("goes on and ends as if nothing had been (seed %i)", async (seed) => {
    const next = random(seed);
    // The first dies among its chunks; the second whenever, be it while it starts, copies or verifies.
    const first = new Runner(source, target);
    await first.copies(1 + Math.floor(next() * chunks));
    expect(first.child.kill("SIGKILL")).toBe(true);
    await first.exit;
    const second = new Runner(source, target);
    await Promise.race([second.exit, delay(next() * 1500)]);
    second.child.kill("SIGKILL");
    await second.exit;
    const last = new Runner(source, target);
    expect(await last.exit, last.lastLine).toBe(0);
    expect(await contentOf(target)).toEqual(undisturbed);
    const runs = await ask<{ runs: number }>(target, "SELECT count(*)::integer AS runs FROM migration.runs");
    expect(runs, "an interrupted run is gone on with, not started over").toEqual([{ runs: 1 }]);
  });
});

test("a runner asked to stop ends between two chunks, says that it goes on next time, and does", async () => {
  const runner = new Runner(source, target);
  await runner.copies(10);
  runner.child.kill("SIGTERM");
  expect(await runner.exit).toBe(1);
  expect(runner.lastLine).toContain("the next run goes on from there");
  const [before] = await ask<{ copied: number }>(
    target,
    "SELECT count(*)::integer AS copied FROM migration.chunks WHERE state = 'copied'",
  );
  expect(before?.copied).toBeGreaterThanOrEqual(10);
  const report = await landAs(settingsFor(source, target));
  expect(report.state).toBe("verified");
  expect(await contentOf(target)).toEqual(undisturbed);
});

test.each(["surveying", "verifying"] as const)(
  "a runner asked to stop while %s ends soon, and the next one goes on",
  async (phase) => {
    const stopping = new AbortController();
    const observer = {
      ...unobserved,
      phase: (_: string, entered: Phase) => {
        if (entered === phase) stopping.abort();
      },
    };
    const landing = landAs(settingsFor(source, target, { observer }), stopping.signal);
    await expect(landing).rejects.toBeInstanceOf(Interrupted);
    expect((await landAs(settingsFor(source, target))).state).toBe("verified");
    expect(await contentOf(target)).toEqual(undisturbed);
    expect(await ask(target, "SELECT count(*)::integer AS runs FROM migration.runs")).toEqual([{ runs: 1 }]);
  },
);

test("connections that break end the run with a plain error, and the next one goes on", async () => {
  const runner = new Runner(source, target);
  await runner.copies(20);
  await ask(
    source,
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
  );
  expect(await runner.exit).toBe(1);
  expect(await ask(target, "SELECT state FROM operations.migration_status")).toEqual([{ state: "failed" }]);
  expect((await landAs(settingsFor(source, target))).state).toBe("verified");
  expect(await contentOf(target)).toEqual(undisturbed);
});

test("servers that cut off sessions which idle or take long do not cut off a move", async () => {
  const timeouts = await createDatabase();
  try {
    const database = `ALTER DATABASE "${timeouts.database}"`;
    await ask(
      timeouts,
      `${database} SET transaction_timeout = '500ms'; ${database} SET idle_session_timeout = '500ms'`,
    );
    expect((await landAs(settingsFor(source, timeouts))).state).toBe("verified");
  } finally {
    await discard(timeouts);
  }
});

test("a second runner is turned away and told who is at work", async () => {
  const first = new Runner(source, target);
  await first.copies(5);
  first.child.kill("SIGSTOP");
  const second = new Runner(source, target);
  expect(await second.exit).toBe(3);
  expect(second.lastLine).toMatch(new RegExp(`Another runner is at work .* process ${String(first.child.pid)}`));
  first.child.kill("SIGCONT");
  expect(await first.exit).toBe(0);
  expect(await contentOf(target)).toEqual(undisturbed);
});

test("a runner that was frozen and taken for dead cannot write any more when it wakes up", async () => {
  const zombie = new Runner(source, target);
  await zombie.copies(5);
  zombie.child.kill("SIGSTOP");
  await ask(
    target,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE '%process ${String(zombie.child.pid)}'`,
  );
  const next = new Runner(source, target);
  expect(await next.exit, next.lastLine).toBe(0);
  zombie.child.kill("SIGCONT");
  expect(await zombie.exit).toBe(1);
  expect(await contentOf(target)).toEqual(undisturbed);
  expect(await ask(target, "SELECT state FROM operations.migration_status")).toEqual([{ state: "verified" }]);
});

test("what has changed in the source between two runs is copied anew", async () => {
  const changing = await createLegacy("learnmore");
  try {
    const runner = new Runner(changing, target);
    await runner.says("chunk copied");
    await runner.copies(60);
    runner.child.kill("SIGKILL");
    await runner.exit;
    await ask(
      changing,
      `UPDATE auth_user SET last_name = 'Changed' WHERE id = 300; DELETE FROM quizzes_response WHERE attempt_id = 1;
       UPDATE courses_progress SET percent = percent / 2 WHERE id < 100;
       INSERT INTO auth_user_groups (id, user_id, group_id) VALUES (9999, 300, 4)`,
    );
    const report = await landAs(settingsFor(changing, target));
    expect(report.state).toBe("verified");
    const reference = await createDatabase();
    try {
      await landAs(settingsFor(changing, reference));
      expect(await contentOf(target)).toEqual(await contentOf(reference));
    } finally {
      await discard(reference);
    }
  } finally {
    await discard(changing);
  }
});

test("a row in quarantine that has changed in the source between two runs is held back as it is now", async () => {
  const changing = await createLegacy("learnmore");
  try {
    await ask(changing, "UPDATE quizzes_attempt SET started_at = 'infinity' WHERE id = 4");
    const stopping = new AbortController();
    const phase = (_: string, entered: Phase): void => {
      if (entered === "verifying") stopping.abort();
    };
    const settings = settingsFor(changing, target, { observer: { ...unobserved, phase } });
    await expect(landAs(settings, stopping.signal)).rejects.toBeInstanceOf(Interrupted);
    await ask(changing, "UPDATE quizzes_attempt SET finished_at = NULL, score = 12 WHERE id = 4");
    expect((await landAs(settingsFor(changing, target))).state).toBe("verified");
    expect(
      await ask(
        target,
        "SELECT legacy_row -> 'score' AS score FROM operations.quarantine WHERE source_table = 'quizzes_attempt' AND legacy_id = '4'",
      ),
    ).toEqual([{ score: 12 }]);
  } finally {
    await discard(changing);
  }
});

test("a report is left behind by a failed run too", async () => {
  const settings = settingsFor(source, target, {
    sources: new Map([["learnmore", { kind: "postgresql" as const, config: { host: "127.0.0.1", port: 1 } }]]),
  });
  await expect(landAs(settings)).rejects.toThrow(/The source of learnmore .* cannot be read/);
  expect(readReport(settings)).toMatchObject({
    state: "failed",
    failure: expect.stringContaining("cannot be read") as unknown,
  });
});
