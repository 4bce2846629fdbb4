import { expect, test } from "vitest";
import { fingerprintOf, parseSshOutcome } from "./ssh-attempt.ts";

const greeting = `debug1: Connecting to 198.18.77.64 [198.18.77.64] port 22.
debug1: Server host key: ssh-ed25519 SHA256:VcB8czlY1KSvEZxCT/xMMDSioSaQGhZ5KaTTIOVYqNU
Warning: Permanently added '198.18.77.64' (ED25519) to the list of known hosts.
debug1: Authentications that can continue: publickey,password
debug1: Next authentication method: publickey
`;

test("a refusal is read with the methods that were offered, each once", () => {
  const text = `${greeting}debug1: Offering public key: /checks/unknown-key ED25519 SHA256:ar2C explicit
debug1: Authentications that can continue: publickey,password
debug1: No more authentication methods to try.
root@198.18.77.64: Permission denied (publickey,password).
debug1: Exit status -1
`;
  expect(parseSshOutcome(text)).toEqual({
    hostKey: "SHA256:VcB8czlY1KSvEZxCT/xMMDSioSaQGhZ5KaTTIOVYqNU",
    methods: ["publickey", "password"],
    loggedIn: false,
    lastWords: "root@198.18.77.64: Permission denied (publickey,password).",
  });
});

test("a login is read", () => {
  const text = `${greeting}Authenticated to 198.18.77.64 ([198.18.77.64]:22) using "publickey".\ndebug1: Exit status 0\n`;
  expect(parseSshOutcome(text).loggedIn).toBe(true);
});

test("where there was no connection there was no host key", () => {
  const text = "debug1: Connecting to 198.18.77.64\nssh: connect to host 198.18.77.64 port 22: Connection timed out\n";
  expect(parseSshOutcome(text)).toMatchObject({
    hostKey: undefined,
    loggedIn: false,
    lastWords: "ssh: connect to host 198.18.77.64 port 22: Connection timed out",
  });
});

test("a fingerprint is what ssh-keygen -l shows", () => {
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
  expect(fingerprintOf(key)).toBe("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
});
