import * as pulumi from "@pulumi/pulumi";
import { createApps, type AppPlace } from "./components/apps.ts";
import { CertificateAuthority } from "./components/certificate-authority.ts";
import { createDatabase } from "./components/create-database.ts";
import type { Place } from "./components/database.ts";
import { createEdges } from "./components/edges.ts";
import { edgeNetworks as findEdgeNetworks } from "./components/edge-networks.ts";
import { requireElasticsearchImage } from "./components/elasticsearch-image.ts";
import { requireFreePorts } from "./components/free-ports.ts";
import { legacySources } from "./components/legacy-sources.ts";
import { Migration } from "./components/migration.ts";
import { createStorage } from "./components/object-storage.ts";
import { Places } from "./components/places.ts";
import { Redis } from "./components/redis.ts";
import { createSearch } from "./components/search.ts";
import { createServers } from "./components/servers.ts";
import { endWithEngine } from "./end-with-engine.ts";
import { readSettings } from "./settings/stack.ts";
import { whereThings } from "./where-things-are.ts";

endWithEngine();
const settings = readSettings();
const environment = pulumi.getStack();
const prefix = `${pulumi.getProject()}-${environment}`;

await requireFreePorts({ settings, proxy: `${prefix}-proxy` });
await requireElasticsearchImage(settings);

const edgeNetworks = findEdgeNetworks(settings.dns);
const { servers, balancer, made } = createServers({ settings, prefix, edgeNetworks });
const places = new Places(servers);

const authority = new CertificateAuthority("internal-authority", { commonName: `Landfall ${environment} internal` });
const storage = createStorage({ settings: settings.storage, prefix });

const [databasePlace] = places.withRole("database");
const database = createDatabase({ place: databasePlace, servers, authority, settings });
const [cachePlace] = places.withRole("cache");
const redis = new Redis({ ...cachePlace, authority, settings: settings.redis });
const search = createSearch({ place: places.first("search"), authority, settings: settings.search });

const legacy = legacySources({ ...databasePlace, settings });
const migration = new Migration({
  ...databasePlace,
  database,
  legacy,
  media: storage.mediaStore(databasePlace.server),
  settings: settings.migration,
  after: [...database.gates, ...legacy.gates],
});

const [firstApp, ...otherApps] = places.withRole("app");
const atApp = (place: Place): AppPlace => ({
  ...place,
  parts: [...search.parts(place.server), ...storage.media(place.server)],
});
const service = createApps({
  places: [atApp(firstApp), ...otherApps.map(atApp)],
  database,
  redis,
  authority,
  environment,
  systems: Object.keys(legacy.sources),
  settings,
  after: [migration.gate, redis.gate, ...search.gates],
});
const edges = createEdges({ places: places.withRole("edge"), service, authority, balancer, edgeNetworks, settings });

export const url = edges.url;
export const release = service.release;
export const rootCertificate = edges.certificate.privateRoot ?? "";
export const operator = service.operator;
export const operatorPassword = service.operatorPassword;
export const whereThingsAre = whereThings({ edges, service, migration, settings: settings.migration });
const balancerAddress = balancer?.publicAddress ?? "";
export { made as servers, balancerAddress as balancer };
