import * as pulumi from "@pulumi/pulumi";
import { legacySystems, type LegacySystem } from "../settings/migration.ts";
import type { Settings } from "../settings/settings.ts";
import { LegacySample } from "./legacy-sample.ts";
import type { Network } from "./network.ts";
import type { DatabaseConnection } from "./database.ts";
import type { Server } from "./server.ts";

/** Where the data of the legacy systems that land is, and what must be open before it can be read. */
export interface LegacySources {
  readonly sources: Readonly<Partial<Record<LegacySystem, DatabaseConnection>>>;
  readonly gates: readonly pulumi.Resource[];
}

/** The legacy systems that the settings name: their own servers, or samples of them brought up here. */
export function legacySources(args: { server: Server; network: Network; settings: Settings }): LegacySources {
  const { server, network, settings } = args;
  const sources: Partial<Record<LegacySystem, DatabaseConnection>> = {};
  const gates: pulumi.Resource[] = [];
  for (const system of legacySystems) {
    const source = settings.migration.sources[system];
    if (source === undefined) continue;
    if (source.kind === "server") {
      const { host, port, database, user } = source;
      const password = pulumi.secret(settings.secrets[system]?.password ?? "");
      sources[system] = { host, port, database, user, password, rootCertificate: undefined };
    } else {
      const sample = new LegacySample({ server, network, system });
      sources[system] = sample.connection;
      gates.push(sample.gate);
    }
  }
  return { sources, gates };
}
