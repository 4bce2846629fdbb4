import { expect, test } from "vitest";
import { insertArguments, isCommand, parseArguments } from "./arguments.ts";

test.each([
  [["up", "-s", "local"], "local"],
  [["up", "--stack=local", "--yes"], "local"],
  [["--color", "never", "config", "set", "a", "b", "--stack", "t1"], "t1"],
  [["stack", "init", "t1"], "t1"],
  [["stack", "rm", "--yes", "t1"], "t1"],
  [["stack", "output", "url"], undefined],
  [["config", "set", "a", "--", "-s"], undefined],
])("%j is about the stack %s", (args, stack) => {
  expect(parseArguments(args).stack).toBe(stack);
});

test("the command's words are found behind flags with values", () => {
  const parsed = parseArguments(["-v", "3", "stack", "--stack", "a", "output", "url"]);
  expect(parsed.words).toEqual(["stack", "output", "url"]);
  expect(parsed.place).toBe(2);
  expect(isCommand(parsed, "stack output")).toBe(true);
  expect(isCommand(parsed, "stack init", "up")).toBe(false);
});

test("a settings file takes the place of the given one", () => {
  const args = ["up", "--yes", "--config-file", "mine.yaml", "--stack", "a"];
  const parsed = parseArguments(args);
  expect(parsed.configFile).toBe("mine.yaml");
  expect(insertArguments(args, parsed, ["--config-file", "copy.yaml"])).toEqual([
    "up",
    "--config-file",
    "copy.yaml",
    "--yes",
    "--stack",
    "a",
  ]);
});

test("a settings file given with an equals sign is replaced too", () => {
  const args = ["up", "--config-file=mine.yaml"];
  expect(insertArguments(args, parseArguments(args), ["--config-file", "copy.yaml"])).toEqual([
    "up",
    "--config-file",
    "copy.yaml",
  ]);
});
