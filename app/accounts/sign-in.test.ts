import { expect, test } from "vitest";
import { choose } from "./sign-in.ts";
import type { Candidate } from "./users.ts";

const learnmore = { name: "learnmore", title: "LearnMore" };
const unpuzzle = { name: "unpuzzle", title: "Unpuzzle" };
const candidate = (given: Partial<Candidate>): Candidate => ({
  id: 1,
  username: "ada",
  password: "",
  isActive: true,
  resetRequired: false,
  system: learnmore,
  ...given,
});

test("the one account that the password opens is meant", () => {
  expect(choose([candidate({ id: 7 })], "ada")).toMatchObject({ id: 7 });
});

test("nothing opened and inactive accounts are refused alike", () => {
  expect(choose([], "ada")).toEqual({ kind: "refused" });
  expect(choose([candidate({ isActive: false })], "ada")).toEqual({ kind: "refused" });
});

test("a password that must be reset is told to whoever knows it", () => {
  expect(choose([candidate({ resetRequired: true })], "ada")).toEqual({ kind: "reset required" });
});

test("the same name and password in two systems asks for the system", () => {
  expect(choose([candidate({ id: 1 }), candidate({ id: 2, system: unpuzzle })], "ada")).toEqual({
    kind: "system wanted",
    systems: [learnmore, unpuzzle],
  });
});

test("the same e-mail and password twice in one system asks for the user name", () => {
  const twins = [candidate({ id: 1, username: "ada1" }), candidate({ id: 2, username: "ada2" })];
  expect(choose(twins, "ada@example.org")).toEqual({ kind: "user name wanted" });
});

test("a user name counts before somebody else's e-mail", () => {
  const both = [candidate({ id: 1, username: "other" }), candidate({ id: 2, username: "ada@example.org" })];
  expect(choose(both, "ada@example.org")).toMatchObject({ id: 2 });
});
