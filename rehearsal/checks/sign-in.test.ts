import { expect, test } from "vitest";
import { cookieFaults, hiddenFields } from "./sign-in.ts";

test("a cookie must be Secure, HttpOnly and SameSite", () => {
  expect(cookieFaults("__Host-session=x; Path=/; HttpOnly; Secure; SameSite=Lax")).toEqual([]);
  expect(cookieFaults("session=x; path=/; samesite=none")).toEqual([
    "session is not Secure",
    "session is not HttpOnly",
    "session is not SameSite",
  ]);
});

test("a cookie that is removed has nothing to protect", () => {
  expect(cookieFaults("__Host-form=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT")).toEqual([]);
});

test("a form's hidden fields are sent along, and no others", () => {
  const form = '<input type="hidden" name="token" value="abc" /><input id="i" name="identifier" value="" required />';
  expect(hiddenFields(form)).toEqual({ token: "abc" });
});
