import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { permittedIssuers } from "../infra/certificates/caa.ts";
import { deployUser } from "../infra/cloud-init/access.ts";
import { intentOf } from "../infra/firewall/intent.ts";
import { incomingRules, webRules } from "../infra/firewall/rules.ts";
import { responseHeaders } from "../infra/proxy/site.ts";
import type { Settings } from "../infra/settings/settings.ts";
import { seconds } from "../infra/settings/units.ts";
import { root } from "../tools/paths.ts";
import type { DnsExpectations, Expectations, SignInExpectations } from "./checks/expectations.ts";
import { addressOf, edgeNetworks, places, rootsFile, type Cloud } from "./cloud/cloud.ts";
import { originRootsFile } from "./internet/origin-roots.ts";
import type { StackOutputs } from "./outputs.ts";

/** Ports of what must be reached from nowhere: databases, pool, cache, Docker, the service itself and its proxy's own. */
const dataPorts = [5432, 6432, 6379, 2375, 2376, 8000, 8080, 8443];

/** TTL in seconds that Cloudflare gives to records for which it chooses it. */
const automaticTtl = 300;

/** What a stack's settings and outputs say that somebody outside must find. */
export function expectationsOf(cloud: Cloud, settings: Settings, outputs: StackOutputs): Expectations {
  const { dns, access, hosts, proxy } = settings;
  const proxied = dns.provider === "cloudflare" && dns.proxied;
  const networks = edgeNetworks(cloud);
  const linodes = settings.servers.filter((server) => server.platform === "linode");
  return {
    stack: cloud.stack,
    release: outputs.release,
    hosts,
    proxied,
    edge: { addresses: [addressOf(cloud, places.edge)], networks },
    dns: dnsExpectations(cloud, settings),
    servers: outputs.servers.flatMap((made) =>
      linodes
        .filter(({ name }) => name === made.name)
        .map((server) => ({
          ...made,
          roles: server.roles,
          firewall: incomingRules(intentOf(server, settings, proxied ? networks : undefined)),
        })),
    ),
    balancer:
      outputs.balancer === ""
        ? undefined
        : {
            name: "balancer",
            publicAddress: outputs.balancer,
            firewall: webRules(proxied ? { edgeNetworks: networks } : "anywhere"),
          },
    privateNetworks: [settings.network.subnet],
    tls: {
      roots: readFileSync(rootsFile(cloud), "utf8"),
      originRoots: readFileSync(originRootsFile(cloud), "utf8"),
      minimumVersion: "1.2",
      leastDays: 1,
    },
    headers: responseHeaders({
      hsts: {
        maxAgeSeconds: seconds(proxy.hsts.maxAge),
        includeSubdomains: proxy.hsts.includeSubdomains,
        preload: proxy.hsts.preload,
      },
    }),
    ssh: {
      user: deployUser,
      privateKey: readFileSync(join(cloud.folder, "ssh", cloud.stack), "utf8"),
      networks: access.networks,
    },
    signIn: settings.migration.sources.learnmore?.kind === "sample" ? migratedUser() : firstOperator(outputs),
    dataPorts,
  };
}

/** What DNS must say of the hosts, and who answers for them. */
export function dnsExpectations(cloud: Cloud, settings: Pick<Settings, "dns" | "certificate">): DnsExpectations {
  const { dns } = settings;
  const common = {
    resolver: addressOf(cloud, places.resolver),
    caa: permittedIssuers(settings.certificate).map((issuer) => `0 issue "${issuer}"`),
  };
  switch (dns.provider) {
    case "cloudflare": {
      const ttlSeconds = dns.ttl === "auto" ? automaticTtl : dns.ttl;
      return { ...common, zone: dns.zone, ttlSeconds, nameServers: [addressOf(cloud, places.edge)] };
    }
    case "linode": {
      const nameServers = [addressOf(cloud, places.linodeNames)];
      return { ...common, zone: dns.zone, ttlSeconds: dns.ttl, nameServers };
    }
    case "none":
      return { ...common, zone: "", ttlSeconds: automaticTtl, nameServers: [addressOf(cloud, places.edge)] };
  }
}

const credentials = z.record(z.string(), z.object({ password: z.string() }));

/** Who signs in where nobody was migrated. */
function firstOperator({ operator, operatorPassword }: StackOutputs): SignInExpectations {
  return { identifier: operator, password: operatorPassword, shownName: operator, whose: "the stack's own" };
}

/** The first user of LearnMore's sample who can sign in. */
function migratedUser(): SignInExpectations {
  const file = join(root, "samples/legacy/learnmore/credentials.json");
  const [first] = Object.entries(credentials.parse(JSON.parse(readFileSync(file, "utf8"))));
  if (first === undefined) throw new Error(`${file} names no user, so no sign-in can be tried.`);
  const [identifier, { password }] = first;
  return { identifier, password, shownName: identifier, whose: "that of the old system" };
}
