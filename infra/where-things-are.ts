import * as pulumi from "@pulumi/pulumi";
import type { Apps } from "./components/apps.ts";
import type { Edges } from "./components/edges.ts";
import type { Migration } from "./components/migration.ts";
import type { LandedSystem } from "./gates/report.ts";
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
  return migration.gate.landed.apply((landed) => [
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
          : (landed ?? []).map(described).join("\n"),
    },
    { title: "Release", text: service.release },
    {
      title: "What next",
      text: `npx pulumi preview -s ${stack}; npm stop${other} (keeps the data); npm run destroy${other}`,
    },
  ]);
}

function described(one: LandedSystem): string {
  const { system, sourceRows, targetRows, quarantinedRows, verificationsPassed } = one;
  return (
    `${system}: ${String(sourceRows)} rows = ${String(targetRows)} in the new schema + ` +
    `${String(quarantinedRows)} in quarantine; ${String(verificationsPassed)} checks passed`
  );
}
