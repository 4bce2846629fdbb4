import { expect, test } from "vitest";
import { countFaults } from "./faults.ts";

test("a fault meets the requests that it is for, after some and so many times", async () => {
  const faults = countFaults(() => JSON.stringify([{ operation: "create", after: 1, times: 2, status: 429 }]));
  const answers = [];
  for (const method of ["GET", "POST", "POST", "POST", "POST"]) answers.push((await faults(method))?.status);
  expect(answers).toEqual([undefined, undefined, 429, 429, undefined]);
});

test("a slow answer is the API's own", async () => {
  const faults = countFaults(() => JSON.stringify([{ delay: 1 }]));
  expect(await faults("GET")).toBeUndefined();
});

test("other faults start their counts anew", async () => {
  let times = 1;
  const faults = countFaults(() => JSON.stringify([{ status: 500, times }]));
  expect((await faults("GET"))?.body).toMatchObject({ success: false, errors: [{ code: 10001 }] });
  expect(await faults("GET")).toBeUndefined();
  times = 2;
  expect(await faults("GET")).toBeDefined();
});
