import { expect, test } from "vitest";
import { NotTellable, ofEach, secret, unknown, Value } from "./value.ts";

const value = new Value({ text: "a", list: [1, unknown, { deep: secret }], gone: null, no: unknown });

test("a value knows where it stands", () => {
  expect(value.at("list").items()[2]?.at("deep").path).toBe("list[2].deep");
});

test("what is not given is empty, whatever it is read as", () => {
  const none = value.at("gone").at("deeper");
  expect([none.isGiven, none.text(), none.number(), none.isTrue(), none.items(), none.keys()]).toEqual([
    false,
    undefined,
    undefined,
    false,
    [],
    [],
  ]);
});

test("no way of reading takes an unknown value for one that is known", () => {
  const no = value.at("no");
  const readings = [
    () => no.text(),
    () => no.number(),
    () => no.isTrue(),
    () => no.items(),
    () => no.keys(),
    () => no.at("x"),
  ];
  for (const reading of readings) expect(reading).toThrow(NotTellable);
  expect(() => value.at("list").texts()).toThrow("list[1] is not known before the change is made");
});

test("a list that holds a secret is one", () => {
  expect(value.at("list").isSecret).toBe(true);
  expect(value.at("text").isSecret).toBe(false);
});

test("an inherited name is not given", () => {
  expect(value.at("toString").isGiven).toBe(false);
});

test("one thing that cannot be told keeps no other from being asked, and other errors stay what they are", () => {
  const found: string[] = [];
  const ask = (): void => {
    for (const text of ofEach(value.at("list").items(), (item) => [item.text() ?? "none"])) found.push(text);
  };
  expect(ask).toThrow("list[1]");
  expect(found).toEqual(["1", "none"]);
  const broken = ofEach([1], () => {
    throw new TypeError("a fault of ours");
  });
  expect(() => [...broken]).toThrow(TypeError);
});
