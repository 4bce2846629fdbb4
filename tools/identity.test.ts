import { expect, test } from "vitest";
import { identityIn } from "./identity.ts";

const exported = (outputs: unknown): string =>
  JSON.stringify({
    deployment: {
      resources: [{ type: "pulumi:pulumi:Stack" }, { type: "pulumi-nodejs:dynamic/ssh:DeployKey", outputs }],
    },
  });

test("the stack's key is found in its state, as the engine writes secrets", () => {
  const privateKey = { "4dabf18193072939515e22adb298388d": "…", plaintext: JSON.stringify("-----BEGIN…\n") };
  expect(identityIn(exported({ identity: "staging", privateKey }))).toEqual({
    identity: "staging",
    privateKey: "-----BEGIN…\n",
  });
});

test("a state without servers has no key, and one that is still encrypted gives none away", () => {
  expect(identityIn(JSON.stringify({ deployment: {} }))).toBeUndefined();
  expect(identityIn(exported({ identity: "staging", privateKey: { ciphertext: "v1:…" } }))).toBeUndefined();
});
