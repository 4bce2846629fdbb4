import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { dockerSettings } from "../cloud-init/docker.ts";
import { sshdSettings } from "../cloud-init/access.ts";
import type { RemoteResult } from "../ssh/run.ts";
import type { ServerContact } from "./server-contact.ts";
import { passServerGate, type ServerGateInputs, type ServerGateOutputs } from "./server.ts";
import type { Clock } from "./watch.ts";

const key = "ssh-ed25519 AAAAfirst";
const inputs: ServerGateInputs = {
  address: "198.51.100.64",
  port: 22,
  user: "deploy",
  identity: "staging",
  instance: "101",
  hostKey: "",
  dataVolume: "",
  deadlineSeconds: 300,
  intervalSeconds: 3,
  triggers: {},
};
const before: ServerGateOutputs = { ...inputs, hostKey: key, engine: "", cloudInit: "" };

const ok = (stdout = ""): RemoteResult => ({ exitCode: 0, stdout, stderr: "" });
const denied = (methods: string): RemoteResult => ({
  exitCode: 255,
  stdout: "",
  stderr: `deploy@198.51.100.64: Permission denied (${methods}).\n`,
});

const sshd = {
  ...Object.fromEntries(Object.entries(sshdSettings).map(([name, value]) => [name.toLowerCase(), value])),
  permitemptypasswords: "no",
};
const inspection = {
  sshd,
  sshdForRoot: sshd,
  docker: { version: "26", liveRestore: true, securityOptions: ["name=no-new-privileges"], logDriver: "json-file" },
  dockerSettings,
  dockerGroup: ["deploy"],
  listening: [],
  firewall: { hash: "d9df", loaded: true, atBoot: true },
  usersWithPassword: [],
  upgrades: { on: true, rebootWanted: false },
  timeSync: true,
  intrusionDetection: true,
  data: { mounted: true },
};

const statusDone = JSON.stringify({
  status: "done",
  "init-local": { start: 2, finished: 2.5 },
  "modules-final": { start: 4, finished: 24 },
});
const statusRunning = JSON.stringify({ status: "running", stage: "modules-final" });

/** A server that answers as told; each list's last answer stays. */
function server(answers: {
  keys?: (string | undefined)[];
  status?: RemoteResult[];
  others?: Record<string, RemoteResult>;
}) {
  const keys = answers.keys ?? [key];
  const status = answers.status ?? [ok(statusDone)];
  const commands: string[] = [];
  const next = <T>(list: T[]): T | undefined => (list.length > 1 ? list.shift() : list[0]);
  const contact: ServerContact = {
    scanHostKey: () => Promise.resolve(next(keys)),
    leaveSharedConnection: () => {
      commands.push("leave");
      return Promise.resolve();
    },
    run: (_connection, { command }) => {
      commands.push(command);
      const other = Object.entries(answers.others ?? {}).find(([start]) => command.includes(start));
      if (other !== undefined) return Promise.resolve(other[1]);
      if (command.includes("cloud-init status")) return Promise.resolve(next(status) ?? ok());
      return Promise.resolve(ok(command.includes("inspect") ? JSON.stringify(inspection) : ""));
    },
    attempt: (_connection, wayIn) => Promise.resolve(answers.others?.[wayIn] ?? denied("publickey")),
  };
  let now = 0;
  const clock: Clock = {
    now: () => now,
    wait: (milliseconds) => {
      now += milliseconds;
      return Promise.resolve();
    },
  };
  return { means: { contact, clock }, commands, seconds: () => now / 1000 };
}

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "landfall-gate-"));
  writeFileSync(join(folder, "staging"), "");
  vi.stubEnv("LANDFALL_SSH_FOLDER", folder);
  vi.stubEnv("LANDFALL_SSH_SOCKETS", folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test("a server that comes up, ends cloud-init and is as wanted passes, and its host key is pinned", async () => {
  const told = vi.spyOn(console, "log").mockReturnValue();
  const unreached = { exitCode: 255, stdout: "", stderr: "ssh: connect to host: Connection refused" };
  const status = [unreached, ok("nothing yet"), ok(statusRunning), ok(statusRunning), ok(statusDone)];
  const { means, commands } = server({ keys: [undefined, undefined, key], status });
  expect(await passServerGate(inputs, undefined, means)).toEqual({
    ...inputs,
    hostKey: key,
    engine: "ssh://deploy@198.51.100.64:22?identity=staging&hostKey=ssh-ed25519+AAAAfirst",
    cloudInit: "done in 22 s",
  });
  expect(commands[0]).toBe("leave");
  expect(told.mock.calls).toEqual([
    ["198.51.100.64: cloud-init is at packages and services, after 12 s of about 90 s"],
  ]);
});

test("the same machine must answer with the host key that it had, and any other is told at once", async () => {
  const other = server({ keys: ["ssh-ed25519 AAAAother"] });
  const error = await passServerGate(inputs, before, other.means).catch((caught: unknown) => caught);
  expect(error).toEqual(
    expect.objectContaining({ message: expect.stringContaining("another machine answers") as string }),
  );
  expect(error).not.toHaveProperty("id");
  expect(other.commands).toEqual([]);
  expect(other.seconds()).toBe(0);
});

test("another machine may have another host key", async () => {
  const { means } = server({ keys: ["ssh-ed25519 AAAAother"] });
  const outs = await passServerGate({ ...inputs, instance: "102" }, before, means);
  expect(outs.hostKey).toBe("ssh-ed25519 AAAAother");
});

test("a host key that is known before the first contact is the only one taken", async () => {
  const { means } = server({});
  await expect(passServerGate({ ...inputs, hostKey: "ssh-ed25519 AAAAknown" }, undefined, means)).rejects.toThrow(
    "another machine answers",
  );
});

test("a key that stays refused is told with the file, the user and both causes, long before the deadline", async () => {
  const { means, seconds } = server({ status: [denied("publickey")] });
  await expect(passServerGate(inputs, undefined, means)).rejects.toThrow(
    /refuses the key in the file "staging" for the user "deploy".*another key, or cloud-init failed before it made the user/,
  );
  expect(seconds()).toBe(30);
});

test("a key that is refused only at first does not count", async () => {
  const { means } = server({ status: [denied("publickey"), denied("publickey"), ok(statusDone)] });
  await expect(passServerGate(inputs, undefined, means)).resolves.toMatchObject({ hostKey: key });
});

test("a failed cloud-init fails the gate at once, with the module and the lines of its log", async () => {
  const failed = JSON.stringify({ status: "error", errors: ["('scripts-user', RuntimeError('1 failure'))"] });
  const others = { "output.log": ok("+ systemctl enable --now docker.service\nJob for docker.service failed.\n") };
  const { means, seconds } = server({ status: [{ ...ok(failed), exitCode: 1 }], others });
  const error: unknown = await passServerGate(inputs, undefined, means).catch((caught: unknown) => caught);
  expect(error instanceof Error ? error.message.split("\n") : error).toEqual([
    "The server at 198.51.100.64 is not ready: cloud-init failed in scripts-user: ('scripts-user', RuntimeError('1 failure'))",
    "  after: 0.0 s of at most 300 s",
    "  log:",
    "    + systemctl enable --now docker.service",
    "    Job for docker.service failed.",
    '  next:  ssh -i "$LANDFALL_SSH_FOLDER/staging" -p 22 deploy@198.51.100.64 cloud-init status --long',
    "         A server that failed while it was made stays as it is; raise its generation to have it anew.",
  ]);
  expect(seconds()).toBe(0);
});

test("a server that is never done fails at the deadline, with what it was at", async () => {
  vi.spyOn(console, "log").mockReturnValue();
  const { means, seconds } = server({ status: [ok(statusRunning)] });
  await expect(passServerGate(inputs, undefined, means)).rejects.toThrow(
    "cloud-init is still at packages and services",
  );
  expect(seconds()).toBeLessThanOrEqual(300);
});

test("every setting that is not as wanted is listed, and every way in that is not shut", async () => {
  const weak = { ...inspection, usersWithPassword: ["root"], timeSync: false };
  const others = {
    "landfall-inspect": ok(JSON.stringify(weak)),
    root: ok(),
    password: denied("publickey,password"),
  };
  const error: unknown = await passServerGate(inputs, undefined, server({ others }).means).catch(
    (caught: unknown) => caught,
  );
  expect(error instanceof Error ? error.message : error).toContain(
    [
      "is not ready: 4 of its settings are not as wanted",
      "  after: 0.0 s of at most 300 s",
      '  users with a password: found ["root"], wanted []',
      "  time synchronization: found false, wanted true",
      "  ssh as root: found let in, wanted Permission denied (publickey)",
      "  ssh without a key: found deploy@198.51.100.64: Permission denied (publickey,password)., wanted Permission denied (publickey)",
    ].join("\n"),
  );
});

test("a data volume that is expected is waited for, and its absence fails the gate", async () => {
  const others = { "landfall-data wait": { exitCode: 1, stdout: "", stderr: "landfall-data: not mounted" } };
  const { means, commands } = server({ others });
  await expect(passServerGate({ ...inputs, dataVolume: "data" }, undefined, means)).rejects.toThrow(
    "data volume: found landfall-data: not mounted, wanted mounted",
  );
  expect(commands).toContain("sudo -n /usr/local/sbin/landfall-data wait 300");
});

test("without the launcher's environment, or without the key, nothing is asked", async () => {
  const { means, commands } = server({});
  await expect(passServerGate({ ...inputs, identity: "other" }, undefined, means)).rejects.toThrow("is not there");
  vi.stubEnv("LANDFALL_SSH_SOCKETS", "");
  await expect(passServerGate(inputs, undefined, means)).rejects.toThrow("LANDFALL_SSH_SOCKETS is not set");
  expect(commands).toEqual([]);
});
