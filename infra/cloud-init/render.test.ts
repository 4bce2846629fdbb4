import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { incomingRules } from "../firewall/rules.ts";
import { renderCloudInit, type CloudInitArgs } from "./render.ts";

const args: CloudInitArgs = {
  hostName: "staging",
  authorizedKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG4gPtVpKTx2ekR4ZVcdbp3O5J1tFQW landfall"],
  firewall: {
    rules: incomingRules({
      balanced: false,
      calls: [],
      sshNetworks: ["198.51.100.0/28"],
      web: { edgeNetworks: ["198.51.100.32/28"] },
    }),
    privateNetwork: "10.77.0.0/24",
  },
  dataVolume: "landfall-staging-data",
};

interface UserData {
  readonly packages: string[];
  readonly runcmd: string[];
  readonly users: { readonly name: string }[];
  readonly write_files: { readonly path: string; readonly content: string; readonly permissions?: string }[];
}

const readBack = (changed: Partial<CloudInitArgs> = {}): UserData =>
  parse(renderCloudInit({ ...args, ...changed })) as UserData;

test("the user data is, byte for byte, what was reviewed", async () => {
  await expect(renderCloudInit(args)).toMatchFileSnapshot("./example.txt");
  expect(renderCloudInit(args)).toBe(renderCloudInit(args));
});

test("the first command makes every other one count", () => {
  expect(readBack().runcmd[0]).toBe("set -eux");
});

test("one user is made, and nobody else", () => {
  expect(readBack().users.map(({ name }) => name)).toEqual(["deploy"]);
});

test("the scripts come whole, but for their comments", () => {
  const scripts = readBack().write_files.filter(({ permissions }) => permissions === "0755");
  expect(scripts.map(({ path }) => path)).toEqual([
    "/usr/local/sbin/landfall-firewall",
    "/usr/local/sbin/landfall-data",
    "/usr/local/sbin/landfall-inspect",
  ]);
  for (const { content } of scripts) {
    expect(content).toMatch(/^#!\//);
    expect(content.split("\n").filter((line) => /^ *#(?!!)/.test(line))).toEqual([]);
  }
});

test("a server without a data volume waits for none", () => {
  const { dataVolume: _, ...without } = args;
  const paths = (parse(renderCloudInit(without)) as UserData).write_files.map(({ path }) => path);
  expect(paths).not.toContain("/etc/landfall/data-volume");
  expect(paths).not.toContain("/etc/systemd/system/landfall-data.path");
});

test("the rules of a real edge and ten operators' keys leave it small enough", () => {
  const edgeNetworks = Array.from({ length: 15 }, (_, index) => `100.${String(64 + index)}.160.0/20`);
  const edgeNetworks6 = Array.from({ length: 7 }, (_, index) => `2400:cb0${String(index)}::/32`);
  const web = { edgeNetworks: [...edgeNetworks, ...edgeNetworks6] };
  const rules = incomingRules({ balanced: false, calls: [], sshNetworks: ["198.51.100.0/28"], web });
  const [key = ""] = args.authorizedKeys;
  const authorizedKeys = Array.from({ length: 10 }, (_, index) => `${key}${String(index)}`);
  expect(() => renderCloudInit({ ...args, authorizedKeys, firewall: { rules } })).not.toThrow();
});

test.each<[string, Partial<CloudInitArgs>]>([
  ['"Staging" is no host name', { hostName: "Staging" }],
  ["Nobody could log in", { authorizedKeys: [] }],
  ["is no public key", { authorizedKeys: ["ssh-ed25519 AAAA\nPermitRootLogin yes"] }],
  ["is no label of a volume", { dataVolume: "a/b" }],
  [
    "bytes, compressed, but Linode takes 16384 at most",
    { authorizedKeys: Array.from({ length: 400 }, () => `ssh-ed25519 ${randomBytes(48).toString("base64")}`) },
  ],
])("what would make no server is refused: %s", (why, change) => {
  expect(() => renderCloudInit({ ...args, ...change })).toThrow(why);
});
