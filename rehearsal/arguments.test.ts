import { expect, test } from "vitest";
import { parseRehearsalArguments } from "./arguments.ts";

test("a stack alone is built, checked and taken down", () => {
  expect(parseRehearsalArguments(["staging"])).toEqual({
    stack: "staging",
    configFile: undefined,
    task: { kind: "rehearse", keep: false, report: undefined, servers: {} },
  });
});

test("what follows pulumi goes to Pulumi as it is", () => {
  expect(parseRehearsalArguments(["staging", "pulumi", "stack", "output", "--json"]).task).toEqual({
    kind: "pulumi",
    args: ["stack", "output", "--json"],
  });
});

test.each([
  [[]],
  [["--keep"]],
  [["staging", "--up"]],
  [["staging", "--keep", "--down"]],
  [["staging", "now"]],
  [["staging", "--servers", "app"]],
  [["staging", "--servers", "app=2", "--down"]],
])("%j is refused with all that is known", (args) => {
  expect(() => parseRehearsalArguments(args)).toThrow("npm run rehearse -- STACK --keep");
});

test("the project's own commands on an environment are rehearsed under their names", () => {
  expect(parseRehearsalArguments(["staging", "destroy", "--yes-destroy=staging"]).task).toEqual({
    kind: "operation",
    operation: "destroy",
    args: ["--yes-destroy=staging"],
  });
});

test("numbers of servers are read by their role", () => {
  const { task } = parseRehearsalArguments(["production", "--servers", "app=2,edge=1", "--servers", "cache=1"]);
  expect(task).toMatchObject({ kind: "rehearse", servers: { app: 2, edge: 1, cache: 1 } });
});
