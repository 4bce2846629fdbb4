import { expect, test } from "vitest";
import { learnmore } from "../plans/learnmore/plan.ts";
import { carriedTables } from "../plans/plan.ts";
import { chunksBetween } from "../sql/range.ts";
import { bySchedule, Schedule, type Task } from "./schedule.ts";

function tasks(source: string, chunks: number): Task[] {
  const table = carriedTables(learnmore).find((one) => one.source === source);
  if (table === undefined) throw new Error(source);
  const boundaries = Array.from({ length: chunks - 1 }, (_, index) => index.toString());
  return chunksBetween(boundaries).map((chunk) => ({ table, chunk }));
}

test("a table waits until the last chunk of its parent is done, not just handed out", () => {
  const schedule = new Schedule([...tasks("auth_user", 2), ...tasks("courses_course", 1)]);
  const [first, second] = [schedule.take(), schedule.take()];
  expect(schedule.take()).toBeUndefined();
  expect(schedule.exhausted).toBe(false);
  if (first === undefined || second === undefined) throw new Error("nothing to do");
  schedule.done(first);
  expect(schedule.take()).toBeUndefined();
  schedule.done(second);
  expect(schedule.take()?.table.source).toBe("courses_course");
  expect(schedule.exhausted).toBe(true);
});

test("of the tables that are open the one with most chunks left is first", () => {
  const schedule = new Schedule([...tasks("auth_group", 1), ...tasks("auth_user", 3)]);
  const order = Array.from({ length: 4 }, () => schedule.take()?.table.source);
  expect(order).toEqual(["auth_user", "auth_user", "auth_group", "auth_user"]);
});

test("parents that are done already hold nobody up", () => {
  expect(new Schedule(tasks("quizzes_response", 1)).take()?.table.source).toBe("quizzes_response");
});

test("workers take what is open, and what waits for it when it is done", async () => {
  const order: string[] = [];
  const done = await bySchedule(["first", "second"], [...tasks("auth_user", 2), ...tasks("courses_course", 1)], {
    work: async (_, { table }) => {
      order.push(`${table.source} begins`);
      await new Promise(setImmediate);
      order.push(`${table.source} ends`);
    },
  });
  expect(done).toBe(true);
  expect(order.slice(0, 2)).toEqual(["auth_user begins", "auth_user begins"]);
  expect(order.slice(2)).toEqual(["auth_user ends", "auth_user ends", "courses_course begins", "courses_course ends"]);
});

test("after a failure nothing is begun, and it is thrown when the others are through", async () => {
  const ended: string[] = [];
  const work = async (worker: string): Promise<void> => {
    if (worker === "first") throw new Error("no");
    await new Promise(setImmediate);
    ended.push(worker);
  };
  await expect(bySchedule(["first", "second"], tasks("auth_user", 9), { work })).rejects.toThrow("no");
  expect(ended).toEqual(["second"]);
});

test("when it is told to stop, it says that not all is done", async () => {
  const stop = new AbortController();
  const work = (): Promise<void> => {
    stop.abort();
    return Promise.resolve();
  };
  expect(await bySchedule(["one"], tasks("auth_user", 2), { work, signal: stop.signal })).toBe(false);
});
