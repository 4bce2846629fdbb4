import { imageNames, type ImageName } from "../../images/catalogue.ts";
import { isServed, legacySystems } from "../settings/migration.ts";
import type { Role } from "../settings/servers.ts";
import type { Settings } from "../settings/settings.ts";
import { samplesWithFiles } from "./legacy-files.ts";

/** The images that servers with these roles run, in the catalogue's order. */
export function imagesOn(roles: readonly Role[], settings: Settings): ImageName[] {
  const { migration, certificate, proxy, servers } = settings;
  const samples = legacySystems.filter((system) => migration.sources[system]?.kind === "sample");
  const sampleImages = [
    ...samples.filter(isServed).map((system) => `legacy-${system}`),
    ...(samples.some((system) => samplesWithFiles.some((one) => one === system)) ? ["legacy-samples"] : []),
  ];
  const wanted: Readonly<Record<Role, readonly string[]>> = {
    edge: [proxy.server, ...(certificate.issuer === "acme" ? ["lego"] : [])],
    app: ["app", "pgbouncer", ...(servers.length > 1 ? ["nginx"] : [])],
    // Postgres' own tools work on a managed cluster, too.
    database: ["postgres", "migration", ...sampleImages],
    cache: ["redis"],
    search: ["elasticsearch"],
  };
  const names = roles.flatMap((role) => wanted[role]);
  return imageNames.filter((name) => names.includes(name));
}
