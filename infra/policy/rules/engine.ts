import { isContainer } from "../container.ts";
import type { Plan, PlannedResource } from "../plan.ts";
import { remains, types } from "../resource-types.ts";
import type { Rule } from "../rule.ts";
import { isExpired } from "../waiver.ts";

const onServers = remains(types.container, types.network, types.volume, types.image);

/** What of a Linode is fixed when it is made. */
const fixedAtCreation = ["metadatas", "authorizedKeys"];

/** Servers that stay. */
const sameServer: Rule = {
  id: "T1",
  title: "A server is never made anew in place",
  why: "An update would end the old Linode and all that runs on it before anybody knows whether the new one works.",
  fix: "Raise `generation` in landfall:servers: the next one is built and checked beside it. Attach firewalls by a FirewallDevice, and let user data wait (`ignoreChanges`).",
  level: "mandatory",
  sources: [
    "https://www.pulumi.com/registry/packages/linode/api-docs/instance/",
    "https://github.com/linode/terraform-provider-linode/issues/764",
  ],
  scope: "plan",
  about: remains(types.instance),
  check: [
    function* ({ change, replaceReasons }) {
      if (change === "replace")
        yield `would be made anew in place because of ${replaceReasons.join(", ") || "what it depends on"}`;
    },
    function* ({ inputs }) {
      if (inputs.at("firewallId").isGiven) yield "has its firewall by firewallId, of which every change makes it anew";
    },
    function* ({ inputs, options }) {
      for (const property of fixedAtCreation) {
        if (inputs.at(property).isGiven && !options.ignoreChanges.includes(property))
          yield `would be made anew by any change of ${property}, which it does not ignore`;
      }
    },
  ],
};

/** Providers that stay where they are. */
const sameMachine: Rule = {
  id: "T2",
  title: "A Docker provider is never pointed at another machine",
  why: "Its containers would count as unchanged on a server that has none of them, and every removal would hit the new one.",
  fix: "Make the machine part of the names: one provider and one set of names for each generation of a server.",
  level: "mandatory",
  sources: ["https://github.com/pulumi/pulumi-gcp/issues/494", "https://github.com/pulumi/pulumi/issues/18509"],
  scope: "change",
  about: (provider) => remains(types.dockerProvider)(provider) && provider.before.isGiven,
  check: [
    function* ({ inputs, before }) {
      const old = before.at("host").text() ?? "";
      const now = inputs.at("host").text() ?? "";
      if (old !== now) yield `would be pointed at ${now}, away from ${old}`;
    },
  ],
};

/** Gates before what they vouch for. */
const gatesFirst: Rule = {
  id: "T3",
  title: "Nothing runs on a server, and no traffic is led, before a gate has opened",
  why: "A Linode counts as made before it can be reached, and a container before it works: an update would lead people to neither.",
  fix: "Take the provider's `host` from the server's gate, and let the proxy's configuration depend on the release's gate.",
  level: "mandatory",
  sources: ["https://github.com/pulumi/pulumi-docker/issues/1293", "https://github.com/basecamp/kamal-proxy"],
  scope: "plan",
  about: remains(types.instance, types.dockerProvider, types.proxyConfiguration),
  check: [
    function* (instance, { plan }) {
      if (instance.type !== types.instance) return;
      const gates = plan.ofType(types.serverGate);
      if (!gates.some((gate) => plan.isFrom(gate, "instance", instance.urn))) yield "has no gate that waits for it";
    },
    function* (provider, { plan }) {
      if (provider.type !== types.dockerProvider || !isFromServer(provider, plan)) return;
      const sources = provider.propertyDependencies["host"] ?? [];
      if (!sources.some((urn) => plan.find(urn)?.type === types.serverGate))
        yield "reaches a server by an address that comes from no gate";
    },
    function* (configuration, { plan }) {
      if (configuration.type !== types.proxyConfiguration) return;
      if (!plan.dependsOn(configuration, ({ type }) => type === types.healthGate))
        yield "leads traffic without waiting for the gate of what it leads to";
    },
  ],
};

/** What goes with its server. */
const goesWithServer: Rule = {
  id: "T4",
  title: "What runs on a Linode goes with it",
  why: "Removed one by one, things of a server that is gone cannot be reached; an update would fail, or remove them elsewhere.",
  fix: "Set `deletedWith` to the Linode (`Server.own`).",
  level: "mandatory",
  sources: ["https://www.pulumi.com/docs/iac/concepts/options/deletedwith/"],
  scope: "change",
  about: (resource, plan) => {
    const provider = plan.find(resource.provider);
    return provider !== undefined && onServers(resource) && isFromServer(provider, plan);
  },
  check: [
    function* ({ options }, { plan }) {
      if (plan.find(options.deletedWith)?.type !== types.instance) yield "runs on a Linode and does not go with it";
    },
  ],
};

/** Changes that the Docker provider does not make. */
const changesArrive: Rule = {
  id: "T5",
  title: "A change of a container arrives, or is none",
  why: "The Docker provider takes another health check for done and leaves the old one; it removes a container before it finds that files cannot be put into a read-only root.",
  fix: 'Set `replaceOnChanges: ["healthcheck"]`, or keep the check in the image; deliver files by a volume.',
  level: "mandatory",
  sources: [
    "https://github.com/kreuzwerker/terraform-provider-docker/issues/988",
    "https://github.com/kreuzwerker/terraform-provider-docker/pull/989",
  ],
  scope: "plan",
  about: isContainer,
  check: [
    function* ({ inputs, options }) {
      const on = options.replaceOnChanges;
      if (
        inputs.at("healthcheck").isGiven &&
        on !== undefined &&
        !on.some((one) => one === "*" || one === "healthcheck")
      )
        yield "keeps its old health check when that is changed";
    },
    function* ({ inputs }) {
      const uploads = inputs.at("uploads");
      if (uploads.isGiven && (uploads.isSecret || uploads.items().length > 0) && inputs.at("readOnly").isTrue())
        yield "has files uploaded to its root, which is read-only";
    },
  ],
};

/** Waivers. */
const waiversHold: Rule = {
  id: "W1",
  title: "A waiver is for a time, and its time is not over",
  why: "What was meant for a month would stay for good, and nobody would look at it again.",
  fix: "Put right what it waives, or agree on another day with its owner.",
  level: "mandatory",
  sources: ["https://aquasecurity.github.io/trivy/latest/docs/configuration/filtering/ (expiry of an ignored finding)"],
  scope: "plan",
  about: remains(types.stack),
  check: [
    function* (_stack, { waivers, today }) {
      for (const waiver of waivers) {
        if (isExpired(waiver, today))
          yield `has the waiver of ${waiver.rule} for ${waiver.urn}, which ended on ${waiver.expires}; ${waiver.owner} answers for it`;
      }
    },
  ],
};

/** Rules that traps of the engine and the providers call for. */
export const engineRules: readonly Rule[] = [
  sameServer,
  sameMachine,
  gatesFirst,
  goesWithServer,
  changesArrive,
  waiversHold,
];

/** Whether a provider reaches a Linode: its address comes from one, or from its gate, or goes over ssh. */
function isFromServer({ propertyDependencies, inputs }: PlannedResource, plan: Plan): boolean {
  const sources = propertyDependencies["host"] ?? [];
  const kinds = sources.map((urn) => plan.find(urn)?.type);
  if (kinds.includes(types.instance) || kinds.includes(types.serverGate)) return true;
  const host = inputs.at("host");
  return host.isGiven && (host.text() ?? "").startsWith("ssh://");
}
