import * as pulumi from "@pulumi/pulumi";
import type { Apps } from "./components/apps.ts";
import type { Edges } from "./components/edges.ts";
import type { Migration } from "./components/migration.ts";
import { legacySystems, type MigrationSettings } from "./settings/migration.ts";

/** One thing that a person needs to know after an update. */
export interface Place {
  readonly title: string;
  readonly text: string;
}

/** What a person needs to know after an update, in the order in which it is printed. */
export function whereThings(args: {
  edges: Edges;
  service: Apps;
  migration: Migration;
  settings: MigrationSettings;
}): pulumi.Output<Place[]> {
  const { edges, service, migration, settings } = args;
  const stack = pulumi.getStack();
  const other = stack === "local" ? "" : ` -- --stack ${stack}`;
  const systems = legacySystems.filter((system) => settings.sources[system] !== undefined);
  const samples = systems.filter((system) => settings.sources[system]?.kind === "sample");
  const { sourceRows, targetRows, quarantinedRows, verificationsPassed } = migration.gate;
  return pulumi
    .all([sourceRows, targetRows, quarantinedRows, verificationsPassed])
    .apply(([source, target, quarantined, checks]) => [
      { title: "Service", text: edges.url },
      ...samples.map((system) => ({
        title: "Sign in",
        text: `as a user of samples/legacy/${system}/credentials.json, with the old password`,
      })),
      { title: "Console", text: `${edges.url}/console` },
      {
        title: "Operator",
        text: `${service.operator}; password: npx pulumi stack output operatorPassword --show-secrets -s ${stack}`,
      },
      ...(edges.certificate.privateRoot === undefined
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
      { title: "Release", text: service.release },
      {
        title: "What next",
        text: `npx pulumi preview -s ${stack}; npm stop${other} (keeps the data); npm run destroy${other}`,
      },
    ]);
}
