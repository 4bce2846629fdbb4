import { expect, test } from "vitest";
import { maskedRow } from "./masked.ts";

test("what opens something is masked, everything else is shown as it is", () => {
  expect(
    maskedRow({
      id: 1,
      username: "ann",
      password: "md5$x$y",
      api_token: "t",
      session_key: "k",
      bio: null,
      reset_token: null,
    }),
  ).toEqual({
    id: 1,
    username: "ann",
    password: "[masked]",
    api_token: "[masked]",
    session_key: "[masked]",
    bio: null,
    reset_token: null,
  });
});
