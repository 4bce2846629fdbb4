import { expect, test } from "vitest";
import { incomingRules } from "./rules.ts";

const sshNetworks = ["198.51.100.0/28", "2001:db8::/48"];
const alone = { sshNetworks, balanced: false, calls: [] } as const;

test("ssh comes in from named networks only, and nothing but ssh, ping and the web comes in at all", () => {
  const rules = incomingRules({ ...alone, web: "anywhere" });
  expect(rules.map(({ label, protocol, ports, sources }) => ({ label, protocol, ports, sources }))).toEqual([
    { label: "ssh", protocol: "tcp", ports: [22], sources: sshNetworks },
    { label: "ping", protocol: "icmp", ports: [], sources: ["0.0.0.0/0", "::/0"] },
    { label: "web", protocol: "tcp", ports: [80, 443], sources: ["0.0.0.0/0", "::/0"] },
  ]);
  expect(rules.every((rule) => rule.interface === "public")).toBe(true);
});

test("behind an edge, the web comes in from the edge's networks only", () => {
  const rules = incomingRules({ ...alone, web: { edgeNetworks: ["2400:cb00::/32", "198.51.100.32/28"] } });
  expect(rules.at(-1)).toMatchObject({ label: "web", sources: ["198.51.100.32/28", "2400:cb00::/32"] });
});

test("a server without a web role has no web ports open", () => {
  expect(incomingRules({ ...alone, web: "nobody" }).map(({ label }) => label)).toEqual(["ssh", "ping"]);
});

test("rules that nobody could reach the server by are refused", () => {
  expect(() => incomingRules({ ...alone, sshNetworks: [], web: "anywhere" })).toThrow(
    "name at least the one that Pulumi runs in",
  );
  expect(() => incomingRules({ ...alone, web: { edgeNetworks: [] } })).toThrow("The edge names no networks");
});

test("a NodeBalancer comes in on ports of its own, from its vendor's network", () => {
  const rules = incomingRules({ ...alone, web: "anywhere", balanced: true });
  expect(rules.at(-1)).toMatchObject({
    label: "balanced-web",
    ports: [10_080, 10_443],
    sources: ["192.168.255.0/24"],
    interface: "public",
  });
});

test("other servers come in on the private network, by the addresses of those that ask", () => {
  const call = { label: "postgres", description: "Postgres", port: 5432, from: ["10.77.0.150", "10.77.0.22"] };
  const rules = incomingRules({ ...alone, web: "nobody", calls: [call, { ...call, label: "nobody", from: [] }] });
  expect(rules.slice(2)).toEqual([
    {
      label: "postgres",
      description: "Postgres",
      interface: "private",
      protocol: "tcp",
      ports: [5432],
      sources: ["10.77.0.22/32", "10.77.0.150/32"],
    },
  ]);
});
