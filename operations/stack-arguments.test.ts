import { expect, test } from "vitest";
import { parseStackArguments, stackFlags } from "./stack-arguments.ts";

test("without arguments the stack is local", () => {
  expect(stackFlags(parseStackArguments([]))).toEqual(["--stack", "local"]);
});

test("stack, settings file and confirmation are read", () => {
  const args = parseStackArguments(["--stack", "t1", "--config-file", "/a.yaml", "--yes-destroy=t1"]);
  expect(args).toEqual({ stack: "t1", configFile: "/a.yaml", confirmed: "t1" });
});

test("an unknown argument is refused with the known ones", () => {
  expect(() => parseStackArguments(["--stak", "x"])).toThrow("--stack NAME");
});

test("a name that no container could have is refused", () => {
  expect(() => parseStackArguments(["--stack", "../x"])).toThrow("small letters");
});
