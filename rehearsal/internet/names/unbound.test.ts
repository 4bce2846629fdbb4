import { expect, test } from "vitest";
import { resolverConfiguration } from "./unbound.ts";

const configuration = resolverConfiguration({ stubs: { "example.com": "198.51.100.33" } });

test("a zone of the cloud is asked of its authoritative server each time", () => {
  expect(configuration).toContain(
    'stub-zone:\n  name: "example.com."\n  stub-addr: 198.51.100.33\n  stub-no-cache: yes\n',
  );
});

test("everything else goes to Docker's own resolver", () => {
  expect(configuration).toContain('forward-zone:\n  name: "."\n  forward-addr: 127.0.0.11\n');
});
