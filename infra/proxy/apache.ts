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

/**
 * The Apache configuration of a site, whole. Paths of what is delivered with it are relative to the folder that the server
 * is started with, so that a release can be tested where it lies before it is made current.
 */
export function renderApache(site: Site): string {
  const folder = site.certificate.kind === "folder" ? `${site.certificate.path}/` : "";
  const [name = "", ...others] = site.hosts;
  const names = `  ServerName ${name}\n${others.map((other) => `  ServerAlias ${other}\n`).join("")}`;
  return `${apacheGround}
LogFormat "{\\"time\\":\\"%{%Y-%m-%dT%H:%M:%S%z}t\\",\\"request_id\\":\\"%{UNIQUE_ID}e\\",\\"address\\":\\"%a\\",\\"method\\":\\"%m\\",\\"host\\":\\"%V\\",\\"uri\\":\\"%{LOGGED_URI}e\\",\\"status\\":%>s,\\"bytes\\":%B,\\"seconds\\":%De-6,\\"upstream\\":\\"%{BALANCER_WORKER_NAME}e\\"}" json
SetEnvIfExpr "escape(%{REQUEST_URI}) =~ /^(.*)$/" LOGGED_URI=$1
SetEnvIf Request_URI "^/health/(live|ready)$" unlogged
CustomLog /dev/stdout json env=!unlogged

AddOutputFilterByType DEFLATE text/html ${compressedTypes.join(" ")}
LimitRequestBody ${String(site.maxBodyBytes)}
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
${site.metricsNetworks.length === 0 ? "    Require all denied\n" : site.metricsNetworks.map((network) => `    Require ip ${network}\n`).join("")}  </LocationMatch>
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
${more}${content}</VirtualHost>
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
 * The client's address over two hops: a balancer names it by the PROXY protocol, and if that is the address of an edge, the
 * edge names its client in a header. Each is believed from its own networks alone: the module takes the protocol from
 * everybody but those who are excepted. The server itself is asked by its own container in the same way.
 */
function renderAddresses({ proxyProtocol, clientAddress }: Site): string {
  const lines = [
    ...(proxyProtocol === undefined
      ? []
      : [
          "Listen ${balancedHttpPort}",
          "Listen ${balancedHttpsPort}",
          ...networksBeside([...proxyProtocol.networks, "127.0.0.0/8"]).map(
            (network) => `RemoteIPProxyProtocolExceptions ${network}`,
          ),
        ]),
    ...(clientAddress === undefined || clientAddress.networks.length === 0
      ? []
      : [
          `RemoteIPHeader ${clientAddress.header}`,
          ...clientAddress.networks.map((network) => `RemoteIPTrustedProxy ${network}`),
        ]),
  ];
  return lines.map((line) => `${line}\n`).join("");
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
  RewriteRule ^ ${refusals}maintenance.asis [PT,END]
`;
}
