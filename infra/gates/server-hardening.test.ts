import { expect, test } from "vitest";
import { dockerSettings } from "../cloud-init/docker.ts";
import { sshdSettings } from "../cloud-init/access.ts";
import { deviations, readInspection, type Inspection } from "./server-hardening.ts";

const sshd = {
  ...Object.fromEntries(Object.entries(sshdSettings).map(([name, value]) => [name.toLowerCase(), value])),
  permitemptypasswords: "no",
};

const engine = {
  version: "26.1.5+dfsg1",
  liveRestore: true,
  securityOptions: ["name=seccomp,profile=builtin", "name=no-new-privileges"],
  logDriver: "json-file",
};

const asWanted: Inspection = {
  sshd,
  sshdForRoot: sshd,
  docker: engine,
  dockerSettings,
  dockerGroup: ["deploy"],
  listening: ["0.0.0.0:22 sshd", "127.0.0.1:44321 containerd"],
  firewall: { hash: "d9df", loaded: true, atBoot: true },
  usersWithPassword: [],
  upgrades: { on: true, rebootWanted: false },
  timeSync: true,
  intrusionDetection: true,
  data: { mounted: false },
};

test("a server as its user data makes it deviates in nothing", () => {
  const printed = JSON.stringify(asWanted);
  expect(deviations(readInspection(printed), { dataVolume: false })).toEqual([]);
});

test.each<[string, Partial<Inspection>, readonly [found: string, wanted: string]]>([
  ["sshd PasswordAuthentication", { sshd: { ...sshd, passwordauthentication: "yes" } }, ["yes", "no"]],
  ["sshd AllowUsers", { sshd: { ...sshd, allowusers: "root deploy" } }, ["root deploy", "deploy"]],
  ["sshd PermitEmptyPasswords", { sshd: { ...sshd, permitemptypasswords: "yes" } }, ["yes", "no"]],
  ["sshd PermitRootLogin for root", { sshdForRoot: { ...sshd, permitrootlogin: "yes" } }, ["yes", "no"]],
  ["daemon.json icc", { dockerSettings: { ...dockerSettings, icc: true } }, ["true", "false"]],
  ["daemon.json hosts", { dockerSettings: { ...dockerSettings, hosts: ["tcp://"] } }, ['["tcp://"]', "(not set)"]],
  ["Docker's TCP sockets", { listening: ["0.0.0.0:2375 dockerd"] }, ['["0.0.0.0:2375 dockerd"]', "[]"]],
  ["Docker live-restore", { docker: { ...engine, liveRestore: false } }, ["false", "true"]],
  ["Docker no-new-privileges", { docker: { ...engine, securityOptions: [] } }, ["false", "true"]],
  ["members of the group docker", { dockerGroup: ["deploy", "backup"] }, ['["deploy","backup"]', '["deploy"]']],
  ["users with a password", { usersWithPassword: ["root"] }, ['["root"]', "[]"]],
  ["host firewall loaded", { firewall: { hash: null, loaded: false, atBoot: true } }, ["false", "true"]],
  ["host firewall loaded at boot", { firewall: { hash: "a", loaded: true, atBoot: false } }, ["false", "true"]],
  ["unattended security updates", { upgrades: { on: false, rebootWanted: false } }, ["false", "true"]],
  ["time synchronization", { timeSync: false }, ["false", "true"]],
  ["fail2ban watches sshd", { intrusionDetection: false }, ["false", "true"]],
])("%s is told when it is not as wanted", (what, change, [found, wanted]) => {
  expect(deviations({ ...asWanted, ...change }, { dataVolume: false })).toEqual([{ what, found, wanted }]);
});

test("an engine that does not answer is told, with all that cannot be known then", () => {
  expect(deviations({ ...asWanted, docker: null }, { dataVolume: false })[0]).toEqual({
    what: "Docker daemon",
    found: "does not answer",
    wanted: "answers",
  });
});

test("a data volume counts only where one is expected", () => {
  expect(deviations(asWanted, { dataVolume: true })).toEqual([
    { what: "data volume mounted", found: "false", wanted: "true" },
  ]);
});

test("what is no inspection is refused as such", () => {
  expect(() => readInspection("sudo: a password is required")).toThrow("landfall-inspect printed what cannot be read");
});
