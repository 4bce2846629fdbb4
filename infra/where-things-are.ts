import * as pulumi from "@pulumi/pulumi";
import type { App } from "./components/app.ts";
import type { Migration } from "./components/migration.ts";
import type { ProxySite } from "./components/proxy-site.ts";
import type { ProxyCertificate } from "./components/proxy-certificate.ts";
import { legacySystems, type MigrationSettings } from "./settings/migration.ts";

/** One thing that a person needs to know after an update. */
export interface Place {
  readonly title: string;
  readonly text: string;
}

/** What a person needs to know after an update, in the order in which it is printed. */
export function whereThings(args: {
  site: ProxySite;
  app: App;
  certificate: ProxyCertificate;
  migration: Migration;
  settings: MigrationSettings;
}): pulumi.Output<Place[]> {
  const { site, app, certificate, migration, settings } = args;
  const stack = pulumi.getStack();
  const other = stack === "local" ? "" : ` -- --stack ${stack}`;
  const systems = legacySystems.filter((system) => settings.sources[system] !== undefined);
  const samples = systems.filter((system) => settings.sources[system]?.kind === "sample");
  const { sourceRows, targetRows, quarantinedRows, verificationsPassed } = migration.gate;
  return pulumi
    .all([sourceRows, targetRows, quarantinedRows, verificationsPassed])
    .apply(([source, target, quarantined, checks]) => [
      { title: "Service", text: site.url },
      ...samples.map((system) => ({
        title: "Sign in",
        text: `as a user of samples/legacy/${system}/credentials.json, with the old password`,
      })),
      { title: "Console", text: `${site.url}/console` },
      {
        title: "Operator",
        text: `${app.operator}; password: npx pulumi stack output operatorPassword --show-secrets -s ${stack}`,
      },
      ...(certificate.kind === "folder"
        ? []
        : [
            {
              title: "Root certificate",
              text: `npx pulumi stack output rootCertificate -s ${stack} > root.pem; then have the browser trust root.pem`,
            },
          ]),
      {
        title: "Migrated",
        text:
          systems.length === 0
            ? "nothing: landfall:migration.sources names no legacy system"
            : `${systems.join(", ")}: ${String(source)} rows = ${String(target)} in the new schema + ` +
              `${String(quarantined)} in quarantine; ${String(checks)} checks passed`,
      },
      { title: "Release", text: app.release },
      {
        title: "What next",
        text: `npx pulumi preview -s ${stack}; npm stop${other} (keeps the data); npm run destroy${other}`,
      },
    ]);
}
