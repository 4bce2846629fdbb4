import { expect, test } from "vitest";
import { engineAddress, parseEngineAddress, plainAddress, sshOptions } from "./connection.ts";

const connection = {
  host: "198.51.100.7",
  port: 2222,
  user: "deploy",
  identity: "staging",
  hostKey: "ssh-ed25519 AAAAC3Nza+C1/lZDI=",
};

test("an engine's address says all that is needed to reach it, and reads back as it was", () => {
  expect(parseEngineAddress(engineAddress(connection))).toEqual(connection);
  const overIpv6 = { ...connection, host: "2001:db8::7" };
  expect(parseEngineAddress(engineAddress(overIpv6))).toEqual(overIpv6);
});

test("Docker's own clients get the address without what only we understand", () => {
  expect(plainAddress(engineAddress(connection))).toBe("ssh://deploy@198.51.100.7:2222");
  expect(plainAddress("unix:///var/run/docker.sock")).toBe("unix:///var/run/docker.sock");
});

test("an ssh address that pins no host key is refused", () => {
  expect(() => parseEngineAddress("ssh://deploy@198.51.100.7:22")).toThrow("does not say how its server is reached");
});

test("only the pinned host key is taken, and no file decides who a server is", () => {
  const options = sshOptions(connection).join(" ");
  expect(options).toContain("StrictHostKeyChecking=yes");
  expect(options).toContain("UserKnownHostsFile=/dev/null");
  expect(options).toContain(`KnownHostsCommand=/bin/echo %H ${connection.hostKey}`);
  expect(options).toContain("IdentityFile=${LANDFALL_SSH_FOLDER}/staging");
});
