import { expect, test } from "vitest";
import { linodeInbounds } from "./linode.ts";
import { incomingRules, type FirewallRule } from "./rules.ts";

const postgres: FirewallRule = {
  label: "postgres-from-app",
  description: "Postgres, from the servers with the role app",
  interface: "private",
  protocol: "tcp",
  ports: [5432],
  sources: ["10.77.0.12/32"],
};

test("the rules become Linode's inbounds, those of the private network among them", () => {
  const rules = incomingRules({
    balanced: false,
    calls: [],
    sshNetworks: ["198.51.100.0/28"],
    web: { edgeNetworks: ["198.51.100.32/28", "2400:cb00::/32"] },
  });
  expect(linodeInbounds([...rules, postgres])).toEqual([
    {
      label: "ssh",
      description: "ssh, from named networks only",
      action: "ACCEPT",
      protocol: "TCP",
      ports: "22",
      ipv4s: ["198.51.100.0/28"],
    },
    {
      label: "ping",
      description: "Echo requests and path MTU discovery",
      action: "ACCEPT",
      protocol: "ICMP",
      ipv4s: ["0.0.0.0/0"],
      ipv6s: ["::/0"],
    },
    {
      label: "web",
      description: "Web, from the edge's own networks only",
      action: "ACCEPT",
      protocol: "TCP",
      ports: "80, 443",
      ipv4s: ["198.51.100.32/28"],
      ipv6s: ["2400:cb00::/32"],
    },
    {
      label: "postgres-from-app",
      description: "Postgres, from the servers with the role app",
      action: "ACCEPT",
      protocol: "TCP",
      ports: "5432",
      ipv4s: ["10.77.0.12/32"],
    },
  ]);
});

const manySources = Array.from({ length: 256 }, (_, index) => `10.0.${String(index)}.0/24`);

test.each<[string, Partial<FirewallRule>]>([
  ["Linode wants 3 to 32 lower-case letters", { label: "pg" }],
  ["Linode wants 3 to 32 lower-case letters", { label: "postgres--app" }],
  ["Linode wants 3 to 32 lower-case letters", { label: "p".repeat(33) }],
  ["its description has more than 100 characters", { description: "x".repeat(101) }],
  ["256 networks, but Linode takes 255 at most", { sources: manySources }],
  ["it names no source", { sources: [] }],
  ["it names no port", { ports: [] }],
  ["ICMP has no ports", { protocol: "icmp" }],
])("a rule that Linode would refuse is refused before: %s", (why, change) => {
  expect(() => linodeInbounds([{ ...postgres, ...change }])).toThrow(why);
});

test("more rules than Linode takes, or two of one name, are refused", () => {
  const rules = Array.from({ length: 26 }, (_, index) => ({ ...postgres, label: `rule-${String(index)}` }));
  expect(linodeInbounds(rules.slice(1))).toHaveLength(25);
  expect(() => linodeInbounds(rules)).toThrow("26 firewall rules, but Linode takes 25 at most");
  expect(() => linodeInbounds([postgres, postgres])).toThrow('Two firewall rules are named "postgres-from-app"');
});
