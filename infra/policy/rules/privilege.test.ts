import { expect, test } from "vitest";
import { faults, given, untold, type Mutations } from "../testing/estate.ts";
import { unknown } from "../value.ts";

const broken: readonly (readonly [string, Mutations, string])[] = [
  ["D2", { "app-1": given({ privileged: true }) }, "app-1 is privileged"],
  ["D2", { "app-1": given({ networkMode: "host" }) }, "app-1 shares the server's network (networkMode: host)"],
  ["D2", { "app-1": given({ pidMode: "host" }) }, "app-1 shares the server's processes (pidMode: host)"],
  ["D2", { "app-1": given({ ipcMode: "host" }) }, "app-1 shares the server's shared memory (ipcMode: host)"],
  ["D2", { "app-1": given({ usernsMode: "host" }) }, "app-1 shares the server's users (usernsMode: host)"],
  [
    "D3",
    { "app-1": given({ volumes: [{ hostPath: "/var/run/docker.sock", containerPath: "/s", readOnly: true }] }) },
    "app-1 has the engine's socket /var/run/docker.sock",
  ],
  [
    "D3",
    { "app-1": given({ volumes: [{ hostPath: "/etc/", containerPath: "/host", readOnly: true }] }) },
    "app-1 has /etc, which is part of the server's system",
  ],
  [
    "D3",
    { "app-1": given({ mounts: [{ type: "bind", source: "/", target: "/host", readOnly: true }] }) },
    "app-1 has /, which is part of the server's system",
  ],
  [
    "D3",
    { "app-1": given({ volumes: [{ hostPath: "/srv/files", containerPath: "/files" }] }) },
    "app-1 has /srv/files of the server and may write to it",
  ],
  [
    "D3",
    {
      "app-1": given({
        mounts: [
          { type: "bind", source: "/srv/f", target: "/f", readOnly: true, bindOptions: { propagation: "rshared" } },
        ],
      }),
    },
    "app-1 mounts /f so that its own mounts show on the server (rshared)",
  ],
  [
    "D3",
    { "postgres-data": given({ driverOpts: { type: "none", o: "bind", device: "/var/lib/docker" } }) },
    "postgres-data leads to /var/lib/docker, which is part of the server's system",
  ],
  ["D4", { "app-1": given({ capabilities: {} }) }, "app-1 keeps the capabilities that Docker gives by itself"],
  [
    "D4",
    { "app-1": given({ capabilities: { drops: ["ALL"], adds: ["CAP_NET_ADMIN"] } }) },
    "app-1 adds the capability NET_ADMIN",
  ],
  ["D4", { "app-1": given({ securityOpts: [] }) }, "app-1 may gain new privileges"],
  [
    "D4",
    { "app-1": given({ securityOpts: ["no-new-privileges", "seccomp=unconfined"] }) },
    "app-1 goes without one of Docker's filters (seccomp=unconfined)",
  ],
  ["D8", { "app-1": given({ user: undefined }) }, "app-1 has no user, so runs as the one of its image, or root"],
  ["D8", { "app-1": given({ user: "root" }) }, "app-1 runs as root (root)"],
  ["D8", { "app-1": given({ user: "0:0" }) }, "app-1 runs as root (0:0)"],
  ["D8", { "app-1": given({ readOnly: false }) }, "app-1 can write to its root"],
];

test.each(broken)("%s is broken by each of its faults alone (%#)", (rule, mutations, message) => {
  expect(faults(rule, mutations)).toEqual([message]);
});

const allowed: readonly (readonly [string, Mutations, readonly string[]])[] = [
  ["D3", { "app-1": given({ volumes: [{ hostPath: "/proc", containerPath: "/p", readOnly: true }] }) }, ["/proc"]],
  ["D4", { "app-1": given({ capabilities: { drops: ["ALL"], adds: ["NET_ADMIN"] } }) }, ["NET_ADMIN"]],
  ["D8", { "app-1": given({ readOnly: false }) }, ["app-1"]],
];

test.each(allowed)("%s allows what the settings list", (rule, mutations, allow) => {
  expect(faults(rule, mutations)).toHaveLength(1);
  expect(faults(rule, mutations, { rules: { [rule]: { allow } }, waivers: [] })).toEqual([]);
});

test("a container may read the server's trusted certificates", () => {
  const volumes = [{ hostPath: "/etc/ssl/certs", containerPath: "/run/trust", readOnly: true }];
  expect(faults("D3", { "app-1": given({ volumes }) })).toEqual([]);
});

test.each([
  ["D2", "pidMode"],
  ["D3", "mounts"],
  ["D4", "securityOpts"],
  ["D8", "user"],
])("%s is not evaluated without %s", (rule, property) => {
  expect(untold(rule, { "app-1": given({ [property]: unknown }) })).toEqual([
    "not evaluated",
    `app-1: ${property} is not known before the change is made`,
  ]);
});
