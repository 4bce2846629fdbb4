import { expect, test } from "vitest";
import { windowOf } from "./apache-limits.ts";

test("a window holds the burst at least, at the same rate", () => {
  expect(windowOf({ perMinute: 6000, burst: 200 })).toEqual({ requests: 200, seconds: 2 });
  expect(windowOf({ perMinute: 30, burst: 20 })).toEqual({ requests: 20, seconds: 40 });
  expect(windowOf({ perMinute: 600, burst: 1 })).toEqual({ requests: 10, seconds: 1 });
});

test("a rate of less than one a second still lets one through", () => {
  expect(windowOf({ perMinute: 1, burst: 1 })).toEqual({ requests: 1, seconds: 60 });
});
