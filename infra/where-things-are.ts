import * as pulumi from "@pulumi/pulumi";
import type { App } from "./components/app.ts";
import type { Migration } from "./components/migration.ts";
import type { Proxy } from "./components/proxy.ts";

/** What a person needs to know after an update, by title, in the order in which it is printed. */
export function whereThings(args: {
  proxy: Proxy;
  app: App;
  migration: Migration;
  systems: readonly string[];
}): pulumi.Output<Record<string, string>> {
  const { proxy, app, migration, systems } = args;
  const stack = pulumi.getStack();
  const { sourceRows, targetRows, quarantinedRows, verificationsPassed } = migration.gate;
  const migrated =
    systems.length === 0
      ? pulumi.output("no legacy system is named in landfall:migration.sources")
      : pulumi
          .all([sourceRows, targetRows, quarantinedRows, verificationsPassed])
          .apply(
            ([source, target, quarantined, checks]) =>
              `${systems.join(", ")}: ${String(source)} rows = ${String(target)} in the new schema + ` +
              `${String(quarantined)} in quarantine; ${String(checks)} checks passed`,
          );
  return migrated.apply((rows): Record<string, string> => ({
    Service: proxy.url,
    Console: `${proxy.url}/console`,
    Operator: `${app.operator}, password: npx pulumi stack output operatorPassword --show-secrets -s ${stack}`,
    "Root certificate": `npx pulumi stack output rootCertificate -s ${stack} > root.pem, then trust root.pem`,
    Migrated: rows,
    Release: app.release,
    "What next": `npm stop (keeps the data), npm run destroy (removes it), npx pulumi preview -s ${stack}`,
  }));
}
