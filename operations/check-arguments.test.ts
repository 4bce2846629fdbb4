import { expect, test } from "vitest";
import { parseCheckArguments } from "./check-arguments.ts";

test("the environment is a word, or a flag as other commands have it", () => {
  expect(parseCheckArguments(["staging"])).toEqual({ stack: "staging", preview: undefined, json: false });
  expect(parseCheckArguments(["--stack", "staging", "--json"])).toMatchObject({ stack: "staging", json: true });
});

test("files are named by flags", () => {
  expect(parseCheckArguments(["staging", "--preview", "p.json", "--config-file", "/tmp/s.yaml"])).toEqual({
    stack: "staging",
    preview: "p.json",
    configFile: "/tmp/s.yaml",
    json: false,
  });
});

test.each([
  [[], "Which environment is to be checked? Known are:"],
  [["staging", "production"], "One environment at a time, not staging and production."],
  [["staging", "--fast"], "Unknown option '--fast'"],
  [["../etc"], 'The stack\'s name is "../etc"'],
])("%j is refused", (args, message) => {
  expect(() => parseCheckArguments(args)).toThrow(message);
});
