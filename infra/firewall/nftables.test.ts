import { expect, test } from "vitest";
import { nftRuleset } from "./nftables.ts";
import { incomingRules, type FirewallRule } from "./rules.ts";

const rules = incomingRules({
  balanced: false,
  calls: [],
  sshNetworks: ["198.51.100.0/28", "192.0.2.8/32", "2001:db8::/48"],
  web: { edgeNetworks: ["198.51.100.32/28"] },
});

const postgres: FirewallRule = {
  label: "postgres-from-app",
  description: "Postgres, from the servers with the role app",
  interface: "private",
  protocol: "tcp",
  ports: [5432],
  sources: ["10.77.0.12/32"],
};

test("the host's firewall drops all that no rule names, before Docker's redirections", async () => {
  const text = nftRuleset({ rules: [...rules, postgres], privateNetwork: "10.77.0.0/24" });
  await expect(text).toMatchFileSnapshot("./example.nft");
});

test("without a private network there is no chain for one", () => {
  expect(nftRuleset({ rules })).not.toContain("private");
});

test("a rule for a private network that is not there is refused", () => {
  expect(() => nftRuleset({ rules: [...rules, postgres] })).toThrow(
    'Firewall rule "postgres-from-app" is for the private network, but the server is in none.',
  );
});

test("a rule from anywhere names no addresses", () => {
  const text = nftRuleset({
    rules: incomingRules({ balanced: false, calls: [], sshNetworks: ["192.0.2.8/32"], web: "anywhere" }),
  });
  expect(text).toContain('\t\tmeta nfproto ipv4 tcp dport { 80, 443 } accept comment "web"\n');
  expect(text).toContain('\t\tmeta nfproto ipv6 tcp dport { 80, 443 } accept comment "web"\n');
});
