import type { ProxyServer } from "../settings/proxy.ts";
import { renderApache } from "./apache.ts";
import { renderNginx } from "./nginx.ts";
import type { Site } from "./site.ts";

/** The configuration of a site, for the server that serves it. */
export function renderSite(server: ProxyServer, site: Site): string {
  switch (server) {
    case "nginx":
      return renderNginx(site);
    case "apache":
      return renderApache(site);
  }
}
