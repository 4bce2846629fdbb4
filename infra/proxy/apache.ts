import { apacheGround } from "./apache-ground.ts";
import { renderLimits, windowOf } from "./apache-limits.ts";
import { refusals, renderPass, renderServers } from "./apache-upstream.ts";
import { networksBeside } from "./networks.ts";
import {
  certificateFile,
  ciphers,
  compressedTypes,
  hashedFile,
  keyFile,
  publicAuthority,
  responseHeaders,
  type Site,
} from "./site.ts";

type Scheme = keyof typeof ports;

/** Variables that hold the ports. */
const ports = {
  http: { direct: "httpPort", balanced: "balancedHttpPort" },
  https: { direct: "httpsPort", balanced: "balancedHttpsPort" },
} as const;

/** A path goes on as it came. */
const encodedSlashes = "  AllowEncodedSlashes NoDecode\n";

/**
 * The Apache configuration of a site, whole. Paths of what is delivered with it are relative to the folder that the server
 * is started with, so that a release can be tested where it lies before it is made current.
 */
export function renderApache(site: Site): string {
  const folder = site.certificate.kind === "folder" ? `${site.certificate.path}/` : "";
  const [name = "", ...others] = site.hosts;
  const names = `  ServerName ${name}\n${others.map((other) => `  ServerAlias ${other}\n`).join("")}${encodedSlashes}`;
  return `${apacheGround}
LogFormat "{\\"time\\":\\"%{%Y-%m-%dT%H:%M:%S%z}t\\",\\"request_id\\":\\"%{UNIQUE_ID}e\\",\\"address\\":\\"%{CLIENT_ADDRESS}e\\",\\"method\\":\\"%m\\",\\"host\\":\\"%V\\",\\"uri\\":\\"%{LOGGED_URI}e\\",\\"status\\":%>s,\\"bytes\\":%B,\\"seconds\\":%De-6,\\"upstream\\":\\"%{BALANCER_WORKER_NAME}e\\"}" json
SetEnvIfExpr "escape(%{REQUEST_URI}) =~ /^(.*)$/" LOGGED_URI=$1
SetEnvIf Request_URI "^/health/(live|ready)$" unlogged
CustomLog /dev/stdout json env=!unlogged

AddOutputFilterByType DEFLATE text/html ${compressedTypes.join(" ")}
${renderAddresses(site)}${renderLimits(site)}
SSLProtocol -all +TLSv1.2 +TLSv1.3
SSLCipherSuite ${ciphers}
SSLHonorCipherOrder off
SSLSessionCache shmcb:\${folder}/tls(512000)
SSLSessionTickets off
SSLCertificateFile ${folder}${certificateFile}
SSLCertificateKeyFile ${folder}${keyFile}

${renderHeaders(site)}${renderRefusals(site)}${renderServers(site)}
# Plain HTTP: to the same host and path over HTTPS, for the hosts that are served.
${renderUnknown(site, "http", "  Redirect 421 /\n")}<VirtualHost ${addresses(site, "http")}>
${names}${renderChallenges(site)}  RewriteEngine on
${site.certificate.kind === "folder" ? "  RewriteRule ^/\\.well-known/acme-challenge/ - [END]\n" : ""}  RewriteCond "%{HTTP_HOST} %{THE_REQUEST}" "^([^: ]+)\\S* \\S+ (?:https?://[^/ ]+)?(/\\S*)"
  RewriteRule ^ https://${publicAuthority("%1", site.httpsPort)}%2 [R=301,L,NE,UnsafeAllow3F]
</VirtualHost>

# HTTPS under another name, or none: only what a probe may ask.
${renderUnknown(site, "https", probes(site))}<VirtualHost ${addresses(site, "https")}>
${names}  SSLEngine on
  RewriteEngine on
${renderMaintenance(site)}${renderChallenges(site)}${renderPass(site)}  <LocationMatch "^/metrics$">
${site.metricsNetworks.length === 0 ? "    Require all denied\n" : site.metricsNetworks.map((network) => `    Require expr "%{reqenv:CLIENT_ADDRESS} -ipmatch '${network}'"\n`).join("")}  </LocationMatch>
  <LocationMatch "${hashedFile.path}">
    Header set Cache-Control "${hashedFile.cacheControl}" "expr=%{REQUEST_STATUS} in { '200', '206', '304' }"
  </LocationMatch>
</VirtualHost>
`;
}

/** The server for other names on each of a scheme's ports, which says of the port whether the PROXY protocol is spoken. */
function renderUnknown({ proxyProtocol }: Site, scheme: Scheme, content: string): string {
  const server = (port: string, more: string): string => `<VirtualHost *:\${${port}}>
  ServerName unknown.invalid
${encodedSlashes}${more}${content}</VirtualHost>
`;
  const direct = server(ports[scheme].direct, "");
  if (proxyProtocol === undefined) return direct;
  return direct + server(ports[scheme].balanced, "  RemoteIPProxyProtocol On\n");
}

function probes(site: Site): string {
  return `  SSLEngine on
  RewriteEngine on
  RewriteRule ^/health/(live|ready)$|^${refusals} - [END]
  RewriteRule ^ - [R=421]
${renderPass(site)}`;
}

function addresses({ proxyProtocol }: Site, scheme: Scheme): string {
  const { direct, balanced } = ports[scheme];
  return proxyProtocol === undefined ? `*:\${${direct}}` : `*:\${${direct}} *:\${${balanced}}`;
}

/**
 * The client's address, as CLIENT_ADDRESS, over two hops: a balancer names it by the PROXY protocol, and if that is the
 * address of an edge, the edge names its client in a header. Each is believed from its own networks alone: the protocol is
 * taken from everybody but those who are excepted, and from the container itself, whose server is asked as a balancer does.
 * mod_remoteip would not look at the header where the protocol has named an address.
 */
function renderAddresses({ proxyProtocol, clientAddress }: Site): string {
  const balanced =
    proxyProtocol === undefined
      ? []
      : [
          "Listen ${balancedHttpPort}",
          "Listen ${balancedHttpsPort}",
          ...networksBeside([...proxyProtocol.networks, "127.0.0.0/8"]).map(
            (network) => `RemoteIPProxyProtocolExceptions ${network}`,
          ),
        ];
  const edge =
    clientAddress === undefined
      ? []
      : clientAddress.networks.map(
          (network) =>
            `SetEnvIfExpr "%{REMOTE_ADDR} -ipmatch '${network}' && %{HTTP:${clientAddress.header}} =~ /^([0-9a-fA-F.:]+)$/" CLIENT_ADDRESS=$1`,
        );
  return [...balanced, `SetEnvIfExpr "%{REMOTE_ADDR} =~ /^(.*)$/" CLIENT_ADDRESS=$1`, ...edge].join("\n") + "\n";
}

/** The header lines, which the service's own do not double. */
function renderHeaders(site: Site): string {
  return Object.entries(responseHeaders(site))
    .map(([name, value]) => `Header unset ${name}\nHeader always set ${name} "${value}"\n`)
    .join("");
}

/**
 * What a request that goes no further is answered with: files of the image that bring their own status, as Apache would
 * keep that of the error.
 */
function renderRefusals({ signInRateLimit }: Site): string {
  const { seconds } = windowOf(signInRateLimit);
  return `Alias ${refusals} /usr/share/proxy/refusals/
<Directory /usr/share/proxy/refusals>
  Require all granted
  SetHandler send-as-is
</Directory>
ErrorDocument 429 ${refusals}limited.asis
ErrorDocument 500 ${refusals}unavailable.asis
ErrorDocument 502 ${refusals}unavailable.asis
ErrorDocument 503 ${refusals}unavailable.asis
ErrorDocument 504 ${refusals}unavailable.asis
Header set Retry-After ${String(seconds)} "expr=%{REQUEST_STATUS} == 429 && -n reqenv('REDIRECT_signing_in')"
`;
}

/** What a certificate's issuer asks for, over HTTPS too: an edge in front may have redirected it. */
function renderChallenges({ certificate }: Site): string {
  if (certificate.kind !== "folder" || certificate.challenges === undefined) return "";
  return `  ProxyPass /.well-known/acme-challenge/ !
  Alias /.well-known/acme-challenge/ ${certificate.challenges}/.well-known/acme-challenge/
  <Directory ${certificate.challenges}>
    Require all granted
    ForceType text/plain
  </Directory>
`;
}

function renderMaintenance(site: Site): string {
  if (!site.maintenance) return "";
  return `  RewriteCond %{REQUEST_METHOD} !^(GET|HEAD|OPTIONS)$
  RewriteRule ^ - [R=503,E=MAINTENANCE:1]
  RewriteCond %{ENV:REDIRECT_MAINTENANCE} 1
  RewriteRule ^${refusals} ${refusals}maintenance.asis [PT,END]
`;
}
