import { expect, test } from "vitest";
import { camel, rename, snake } from "./letter-case.ts";

test("names go over into the API's form and back, at any depth", () => {
  const given = { privateRouting: true, settings: { ipv4Only: true }, tags: [{ keyTag: 1 }], none: null };
  const sent = { private_routing: true, settings: { ipv4_only: true }, tags: [{ key_tag: 1 }], none: null };
  expect(rename(given, snake)).toEqual(sent);
  expect(rename(sent, camel)).toEqual(given);
});
