import { rules } from "../catalogue.ts";
import { evaluate, type PolicyOptions, type Result } from "../evaluate.ts";
import { nothing, Plan, type Change, type PlannedResource, type ResourceOptions } from "../plan.ts";
import { types } from "../resource-types.ts";
import { Value } from "../value.ts";

/** A resource in short; what is left out is as in a first update. */
export interface Draft {
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly change?: Change;
  readonly replaceReasons?: readonly string[];
  readonly options?: Partial<ResourceOptions>;
  /** Name of its provider. */
  readonly provider?: string;
  readonly dependencies?: readonly string[];
  readonly from?: Readonly<Record<string, readonly string[]>>;
}

/** Drafts by their names. */
export type Drafts = Readonly<Record<string, Draft>>;

/** What is other than in the right estate: a draft, a change of one, or undefined for one that is missing. */
export type Mutations = Readonly<Record<string, Draft | ((draft: Draft) => Draft) | undefined>>;

const service = (name: string, inputs: Readonly<Record<string, unknown>> = {}): Draft => ({
  type: types.container,
  provider: "server-engine",
  options: { deletedWith: "server-g1" },
  inputs: {
    name: `landfall-test-${name}`,
    image: "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    user: "10001:10001",
    envs: ["LOG_LEVEL=info", "SECRET_KEY_FILE=/run/secrets/secret_key"],
    volumes: [{ volumeName: "landfall-test-secrets", containerPath: "/run/secrets" }],
    networksAdvanced: [{ name: "landfall-test-data" }],
    readOnly: true,
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    memory: 512,
    cpus: "1.0",
    logDriver: "json-file",
    logOpts: { "max-size": "10m", "max-file": "3" },
    labels: [{ label: "landfall.service", value: name }],
    restart: "unless-stopped",
    mustRun: true,
    destroyGraceSeconds: 30,
    ...inputs,
  },
});

const gateOf = (container: string): Draft => ({ type: types.healthGate, from: { container: [container] } });
const network = (name: string, internal: boolean): Draft => ({
  type: types.network,
  provider: "server-engine",
  options: { deletedWith: "server-g1" },
  inputs: { name: `landfall-test-${name}`, internal },
});
const job = { restart: "no", mustRun: false };

/** An environment that breaks no rule, in which every rule has something to be asked about. */
export const rightEstate: Drafts = {
  "landfall-test": { type: types.stack },
  "server-g1": {
    type: types.instance,
    inputs: { metadatas: [{ userData: "bmV3" }], diskEncryption: "enabled" },
    options: { ignoreChanges: ["metadatas"] },
  },
  firewall: {
    type: types.firewall,
    inputs: {
      inboundPolicy: "DROP",
      outboundPolicy: "ACCEPT",
      inbounds: [
        { label: "ssh", action: "ACCEPT", protocol: "TCP", ports: "22", ipv4s: ["198.51.100.0/28"] },
        { label: "web", action: "ACCEPT", protocol: "TCP", ports: "80, 443", ipv4s: ["173.245.48.0/20"] },
        { label: "icmp", action: "ACCEPT", protocol: "ICMP", ipv4s: ["0.0.0.0/0"], ipv6s: ["::/0"] },
      ],
    },
  },
  "server-device": { type: types.firewallDevice, from: { entityId: ["server-g1"] } },
  "server-ready": { type: types.serverGate, from: { instance: ["server-g1"] } },
  "server-engine": {
    type: types.dockerProvider,
    inputs: { host: "ssh://deploy@198.51.100.64:22" },
    before: { host: "ssh://deploy@198.51.100.64:22" },
    from: { host: ["server-ready"] },
  },
  disk: { type: types.disk, inputs: { encryption: "enabled" }, options: { protect: true } },
  edge: network("edge", false),
  service: network("service", true),
  data: network("data", true),
  peers: network("peers", false),
  image: {
    type: types.image,
    provider: "server-engine",
    options: { deletedWith: "server-g1" },
    inputs: { name: "landfall/app:d9a4bd61842e7e8f", build: { context: "images/app" }, keepLocally: true },
  },
  "postgres-data": {
    type: types.volume,
    provider: "server-engine",
    options: { deletedWith: "server-g1" },
    inputs: { driverOpts: { type: "none", o: "bind", device: "/srv/data/postgres" } },
  },
  "app-secrets": {
    type: types.volume,
    provider: "server-engine",
    options: { deletedWith: "server-g1" },
    inputs: { name: "landfall-test-secrets" },
  },
  password: { type: "random:index/randomPassword:RandomPassword", options: { protect: true } },
  postgres: service("postgres"),
  "postgres-healthy": gateOf("postgres"),
  "app-1": service("app-1", {
    networksAdvanced: [{ name: "landfall-test-service" }, { name: "landfall-test-data" }],
  }),
  "app-healthy": gateOf("app-1"),
  proxy: service("proxy", {
    networksAdvanced: [{ name: "landfall-test-edge" }, { name: "landfall-test-service" }],
    ports: [
      { internal: 8080, external: 80, ip: "0.0.0.0" },
      { internal: 8443, external: 443, ip: "0.0.0.0" },
    ],
  }),
  "proxy-healthy": gateOf("proxy"),
  backup: service("backup", job),
  "backup-done": gateOf("backup"),
  "restore-check": service("restore-check", job),
  "restore-done": gateOf("restore-check"),
  site: { type: types.proxyConfiguration, dependencies: ["app-healthy"] },
  ssl: { type: types.zoneSetting, inputs: { zoneId: "zone-1", settingId: "ssl", value: "strict" } },
  tls: { type: types.zoneSetting, inputs: { zoneId: "zone-1", settingId: "min_tls_version", value: "1.2" } },
  https: { type: types.zoneSetting, inputs: { zoneId: "zone-1", settingId: "always_use_https", value: "on" } },
  host: {
    type: types.record,
    inputs: { zoneId: "zone-1", name: "learn.example.com", type: "A", proxied: true, ttl: 1 },
  },
  caa: {
    type: types.record,
    inputs: {
      zoneId: "zone-1",
      name: "learn.example.com",
      type: "CAA",
      ttl: 1,
      data: { tag: "issue", value: "letsencrypt.org" },
    },
  },
  certificate: {
    type: types.certificateGate,
    inputs: { hosts: ["learn.example.com"], directory: "https://acme-v02.api.letsencrypt.org/directory" },
  },
  cache: { type: types.ruleset, inputs: { rules: [{ ref: "static", description: "static files" }] } },
};

const plain: PolicyOptions = { rules: {}, waivers: [] };

/** The day of all judgements. */
export const today = "2026-11-21";

/** The right estate with what is other. */
export function estateWith(mutations: Mutations): Plan {
  const drafts: Record<string, Draft> = { ...rightEstate };
  for (const [name, mutation] of Object.entries(mutations)) {
    const draft = rightEstate[name];
    if (typeof mutation === "function") {
      if (draft === undefined) throw new Error(`The right estate has no ${name}.`);
      drafts[name] = mutation(draft);
    } else if (mutation === undefined) Reflect.deleteProperty(drafts, name);
    else drafts[name] = mutation;
  }
  return planOf(drafts);
}

/** A plan of drafts. */
export function planOf(drafts: Drafts): Plan {
  const urn = (name: string): string => `urn:pulumi:test::landfall::${drafts[name]?.type ?? "gone"}::${name}`;
  return new Plan(
    Object.entries(drafts).map(([name, draft]): PlannedResource => {
      const { type, inputs = {}, before, change = "create", replaceReasons = [], options = {}, from = {} } = draft;
      const named = [...(draft.dependencies ?? []), ...Object.values(from).flat()];
      return {
        urn: urn(name),
        type,
        name,
        change,
        replaceReasons,
        inputs: new Value(inputs),
        before: before === undefined ? nothing : new Value(before),
        parent: undefined,
        provider: draft.provider === undefined ? undefined : urn(draft.provider),
        dependencies: named.map(urn),
        propertyDependencies: Object.fromEntries(Object.entries(from).map(([key, names]) => [key, names.map(urn)])),
        options: {
          protect: false,
          retainOnDelete: false,
          ignoreChanges: [],
          replaceOnChanges: [],
          ...options,
          deletedWith: options.deletedWith === undefined ? undefined : urn(options.deletedWith),
        },
      };
    }),
  );
}

/** What becomes of every rule in the right estate with what is other. */
export function judgeAll(mutations: Mutations, options: PolicyOptions = plain): Result[] {
  return evaluate({ rules, plan: estateWith(mutations), options, today });
}

/** What becomes of one rule. */
export function judge(id: string, mutations: Mutations, options: PolicyOptions = plain): Result {
  const found = judgeAll(mutations, options).find(({ rule }) => rule.id === id);
  if (found === undefined) throw new Error(`There is no rule ${id}.`);
  return found;
}

/** What one rule says is wrong: a resource's name and what is wrong with it. */
export function faults(id: string, mutations: Mutations, options: PolicyOptions = plain): string[] {
  return judge(id, mutations, options).violations.map(
    ({ urn, message }) => `${urn.split("::").at(-1) ?? ""} ${message}`,
  );
}

/** What one rule cannot tell. */
export function untold(id: string, mutations: Mutations): string[] {
  const { status, open } = judge(id, mutations);
  return [status, ...open.map(({ urn, reason }) => `${urn.split("::").at(-1) ?? ""}: ${reason}`)];
}

/** Other inputs; undefined takes one away. */
export function given(inputs: Readonly<Record<string, unknown>>): (draft: Draft) => Draft {
  return (draft) => ({ ...draft, inputs: { ...draft.inputs, ...inputs } });
}

/** Other options. */
export function opted(options: Partial<ResourceOptions>): (draft: Draft) => Draft {
  return (draft) => ({ ...draft, options: { ...draft.options, ...options } });
}

/** Something else about a resource. */
export function being(other: Partial<Draft>): (draft: Draft) => Draft {
  return (draft) => ({ ...draft, ...other });
}
