import { responseHeaders, type Site } from "./site.ts";
import { upstreamAuthorityFile, upstreamName, upstreamTimes } from "./upstream.ts";

/** Docker's own name server, asked again every few seconds: a container that starts anew may have another address. */
export const nginxResolver = `  resolver 127.0.0.11 valid=5s ipv6=off;
`;

/** The servers that requests are passed on to, or how a container's name is found. */
export function renderServers({ upstream }: Site): string {
  const upgrade = `  map $http_upgrade $connection_upgrade { "" close; default upgrade; }\n`;
  if (upstream.kind === "container") return nginxResolver + upgrade;
  const { retry, connect } = upstreamTimes;
  const names = upstream.servers.map(({ address, port }) => authority(address, port));
  return `  upstream servers {
    zone servers 64k;
    least_conn;
${names.map((name) => `    server ${name} max_fails=3 fail_timeout=${String(retry)}s;\n`).join("")}    # When every one has failed, as in a moment of too much load, they are asked all the same.
${names.map((name) => `    server ${name} max_fails=0 backup;\n`).join("")}  }
  proxy_next_upstream error timeout http_502;
  proxy_next_upstream_timeout ${String(connect * names.length + retry)}s;
  proxy_intercept_errors on;
  proxy_ssl_verify on;
  proxy_ssl_trusted_certificate ${upstreamAuthorityFile};
  proxy_ssl_name ${upstreamName};
  proxy_ssl_server_name on;
  proxy_ssl_protocols TLSv1.3;
${upgrade}`;
}

/** Passes a request on. The client's own forwarding headers are overwritten. */
export function renderPass({ upstream, answerSeconds }: Site): string {
  const connect = upstream.kind === "container" ? upstreamTimes.containerConnect : upstreamTimes.connect;
  const target =
    upstream.kind === "container"
      ? [`set $upstream ${upstream.host}:${String(upstream.port)};`, "proxy_pass http://$upstream;"]
      : ["proxy_pass https://servers;"];
  return [
    ...target,
    "proxy_http_version 1.1;",
    "proxy_set_header Host $host;",
    "proxy_set_header X-Real-IP $client_address;",
    "proxy_set_header X-Forwarded-For $client_address;",
    "proxy_set_header X-Forwarded-Proto $scheme;",
    "proxy_set_header X-Forwarded-Host $http_host;",
    "proxy_set_header X-Request-Id $request_id;",
    "proxy_set_header Upgrade $http_upgrade;",
    "proxy_set_header Connection $connection_upgrade;",
    `proxy_connect_timeout ${String(connect)}s;`,
    `proxy_read_timeout ${String(answerSeconds)}s;`,
    ...Object.keys(responseHeaders({ hsts: { maxAgeSeconds: 0, includeSubdomains: false, preload: false } })).map(
      (name) => `proxy_hide_header ${name};`,
    ),
  ].join(" ");
}

function authority(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${String(port)}` : `${address}:${String(port)}`;
}
