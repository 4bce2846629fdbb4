import type { PlannedResource } from "../plan.ts";
import { remains, types } from "../resource-types.ts";
import type { Rule } from "../rule.ts";
import { ofEach, type Value } from "../value.ts";

const isRecord = remains(types.record);
const leading = ["A", "AAAA", "CNAME"];

/** What must hold for a zone, and the values that do. */
const wanted = {
  ssl: ["strict"],
  min_tls_version: ["1.2", "1.3"],
  always_use_https: ["on"],
} as const;

/** How zones treat requests. */
const strictZone: Rule = {
  id: "C1",
  title: "A zone asks the origin over checked TLS, takes TLS 1.2 at least, and its hosts say who may certify them",
  why: "Any other mode takes every certificate of the origin, or none; without CAA every authority may issue for the hosts.",
  fix: "Set ssl to strict, min_tls_version to 1.2, always_use_https to on (`landfall:dns.manageZone`), and a CAA record for each host of a public certificate.",
  level: "mandatory",
  sources: [
    "https://developers.cloudflare.com/ssl/origin-configuration/ssl-modes/full-strict/",
    "https://www.rfc-editor.org/rfc/rfc8659",
    "https://github.com/basecamp/kamal/issues/1039",
  ],
  scope: "plan",
  about: remains(types.zoneSetting, types.certificateGate),
  check: [
    function* ({ type, inputs }) {
      if (type !== types.zoneSetting) return;
      const setting = inputs.at("settingId").text() ?? "";
      const right: readonly string[] | undefined =
        setting in wanted ? wanted[setting as keyof typeof wanted] : undefined;
      const value = inputs.at("value").text() ?? "";
      if (right !== undefined && !right.includes(value))
        yield `sets ${setting} to ${value}; it must be ${right.join(" or ")}`;
    },
    function* (setting, { plan }) {
      if (setting.type !== types.zoneSetting) return;
      const zone = setting.inputs.at("zoneId").text();
      const same = plan.ofType(types.zoneSetting).filter((one) => one.inputs.at("zoneId").text() === zone);
      // Each zone is spoken of once.
      if (same[0] !== setting) return;
      const given = same.map((one) => one.inputs.at("settingId").text());
      const missing = Object.keys(wanted).filter((one) => !given.includes(one));
      if (missing.length > 0) yield `is of a zone for which ${missing.join(" and ")} is left as it is`;
    },
    (gate, { plan }) =>
      ofEach(gate.type === types.certificateGate ? gate.inputs.at("hosts").items() : [], function* (item) {
        const host = item.text() ?? "";
        const isOurs = plan
          .ofType(types.record)
          .some((record) => leading.includes(typeOf(record)) && nameOf(record) === host);
        if (!isOurs) return;
        const permitted = plan
          .ofType(types.record)
          .filter((record) => typeOf(record) === "CAA" && nameOf(record) === host)
          .map((record) => record.inputs.at("data").at("value").text() ?? "");
        const directory = new URL(gate.inputs.at("directory").text() ?? "").hostname;
        if (permitted.length === 0) yield `gets a certificate for ${host}, for which every authority may issue`;
        else if (!permitted.some((name) => directory.endsWith(name)))
          yield `gets a certificate for ${host} from ${directory}, and only ${permitted.join(" and ")} may issue for it`;
      }),
  ],
};

/** Records that lead to servers. */
const proxiedRecords: Rule = {
  id: "C2",
  title: "A host leads through Cloudflare, and one record leads it",
  why: "A record that is not proxied shows the server's address to everybody, for good; two of a name take turns.",
  fix: "Set `proxied: true`, or list the host in the settings; give each name to one record.",
  level: "mandatory",
  sources: [
    "https://developers.cloudflare.com/dns/proxy-status/",
    "https://github.com/sst/sst/issues/4423",
    "https://github.com/sst/sst/issues/6059",
  ],
  allow: { what: "Hosts whose records may show the server's address.", usual: [] },
  scope: "plan",
  about: isRecord,
  check: [
    function* (record, { allow }) {
      if (!["A", "AAAA"].includes(typeOf(record)) || record.inputs.at("proxied").isTrue()) return;
      const host = nameOf(record);
      if (!allow.includes(host)) yield `shows the server's address to everybody who asks for ${host}`;
    },
    function* (record, { plan }) {
      const type = typeOf(record);
      if (!leading.includes(type)) return;
      const zone = record.inputs.at("zoneId").text();
      const owner = plan
        .ofType(types.record)
        .find(
          (one) => nameOf(one) === nameOf(record) && typeOf(one) === type && one.inputs.at("zoneId").text() === zone,
        );
      if (owner !== undefined && owner !== record)
        yield `is a second ${type} record of ${nameOf(record)}, besides ${owner.name}`;
    },
  ],
};

/** What Cloudflare answers other than it was asked. */
const steadyRecords: Rule = {
  id: "C3",
  title: "A proxied record leaves its time to live to Cloudflare, and a rule of a ruleset has a name of its own",
  why: "Otherwise every update shows the same change again, and every edit of a ruleset gives all its rules new ids.",
  fix: "Set `ttl: 1` on what is proxied, and `ref` on every rule.",
  level: "mandatory",
  sources: [
    "https://github.com/cloudflare/terraform-provider-cloudflare/issues/126",
    "https://developers.cloudflare.com/terraform/troubleshooting/rule-id-changes/",
  ],
  scope: "resource",
  about: remains(types.record, types.ruleset),
  check: [
    function* (record) {
      if (!isRecord(record) || !record.inputs.at("proxied").isTrue()) return;
      const ttl = record.inputs.at("ttl").number();
      if (ttl !== 1) yield `is proxied and has a time to live of its own (${String(ttl)})`;
    },
    ({ type, inputs }) =>
      ofEach(type === types.ruleset ? inputs.at("rules").items() : [], function* (rule) {
        if (!rule.at("ref").isGiven) yield `has a rule without a ref: ${described(rule)}`;
      }),
  ],
};

/** Rules on Cloudflare. */
export const cloudflareRules: readonly Rule[] = [strictZone, proxiedRecords, steadyRecords];

function typeOf({ inputs }: PlannedResource): string {
  return inputs.at("type").text() ?? "";
}

function nameOf({ inputs }: PlannedResource): string {
  return (inputs.at("name").text() ?? "").toLowerCase().replace(/\.$/, "");
}

function described(rule: Value): string {
  return rule.at("description").text() ?? rule.at("expression").text() ?? rule.path;
}
