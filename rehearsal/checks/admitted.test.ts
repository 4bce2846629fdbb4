import { expect, test } from "vitest";
import { incomingRules } from "../../infra/firewall/rules.ts";
import { admittedPorts, namedAddress } from "./admitted.ts";

const sshNetworks = ["198.51.100.0/28"];
const proxied = incomingRules({
  balanced: false,
  calls: [],
  sshNetworks,
  web: { edgeNetworks: ["198.51.100.32/28", "2001:db8::/32"] },
});

test.each([
  ["a stranger", "198.51.100.200", []],
  ["an operator", "198.51.100.1", [22]],
  ["the edge", "198.51.100.46", [80, 443]],
])("behind an edge, %s at %s reaches %j", (_who, source, ports) => {
  expect(admittedPorts(proxied, source)).toEqual(ports);
});

test("without an edge everybody reaches the web ports, and operators ssh besides", () => {
  const open = incomingRules({ balanced: false, calls: [], sshNetworks, web: "anywhere" });
  expect(admittedPorts(open, "198.51.100.200")).toEqual([80, 443]);
  expect(admittedPorts(open, "198.51.100.1")).toEqual([22, 80, 443]);
  expect(admittedPorts(open, "198.51.100.1", "udp")).toEqual([]);
});

test("rules of the private network admit nobody from outside", () => {
  const [rule] = incomingRules({ balanced: false, calls: [], sshNetworks: ["0.0.0.0/0"], web: "nobody" });
  if (rule === undefined) throw new Error("no rule");
  expect(admittedPorts([{ ...rule, interface: "private" }], "198.51.100.200")).toEqual([]);
});

test("addresses in the named networks are taken in turn, and only free ones", () => {
  const at = (turn: number) => namedAddress("198.51.100", ["198.51.100.0/29"], { taken: [1, 2, 3], turn });
  expect([at(0), at(1), at(3), at(4)]).toEqual(["198.51.100.4", "198.51.100.5", "198.51.100.7", "198.51.100.4"]);
  expect(namedAddress("198.51.100", ["203.0.113.7/32"], { taken: [], turn: 0 })).toBeUndefined();
});
