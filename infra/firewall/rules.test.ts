import { expect, test } from "vitest";
import { incomingRules } from "./rules.ts";

const sshNetworks = ["198.51.100.0/28", "2001:db8::/48"];

test("ssh comes in from named networks only, and nothing but ssh, ping and the web comes in at all", () => {
  const rules = incomingRules({ sshNetworks, web: "anywhere" });
  expect(rules.map(({ label, protocol, ports, sources }) => ({ label, protocol, ports, sources }))).toEqual([
    { label: "ssh", protocol: "tcp", ports: [22], sources: sshNetworks },
    { label: "ping", protocol: "icmp", ports: [], sources: ["0.0.0.0/0", "::/0"] },
    { label: "web", protocol: "tcp", ports: [80, 443], sources: ["0.0.0.0/0", "::/0"] },
  ]);
  expect(rules.every((rule) => rule.interface === "public")).toBe(true);
});

test("behind an edge, the web comes in from the edge's networks only", () => {
  const rules = incomingRules({ sshNetworks, web: { edgeNetworks: ["2400:cb00::/32", "198.51.100.32/28"] } });
  expect(rules.at(-1)).toMatchObject({ label: "web", sources: ["198.51.100.32/28", "2400:cb00::/32"] });
});

test("a server without a web role has no web ports open", () => {
  expect(incomingRules({ sshNetworks, web: "nobody" }).map(({ label }) => label)).toEqual(["ssh", "ping"]);
});

test("rules that nobody could reach the server by are refused", () => {
  expect(() => incomingRules({ sshNetworks: [], web: "anywhere" })).toThrow(
    "name at least the one that Pulumi runs in",
  );
  expect(() => incomingRules({ sshNetworks, web: { edgeNetworks: [] } })).toThrow("The edge names no networks");
});
