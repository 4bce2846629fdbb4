import { balancedPorts } from "../../firewall/rules.ts";
import { isContainer, isDataTier, isEdgeProxy, isForPeers, networkOf } from "../container.ts";
import type { Plan, PlannedResource } from "../plan.ts";
import type { Rule } from "../rule.ts";
import { ofEach, type Value } from "../value.ts";

const everyAddress = ["0.0.0.0", "::", "*"];

/** Published ports. */
const publishedPorts: Rule = {
  id: "D1",
  title: "A port is published at a named address, and to the world by the edge's proxy only",
  why: "Docker publishes at every address of the server when none is named, and does so past the server's own firewall.",
  fix: "Name a loopback or private address (`ports[].ip`), or let the service be reached through the proxy.",
  level: "mandatory",
  sources: [
    "CIS Docker Benchmark 5.9, 5.14",
    "https://docs.docker.com/engine/network/packet-filtering-firewalls/",
    "https://github.com/basecamp/kamal/pull/1880",
  ],
  allow: {
    what: "Ports that the edge's proxy may publish at every address: the web's, and those that a NodeBalancer asks it at.",
    usual: ["80", "443", ...Object.values(balancedPorts).map(String)],
  },
  scope: "resource",
  about: isContainer,
  check: [
    (container, { allow }) =>
      ofEach(container.inputs.at("ports").items(), function* (port) {
        const internal = port.at("internal").text() ?? "?";
        const ip = port.at("ip").text() ?? "";
        if (ip === "") {
          yield `publishes port ${internal} without an address, which is every address of the server`;
        } else if (!isPrivate(ip)) {
          const external = port.at("external").text() ?? internal;
          if (!isEdgeProxy(container)) {
            yield `publishes port ${external} at ${ip}, which the world may reach; only the edge's proxy may do that`;
          } else if (!allow.includes(external)) {
            yield `publishes port ${external} at ${ip}, which the world may reach; it may do so with ${allow.join(", ")} only`;
          }
        }
      }),
    function* ({ inputs }) {
      if (inputs.at("publishAllPorts").isTrue()) yield "publishes every port that its image names";
    },
  ],
};

/** Networks of containers. */
const ownNetworks: Rule = {
  id: "D9",
  title: "Containers are on networks of the program, and the data tier on internal ones without the proxy",
  why: "On Docker's default network every container reaches every other one. Data that the proxy cannot reach cannot be reached through it.",
  fix: "Name the networks (`networksAdvanced`): `data` for what keeps data, `service` for what the proxy asks, `peers` for what other servers ask.",
  level: "mandatory",
  sources: ["CIS Docker Benchmark 5.30", "https://docs.docker.com/engine/network/drivers/bridge/"],
  scope: "plan",
  about: isContainer,
  check: [
    function* ({ inputs }) {
      const mode = inputs.at("networkMode").text() ?? "";
      if (namesOf(inputs).length === 0 && mode !== "none") yield "is on no network of the program, so on Docker's own";
    },
    (container, { plan }) =>
      ofEach(namesOf(container.inputs), function* (item) {
        const name = item.text() ?? "";
        if (networkOf(plan, container, name) === undefined)
          yield `is on the network ${name}, which is none of the program's`;
      }),
    (container, { plan }) =>
      ofEach(namesOf(container.inputs), function* (item) {
        if (!isDataTier(container)) return;
        const name = item.text() ?? "";
        const network = networkOf(plan, container, name);
        if (network === undefined || isForPeers(network) || network.inputs.at("internal").isTrue()) return;
        yield `is of the data tier and on the network ${name}, which is not internal`;
      }),
    (container, { plan }) =>
      ofEach(namesOf(container.inputs), function* (item) {
        if (!isDataTier(container)) return;
        const name = item.text() ?? "";
        const network = networkOf(plan, container, name);
        if (network === undefined || isForPeers(network)) return;
        const proxy = othersOn(plan, container, name).find(isEdgeProxy);
        if (proxy !== undefined)
          yield `is of the data tier and shares the network ${name} with the proxy ${proxy.name}`;
      }),
  ],
};

/** Rules on what of a container can be reached, and by whom. */
export const exposureRules: readonly Rule[] = [publishedPorts, ownNetworks];

/** Names of the networks that a container is on. */
function namesOf(inputs: Value): Value[] {
  return inputs
    .at("networksAdvanced")
    .items()
    .map((network) => network.at("name"));
}

function othersOn(plan: Plan, container: PlannedResource, network: string): PlannedResource[] {
  return plan.resources.filter(
    (other) =>
      other !== container &&
      isContainer(other) &&
      other.provider === container.provider &&
      namesOf(other.inputs).some((name) => name.text() === network),
  );
}

/** Whether an address is loopback, or one that the internet does not route (RFC 1918, RFC 6598, RFC 4193). */
function isPrivate(ip: string): boolean {
  if (everyAddress.includes(ip)) return false;
  return (
    /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(ip) ||
    ip === "::1" ||
    /^f[cd][0-9a-f]{2}:/i.test(ip)
  );
}
