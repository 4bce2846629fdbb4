import type { ElasticsearchSettings } from "../settings/search.ts";
import { mebibytes } from "../settings/units.ts";

/** Port of Elasticsearch. */
export const elasticsearchPort = 9200;

/** The user that the service is to Elasticsearch. */
export const elasticsearchUser = "landfall";

const role = "landfall_service";

/** What the configuration folder of Elasticsearch is filled from. */
export interface ElasticsearchFiles {
  readonly settings: ElasticsearchSettings;
  /** The password of the service's user, and its bcrypt hash. */
  readonly password: string;
  readonly passwordHash: string;
}

/**
 * The configuration of Elasticsearch 8 by file name. It is one node, speaks TLS alone, and knows one user, who may see
 * the health and use the one index: https://www.elastic.co/guide/en/elasticsearch/reference/8.19/file-realm.html
 */
export function renderElasticsearch({ settings, password, passwordHash }: ElasticsearchFiles): Record<string, string> {
  return {
    "elasticsearch.yml": configuration,
    "landfall.options": javaOptions(settings),
    "roles.yml": `${role}:
  cluster: ["monitor"]
  indices:
    - names: ["${settings.index}"]
      privileges: ["manage", "read", "write"]
`,
    users: `${elasticsearchUser}:${passwordHash}\n`,
    users_roles: `${role}:${elasticsearchUser}\n`,
    // For the health check, so that the password is in no command line: https://curl.se/docs/manpage.html#-K
    "health.curl": `user = "${elasticsearchUser}:${password}"\n`,
  };
}

// Nothing is made by being written to: a bulk request to an index that was deleted must fail, not invent a mapping.
const configuration = `cluster.name: landfall
node.name: search
discovery.type: single-node
network.host: 0.0.0.0
http.port: ${String(elasticsearchPort)}
transport.host: 127.0.0.1
path.data: /var/lib/elasticsearch/data
path.logs: /usr/share/elasticsearch/logs
action.auto_create_index: false
ingest.geoip.downloader.enabled: false
xpack.ml.enabled: false
xpack.security.enabled: true
xpack.security.autoconfiguration.enabled: false
xpack.security.authc.realms.file.file1.order: 0
xpack.security.http.ssl.enabled: true
xpack.security.http.ssl.certificate: server.crt
xpack.security.http.ssl.key: server.key
xpack.security.http.ssl.supported_protocols: ["TLSv1.3", "TLSv1.2"]
`;

/** The log of the garbage collector would fill the folder in memory. */
function javaOptions({ heap }: ElasticsearchSettings): string {
  const megabytes = `${String(mebibytes(heap))}m`;
  return `-Xms${megabytes}
-Xmx${megabytes}
-Xlog:disable
-Xlog:all=warning:stderr:utctime,level,tags
`;
}
