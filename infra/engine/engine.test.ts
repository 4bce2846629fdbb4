import { expect, test } from "vitest";
import { isNotFound, openEngine } from "./engine.ts";

test.each([
  "unix:///var/run/docker.sock",
  "tcp://127.0.0.1:2375",
  "ssh://deploy@198.51.100.7:22?identity=staging&hostKey=ssh-ed25519+AAAA",
])("%s is an engine's address", (address) => {
  expect(() => openEngine(address)).not.toThrow();
});

test.each(["", "docker.sock", "http://127.0.0.1:2375"])("'%s' is refused with what an address must be", (address) => {
  expect(() => openEngine(address)).toThrow(
    `The Docker engine's address is "${address}"; it must start with unix://, tcp:// or ssh://.`,
  );
});

test("only the engine's own 404 means that a thing does not exist", () => {
  expect(isNotFound(Object.assign(new Error("no such container"), { statusCode: 404 }))).toBe(true);
  expect(isNotFound(Object.assign(new Error("conflict"), { statusCode: 409 }))).toBe(false);
  expect(isNotFound(undefined)).toBe(false);
});
