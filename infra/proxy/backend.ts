import { nginxFolders, nginxGround } from "./nginx.ts";
import { nginxResolver } from "./nginx-upstream.ts";
import { containerPorts } from "./site.ts";
import { upstreamTimes } from "./upstream.ts";

/** What the proxy on an app server passes on. */
export interface BackendSite {
  /** The release's container: its name on the network behind the proxy, and its port. */
  readonly host: string;
  readonly port: number;
  /** Longest wait for the service's next bytes, in seconds. */
  readonly answerSeconds: number;
}

/**
 * The Nginx configuration of the proxy on an app server. The edges, who alone can reach it, have checked and counted the
 * request and said whose it is; so it goes on as it came, to one container. A container that cannot be reached is a 502,
 * by which an edge knows that another server may be asked.
 */
export function renderBackend({ host, port, answerSeconds }: BackendSite): string {
  return `${nginxGround}
http {
  server_tokens off;
${nginxFolders}  access_log off;
  client_max_body_size 0;
  proxy_request_buffering off;
${nginxResolver}  map $http_upgrade $connection_upgrade { "" close; default upgrade; }
  # Apache names the server itself in Host.
  map $http_x_forwarded_host $requested_host { "" $http_host; default $http_x_forwarded_host; }

  ssl_protocols TLSv1.3;
  ssl_session_cache shared:tls:10m;
  ssl_session_timeout 1d;
  ssl_session_tickets off;
  ssl_certificate certificate.pem;
  ssl_certificate_key key.pem;

  server {
    listen ${String(containerPorts.https)} ssl;
    location / {
      set $upstream ${host}:${String(port)};
      proxy_pass http://$upstream;
      proxy_http_version 1.1;
      proxy_set_header Host $requested_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_connect_timeout ${String(upstreamTimes.connect)}s;
      proxy_read_timeout ${String(answerSeconds)}s;
    }
  }
}
`;
}
