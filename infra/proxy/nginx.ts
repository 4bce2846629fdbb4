import { publicAuthority, responseHeaders, type Site } from "./site.ts";

/** Ports inside the container: it runs without the right to bind low ones. */
export const containerPorts = { http: 8080, https: 8443 } as const;

/**
 * The Nginx configuration of a site, whole. Paths of a delivered certificate and key are relative to the file itself, so
 * that a release can be tested where it lies before it is made current.
 */
export function renderNginx(site: Site): string {
  const folder = site.certificate.kind === "folder" ? `${site.certificate.path}/` : "";
  return `pid /run/proxy/nginx.pid;
error_log /dev/stderr warn;
worker_processes auto;
worker_shutdown_timeout 30s;
events { worker_connections 4096; }

http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  server_tokens off;
  client_body_temp_path /run/proxy/body;
  proxy_temp_path /run/proxy/proxy;
  fastcgi_temp_path /run/proxy/fastcgi;
  uwsgi_temp_path /run/proxy/uwsgi;
  scgi_temp_path /run/proxy/scgi;

  log_format json escape=json '{"time":"$time_iso8601","request_id":"$request_id","address":"$remote_addr",'
    '"method":"$request_method","host":"$host","uri":"$uri","status":$status,"bytes":$body_bytes_sent,'
    '"seconds":$request_time,"upstream_seconds":"$upstream_response_time"}';
  map $uri $logged { /health/live 0; /health/ready 0; default 1; }
  access_log /dev/stdout json if=$logged;

  keepalive_timeout 65s;
  client_max_body_size ${String(site.maxBodyBytes)};
  client_header_timeout 15s;
  client_body_timeout 30s;
  send_timeout 30s;
${renderClientAddress(site)}  gzip on;
  gzip_proxied any;
  gzip_vary on;
  gzip_min_length 1024;
  gzip_types text/css text/plain application/json application/javascript image/svg+xml;
  limit_req_zone $binary_remote_addr zone=address:10m rate=100r/s;
  limit_req_status 429;

  # Asked again every few seconds: a container that starts anew may have another address.
  resolver 127.0.0.11 valid=5s ipv6=off;
  map $http_upgrade $connection_upgrade { "" ""; default upgrade; }

  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;
  ssl_prefer_server_ciphers off;
  ssl_session_cache shared:tls:10m;
  ssl_session_timeout 1d;
  ssl_session_tickets off;
  ssl_certificate ${folder}certificate.pem;
  ssl_certificate_key ${folder}key.pem;

${renderHeaders(site)}
  # Plain HTTP: to the same host and path over HTTPS, for the hosts that are served.
  server {
    listen ${String(containerPorts.http)} default_server;
    return 421;
  }
  server {
    listen ${String(containerPorts.http)};
    server_name ${site.hosts.join(" ")};
${renderChallenges(site)}    location / { return 301 https://${publicAuthority("$host", site.httpsPort)}$request_uri; }
  }

  # HTTPS under another name, or none: only what a probe may ask.
  server {
    listen ${String(containerPorts.https)} ssl default_server;
    http2 on;
    location = /health/live { ${renderPass(site)} }
    location = /health/ready { ${renderPass(site)} }
    location / { return 421; }
  }
  server {
    listen ${String(containerPorts.https)} ssl;
    http2 on;
    server_name ${site.hosts.join(" ")};
    error_page 502 504 = @unavailable;
    limit_req zone=address burst=200 nodelay;
${renderChallenges(site)}    location = /metrics {
${site.metricsNetworks.map((network) => `      allow ${network};\n`).join("")}      deny all;
      ${renderPass(site)}
    }
    location / { ${renderPass(site)} }
    location @unavailable {
      internal;
      default_type text/plain;
      add_header Retry-After 5 always;
${renderHeaders(site, "      ")}      return 503 "The service is not available at the moment. Please try again in a few seconds.\\n";
    }
  }
}
`;
}

/** The header lines. A location with an add_header of its own inherits none, so it needs them again. */
function renderHeaders(site: Site, indent = "  "): string {
  return Object.entries(responseHeaders(site))
    .flatMap(([name, value]) => [`${indent}add_header ${name} "${value}" always;\n`])
    .join("");
}

/** The client's own address instead of that of who passed the request on, believed from the named networks alone. */
function renderClientAddress({ clientAddress }: Site): string {
  if (clientAddress === undefined) return "";
  const lines = [
    ...clientAddress.networks.map((network) => `set_real_ip_from ${network};`),
    `real_ip_header ${clientAddress.header};`,
  ];
  return lines.map((line) => `  ${line}\n`).join("");
}

/** What a certificate's issuer asks for, over HTTPS too: an edge in front may have redirected it. */
function renderChallenges({ certificate }: Site): string {
  if (certificate.kind !== "folder" || certificate.challenges === undefined) return "";
  return `    location ^~ /.well-known/acme-challenge/ {
      root ${certificate.challenges};
      default_type text/plain;
      try_files $uri =404;
    }
`;
}

function renderPass({ upstream }: Site): string {
  return [
    `set $upstream ${upstream.host}:${String(upstream.port)};`,
    "proxy_pass http://$upstream;",
    "proxy_http_version 1.1;",
    "proxy_set_header Host $host;",
    "proxy_set_header X-Real-IP $remote_addr;",
    "proxy_set_header X-Forwarded-For $remote_addr;",
    "proxy_set_header X-Forwarded-Proto $scheme;",
    "proxy_set_header X-Forwarded-Host $http_host;",
    "proxy_set_header X-Request-Id $request_id;",
    "proxy_set_header Upgrade $http_upgrade;",
    "proxy_set_header Connection $connection_upgrade;",
    "proxy_connect_timeout 5s;",
    "proxy_read_timeout 60s;",
    ...Object.keys(responseHeaders({ hsts: { maxAgeSeconds: 0, includeSubdomains: false, preload: false } })).map(
      (name) => `proxy_hide_header ${name};`,
    ),
  ].join(" ");
}
