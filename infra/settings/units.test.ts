import { expect, test } from "vitest";
import { bytes, duration, mebibytes, seconds, size } from "./units.ts";

test("durations are read in seconds, singular and plural", () => {
  expect([seconds("1 second"), seconds("5 minutes"), seconds("2 hours"), seconds("365 days")]).toEqual([
    1, 300, 7200, 31_536_000,
  ]);
});

test("sizes are read in bytes and mebibytes", () => {
  expect(bytes("2 GiB")).toBe(2 * 1024 ** 3);
  expect(mebibytes("512 MiB")).toBe(512);
});

test.each(["30", "30s", "-1 seconds", "1.5 hours", "soon", 30])("%o is no duration", (value) => {
  expect(duration.safeParse(value).success).toBe(false);
});

test.each(["512", "512MB", "0 MiB", "1 TB", 512])("%o is no size", (value) => {
  expect(size.safeParse(value).success).toBe(false);
});
