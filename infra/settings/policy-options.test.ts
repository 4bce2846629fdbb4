import { expect, test } from "vitest";
import { policyOptions } from "./policy-options.ts";

const given = (policy: object) => policyOptions({ "landfall:policy": JSON.stringify(policy) });
const waiver = { rule: "D8", urn: "app-1", owner: "operations", reason: "until it is rebuilt", expires: "2026-12-31" };

test("without a section nothing is other than the rules say", () => {
  expect(policyOptions({})).toEqual({ rules: {}, waivers: [] });
});

test("levels, exceptions, lists and waivers are taken", () => {
  const rules = { D8: { level: "advisory" as const, except: ["*-legacy-*"] }, D1: { allow: ["8443"] } };
  expect(given({ rules, waivers: [waiver] })).toEqual({ rules, waivers: [waiver] });
});

test.each([
  [{ rules: { D99: {} } }, "landfall:policy.rules.D99"],
  [{ rules: { D8: { level: "disabled" } } }, '"mandatory" or "advisory"'],
  [
    { rules: { D2: { allow: ["x"] } } },
    "landfall:policy.rules.D2.allow\n    allowed: nothing: the rule has no such list",
  ],
  [
    { waivers: [{ ...waiver, expires: "soon" }] },
    'landfall:policy.waivers.0.expires\n    allowed: a day such as "2026-12-31"',
  ],
  [{ waivers: [{ ...waiver, owner: " " }] }, "landfall:policy.waivers.0.owner\n    allowed: a text that is not empty"],
  [{ waivers: [{ ...waiver, rule: "X1" }] }, "allowed: the id of a rule: D1, D2"],
])("%j is refused", (policy, message) => {
  expect(() => given(policy)).toThrow(message);
});
