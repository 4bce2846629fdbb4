import { expect, test } from "vitest";
import { withoutSalt, withSalt } from "./stack-settings.ts";

test("the salt is added behind the settings and taken off again", () => {
  const text = "# Why\nconfig:\n  landfall:hosts: [localhost]\n";
  const salted = withSalt(text, "v1:abc=:v1:d:e");
  expect(salted).toBe(`${text}encryptionsalt: v1:abc=:v1:d:e\n`);
  expect(withoutSalt(salted)).toBe(text);
});

test("settings without a last line end, and none at all, get the salt on a line of its own", () => {
  expect(withSalt("config: {}", "s")).toBe("config: {}\nencryptionsalt: s\n");
  expect(withSalt("", "s")).toBe("encryptionsalt: s\n");
});

test("the salt is found wherever the engine puts it", () => {
  expect(withoutSalt("encryptionsalt: v1:a\nconfig: {}\n")).toBe("config: {}\n");
});
