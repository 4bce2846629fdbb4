import { expect, test } from "vitest";
import { UNKNOWN } from "../plugin/values.ts";
import { zoneSetting } from "./zone-setting.ts";

test.each([
  ["ssl", "strict"],
  ["ssl", UNKNOWN],
  [UNKNOWN, "strict"],
  ["security_header", { strict_transport_security: { max_age: UNKNOWN } }],
])("%s with %j passes", (settingId, value) => {
  expect(zoneSetting.check({ zoneId: "z", settingId, value })).toEqual([]);
});

test("a wrong value is refused at the value, a wrong setting at the setting", () => {
  expect(zoneSetting.check({ zoneId: "z", settingId: "ssl", value: "on" })).toMatchObject([{ property: "value" }]);
  expect(zoneSetting.check({ zoneId: "z", settingId: "sls", value: "on" })).toMatchObject([{ property: "settingId" }]);
});
