import { expect, test } from "vitest";
import { formToken, isFormToken, passwordStamp } from "./stamps.ts";

test("a form's token fits its own cookie and key alone", () => {
  const token = formToken("key", "cookie");
  expect(isFormToken("key", { token, cookie: "cookie" })).toBe(true);
  expect(isFormToken("key", { token, cookie: "other" })).toBe(false);
  expect(isFormToken("other", { token, cookie: "cookie" })).toBe(false);
  expect(isFormToken("key", { token: "", cookie: "cookie" })).toBe(false);
});

test("a password's stamp changes with the hash and is no form token", () => {
  expect(passwordStamp("key", "a")).not.toBe(passwordStamp("key", "b"));
  expect(passwordStamp("key", "a")).not.toBe(formToken("key", "a"));
});
