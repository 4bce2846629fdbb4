import type { Plan, PlannedResource } from "../plan.ts";
import { remains, types } from "../resource-types.ts";
import type { Rule } from "../rule.ts";
import { ofEach, type Value } from "../value.ts";

const isInstance = remains(types.instance);
const isGuarded = remains(types.instance, types.balancer);
const isFirewall = remains(types.firewall);

/** Firewalls before servers, and before what leads to them. */
const behindFirewall: Rule = {
  id: "L1",
  title: "A Linode or NodeBalancer stands behind a firewall that lets in only what it names",
  why: "Without it every port that anything on the server opens is open to the world, and a NodeBalancer leads everybody past Cloudflare.",
  fix: 'Attach a firewall with a FirewallDevice; `inboundPolicy: "DROP"`.',
  level: "mandatory",
  sources: ["Checkov CKV_LIN_5", "https://techdocs.akamai.com/cloud-computing/docs/cloud-firewall"],
  scope: "plan",
  about: remains(types.instance, types.balancer, types.firewall),
  check: [
    function* (entity, { plan }) {
      if (isGuarded(entity) && !isBehindFirewall(entity, plan)) yield "stands behind no firewall";
    },
    function* (firewall) {
      if (!isFirewall(firewall)) return;
      const policy = firewall.inputs.at("inboundPolicy").text() ?? "ACCEPT";
      if (policy !== "DROP") yield `lets in what no rule of it names (inboundPolicy: ${policy})`;
    },
    function* (firewall) {
      if (isFirewall(firewall) && firewall.inputs.at("disabled").isTrue()) yield "is switched off";
    },
  ],
};

/** What firewalls let in. */
const admitted: Rule = {
  id: "L2",
  title: "The world reaches the web's ports only, and behind Cloudflare not even these",
  why: "A port that everybody reaches is tried by everybody within minutes; a server that answers past its edge has no edge.",
  fix: "Name the networks (`landfall:access.networks`, the edge's own ranges) in place of 0.0.0.0/0 and ::/0.",
  level: "mandatory",
  sources: [
    "CIS Docker Benchmark 2.7",
    "https://github.com/basecamp/kamal/issues/1682",
    "https://www.cloudflare.com/ips/",
  ],
  allow: { what: "Ports that the world may reach.", usual: ["80", "443"] },
  scope: "plan",
  about: isFirewall,
  check: [
    ({ inputs }, { allow }) =>
      ofEach(openRules(inputs), function* (rule) {
        if (!isForEverybody(rule)) return;
        const closed = portsOf(rule).filter((port) => !allow.includes(port));
        if (closed.length > 0) yield `lets everybody reach ${portWords(closed)} (rule ${labelOf(rule)})`;
      }),
    ({ inputs }, { plan }) =>
      ofEach(openRules(inputs), function* (rule) {
        const web = portsOf(rule).filter((port) => port === "80" || port === "443");
        if (web.length === 0 || !isForEverybody(rule)) return;
        const proxied = plan.ofType(types.record).find((record) => record.inputs.at("proxied").isTrue());
        if (proxied !== undefined)
          yield `lets everybody past Cloudflare to ${portWords(web)}, though ${proxied.name} is proxied (rule ${labelOf(rule)})`;
      }),
  ],
};

/** How servers are made. */
const hardened: Rule = {
  id: "L3",
  title: "A Linode is reached by key alone, its disks are encrypted, and its data is not on its own disk alone",
  why: "A root password can be guessed, a disk can be read by whoever gets it next, and a Linode's own disk goes with it.",
  fix: 'Give keys by user data, no `rootPass`, `diskEncryption: "enabled"`, `encryption: "enabled"` on volumes; keep data on a volume, or set `backupsEnabled`.',
  level: "mandatory",
  sources: [
    "Checkov CKV_LIN_1, CKV_LIN_2",
    "https://techdocs.akamai.com/cloud-computing/docs/local-disk-encryption",
    "https://techdocs.akamai.com/cloud-computing/docs/faqs-for-volumes (Backups leave volumes out)",
  ],
  scope: "plan",
  about: remains(types.instance, types.disk),
  check: [
    function* (instance) {
      if (!isInstance(instance)) return;
      const ways = ["authorizedKeys", "authorizedUsers", "metadatas"].map((way) => instance.inputs.at(way));
      if (!ways.some((way) => way.isGiven)) yield "is given no key, so nobody could log in but by a password";
    },
    function* (instance) {
      if (isInstance(instance) && instance.inputs.at("rootPass").isGiven) yield "has a root password";
    },
    function* (instance) {
      if (isInstance(instance) && instance.inputs.at("diskEncryption").text() !== "enabled")
        yield "has disks that are not encrypted";
    },
    function* (disk) {
      if (disk.type === types.disk && disk.inputs.at("encryption").text() !== "enabled") yield "is not encrypted";
    },
    function* (instance, { plan }) {
      if (!isInstance(instance) || instance.inputs.at("backupsEnabled").isTrue()) return;
      const data = plan.ofType(types.volume).find((volume) => liesOn(volume, instance));
      if (data !== undefined) yield `has ${data.name} on its own disk, and no backups`;
    },
  ],
};

/** What firewalls let out. */
const outgoing: Rule = {
  id: "L4",
  title: "A firewall says what may go out, and lets out what a server cannot do without",
  why: "Without packages, certificates and backups a server grows old; with a policy that nobody chose, nobody knows what may leave.",
  fix: 'Set `outboundPolicy: "ACCEPT"`, or `"DROP"` with rules for packages, names, time, the certificate\'s issuer and backups.',
  level: "advisory",
  sources: ["Checkov CKV_LIN_6"],
  scope: "resource",
  about: isFirewall,
  check: [
    function* ({ inputs }) {
      const policy = inputs.at("outboundPolicy").text();
      if (policy === undefined) yield "does not say what may go out";
      else if (policy === "DROP" && inputs.at("outbounds").items().length === 0) yield "lets nothing out";
    },
  ],
};

/** Rules on Linodes. */
export const linodeRules: readonly Rule[] = [behindFirewall, admitted, hardened, outgoing];

function isBehindFirewall({ type, inputs, urn }: PlannedResource, plan: Plan): boolean {
  const list = type === types.balancer ? "nodebalancers" : "linodes";
  return (
    inputs.at("firewallId").isGiven ||
    plan.ofType(types.firewallDevice).some((device) => plan.isFrom(device, "entityId", urn)) ||
    plan.ofType(types.firewall).some((firewall) => plan.isFrom(firewall, list, urn))
  );
}

function openRules(inputs: Value): Value[] {
  return inputs
    .at("inbounds")
    .items()
    .filter((rule) => rule.at("action").text() === "ACCEPT" && rule.at("protocol").text() !== "ICMP");
}

/** The shortest prefixes that still name somebody: a shorter one is as good as everybody. */
const shortestPrefix = { ipv4s: 8, ipv6s: 16 } as const;

function isForEverybody(rule: Value): boolean {
  return Object.entries(shortestPrefix).some(([family, shortest]) =>
    rule
      .at(family)
      .texts()
      .some((network) => Number(network.split("/").at(1) ?? Infinity) < shortest),
  );
}

/** The ports of a rule as they stand in it: `22`, `8000-8010`; `every port` without any. */
function portsOf(rule: Value): string[] {
  const ports = (rule.at("ports").text() ?? "").split(/[,\s]+/).filter(Boolean);
  return ports.length === 0 ? ["every port"] : ports;
}

function portWords(ports: readonly string[]): string {
  return ports.includes("every port") ? "every port" : `port ${ports.join(", ")}`;
}

function labelOf(rule: Value): string {
  return rule.at("label").text() ?? "without a label";
}

/** Whether a volume's data is on a Linode's own disk: what may be lost of its volumes is not protected. */
function liesOn({ options, inputs }: PlannedResource, instance: PlannedResource): boolean {
  return options.protect && options.deletedWith === instance.urn && !inputs.at("driverOpts").at("device").isGiven;
}
