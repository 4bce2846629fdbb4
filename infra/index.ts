import * as pulumi from "@pulumi/pulumi";
import { App } from "./components/app.ts";
import { CertificateAuthority } from "./components/certificate-authority.ts";
import { CertificateFolder } from "./components/certificate-folder.ts";
import { createCertificate } from "./components/create-certificate.ts";
import { createZone } from "./components/create-zone.ts";
import { edgeClientAddress, edgeNetworks } from "./components/edge-networks.ts";
import { requireFreePorts } from "./components/free-ports.ts";
import { legacySources } from "./components/legacy-sources.ts";
import { Migration } from "./components/migration.ts";
import { Network } from "./components/network.ts";
import { PgBouncer } from "./components/pgbouncer.ts";
import { Postgres } from "./components/postgres.ts";
import { Proxy } from "./components/proxy.ts";
import { ProxySite } from "./components/proxy-site.ts";
import { Redis } from "./components/redis.ts";
import { withRole } from "./components/server.ts";
import { createServers } from "./components/servers.ts";
import { isAskedOverHttp } from "./settings/certificate.ts";
import { readSettings } from "./settings/stack.ts";
import { whereThings } from "./where-things-are.ts";

const settings = readSettings();
const environment = pulumi.getStack();

const networks = edgeNetworks(settings.dns);
const prefix = `${pulumi.getProject()}-${environment}`;
const { servers, made } = createServers({ settings, prefix, edgeNetworks: networks });
const [server] = withRole(servers, "edge");
await requireFreePorts({ settings, proxy: server.dockerName("proxy") });

const network = new Network({ server });
const authority = new CertificateAuthority("internal-authority", { commonName: `Landfall ${environment} internal` });

const postgres = new Postgres({ server, network, authority, settings: settings.postgres });
const pool = new PgBouncer({ server, network, authority, postgres, settings: settings.postgres });
const redis = new Redis({ server, network, authority, settings: settings.redis });

const { sources, gates } = legacySources({ server, network, settings });
const migration = new Migration({
  server,
  network,
  postgres,
  sources,
  settings: settings.migration,
  after: [postgres.gate, ...gates],
});

const systems = Object.keys(sources);
const app = new App({
  server,
  network,
  pool,
  redis,
  environment,
  hosts: settings.hosts,
  systems,
  settings: settings.app,
  after: [migration.gate, pool.gate, redis.gate],
});

const zone = createZone(settings);
const folder = settings.certificate.issuer === "acme" ? new CertificateFolder({ server }) : undefined;
const proxy = new Proxy({ server, network, certificates: folder, settings: settings.proxy });
// Who is asked on port 80 whether the hosts are ours has to find the server first; everybody else finds it last.
const early = isAskedOverHttp(settings.certificate) ? zone?.lead(server, [proxy]) : undefined;
const certificate = createCertificate({
  server,
  network,
  folder,
  hosts: settings.hosts,
  settings: settings.certificate,
  token: settings.secrets.cloudflare?.dnsToken,
  after: [proxy, ...(early ?? [])],
});
const site = new ProxySite(
  {
    server,
    proxy,
    app,
    certificate,
    hosts: settings.hosts,
    settings: settings.proxy,
    clientAddress: edgeClientAddress(networks),
  },
  { dependsOn: [app.gate] },
);
if (early === undefined) zone?.lead(server, [site.gate]);

export const url = site.url;
export const release = app.release;
export const rootCertificate = certificate.kind === "delivered" ? certificate.rootCertificate : "";
export const operator = app.operator;
export const operatorPassword = app.operatorPassword;
export const whereThingsAre = whereThings({ site, app, certificate, migration, settings: settings.migration });
export { made as servers };
