import { expect, test } from "vitest";
import { masked, maskOf } from "./mask.ts";
import { markSecret } from "./values.ts";

test("what the vendor has filled in is left out, at any depth", () => {
  const mask = maskOf({ label: "a", interfaces: [{ purpose: "vpc", ipv4: { vpc: "10.0.0.2" } }] });
  const value = { label: "b", id: 7, interfaces: [{ purpose: "vpc", id: 1, ipv4: { vpc: "10.0.0.3", nat11: "" } }] };
  expect(masked(value, mask)).toEqual({ label: "b", interfaces: [{ purpose: "vpc", ipv4: { vpc: "10.0.0.3" } }] });
});

test("what has come on top of a list shows whole", () => {
  expect(
    masked(
      {
        rules: [
          { a: 1, b: 2 },
          { a: 3, b: 4 },
        ],
      },
      maskOf({ rules: [{ a: 1 }] }),
    ),
  ).toEqual({
    rules: [{ a: 1 }, { a: 3, b: 4 }],
  });
});

test("a secret stays whole and marked", () => {
  expect(masked({ data: markSecret({ a: "b" }) }, maskOf({ data: { a: "b" } }))).toEqual({
    data: markSecret({ a: "b" }),
  });
});
