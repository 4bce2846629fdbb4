import { renderAddresses } from "./nginx-addresses.ts";
import { codes, renderLimits } from "./nginx-limits.ts";
import { renderPass, renderServers } from "./nginx-upstream.ts";
import {
  certificateFile,
  ciphers,
  compressedTypes,
  containerPorts,
  hashedFile,
  keyFile,
  publicAuthority,
  refusals,
  responseHeaders,
  type Site,
} from "./site.ts";

/** What Nginx itself needs, whatever it serves: files in memory, what it says, and how long it waits. */
export const nginxGround = `pid /run/proxy/server.pid;
error_log /dev/stderr warn;
worker_processes auto;
worker_shutdown_timeout 30s;
events { worker_connections 4096; }
`;

/** Folders for what does not fit into memory. */
export const nginxFolders = `  client_body_temp_path /run/proxy/body;
  proxy_temp_path /run/proxy/proxy;
  fastcgi_temp_path /run/proxy/fastcgi;
  uwsgi_temp_path /run/proxy/uwsgi;
  scgi_temp_path /run/proxy/scgi;
`;

/**
 * The Nginx configuration of a site, whole. Paths of what is delivered with it are relative to the file itself, so that a
 * release can be tested where it lies before it is made current.
 */
export function renderNginx(site: Site): string {
  const folder = site.certificate.kind === "folder" ? `${site.certificate.path}/` : "";
  const pass = renderPass(site);
  return `${nginxGround}
http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  server_tokens off;
${nginxFolders}
  log_format json escape=json '{"time":"$time_iso8601","request_id":"$request_id","address":"$client_address",'
    '"method":"$request_method","host":"$host","uri":"$uri","status":$status,"bytes":$body_bytes_sent,'
    '"seconds":$request_time,"upstream":"$upstream_addr","upstream_seconds":"$upstream_response_time"}';
  map $uri $logged { /health/live 0; /health/ready 0; default 1; }
  access_log /dev/stdout json if=$logged;

  keepalive_timeout 65s;
  client_max_body_size ${String(site.maxBodyBytes)};
  client_header_timeout 15s;
  client_body_timeout 30s;
  send_timeout 30s;
  gzip on;
  gzip_proxied any;
  gzip_vary on;
  gzip_min_length 1024;
  gzip_types ${compressedTypes.join(" ")};

${renderAddresses(site)}${renderLimits(site)}${renderServers(site)}
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_ciphers ${ciphers};
  ssl_prefer_server_ciphers off;
  ssl_session_cache shared:tls:10m;
  ssl_session_timeout 1d;
  ssl_session_tickets off;
  ssl_certificate ${folder}${certificateFile};
  ssl_certificate_key ${folder}${keyFile};

${renderHeaders(site)}  map $status $hashed_file_cache_control { 200 "${hashedFile.cacheControl}"; 206 "${hashedFile.cacheControl}"; 304 "${hashedFile.cacheControl}"; default $upstream_http_cache_control; }

  # Plain HTTP: to the same host and path over HTTPS, for the hosts that are served.
  server {
${renderListen(site, "http", " default_server")}    return 421;
  }
  server {
${renderListen(site, "http", "")}    server_name ${site.hosts.join(" ")};
${renderChallenges(site)}    location / { return 301 https://${publicAuthority("$host", site.httpsPort)}$request_uri; }
  }

  # HTTPS under another name, or none: only what a probe may ask.
  server {
${renderListen(site, "https", " ssl default_server")}    http2 on;
    location = /health/live { ${pass} }
    location = /health/ready { ${pass} }
    location / { return 421; }
  }
  server {
${renderListen(site, "https", " ssl")}    http2 on;
    server_name ${site.hosts.join(" ")};
    recursive_error_pages on;
    error_page 502 504 = @unavailable;
    error_page ${String(codes.limited)} = @limited;
    limit_req zone=address burst=${String(site.rateLimit.burst)} nodelay;
    limit_req zone=sign_in burst=${String(site.signInRateLimit.burst)} nodelay;
${renderMaintenance(site)}${renderOnce(site)}${renderChallenges(site)}    location = /metrics {
      if ($reads_metrics = 0) { return 403; }
      ${pass}
    }
    location ~ "${hashedFile.path}" {
      proxy_hide_header Cache-Control;
      add_header Cache-Control $hashed_file_cache_control always;
${renderHeaders(site, "      ")}      ${pass}
    }
    location / { ${pass} }
    location @limited {
      internal;
${renderRefusal(site, { ...refusals.limited, retrySeconds: "$limited_seconds" })}    }
    location @unavailable {
      internal;
${renderRefusal(site, refusals.unavailable)}    }
  }
}
`;
}

function renderListen({ proxyProtocol }: Site, scheme: "http" | "https", options: string): string {
  const balanced = scheme === "http" ? containerPorts.balancedHttp : containerPorts.balancedHttps;
  const direct = `    listen ${String(containerPorts[scheme])}${options};\n`;
  return proxyProtocol === undefined ? direct : `${direct}    listen ${String(balanced)}${options} proxy_protocol;\n`;
}

/** The header lines. A location with an add_header of its own inherits none, so it needs them again. */
function renderHeaders(site: Site, indent = "  "): string {
  return Object.entries(responseHeaders(site))
    .map(([name, value]) => `${indent}add_header ${name} "${value}" always;\n`)
    .join("");
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

/** Refuses what might write. A person who signs in writes, too: a session, and at first a new kind of password. */
function renderMaintenance(site: Site): string {
  if (!site.maintenance) return "";
  return `    error_page ${String(codes.maintenance)} = @maintenance;
    if ($writes) { return ${String(codes.maintenance)}; }
    location @maintenance {
      internal;
${renderRefusal(site, refusals.maintenance)}    }
`;
}

/**
 * Nginx tries a PUT or DELETE again on another server, as these may be repeated by their definition (RFC 9110, 9.2.2), but
 * not a POST that was sent. So the former are passed on once.
 */
function renderOnce(site: Site): string {
  if (site.upstream.kind !== "servers") return "";
  return `    error_page ${String(codes.once)} = @once;
    if ($once) { return ${String(codes.once)}; }
    location @once {
      proxy_next_upstream off;
      ${renderPass(site)}
    }
`;
}

function renderRefusal(
  site: Site,
  refusal: { readonly status: number; readonly text: string; readonly retrySeconds: number | string },
): string {
  return `      default_type text/plain;
      add_header Retry-After ${String(refusal.retrySeconds)} always;
${renderHeaders(site, "      ")}      return ${String(refusal.status)} "${refusal.text}\\n";
`;
}
