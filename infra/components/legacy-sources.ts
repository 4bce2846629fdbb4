import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { isServed, legacySystems, type LegacySystem, type SourceSettings } from "../settings/migration.ts";
import type { Settings } from "../settings/settings.ts";
import type { DatabaseConnection, Place } from "./database.ts";
import { LegacyFiles, legacyRoot, sampleFolder, samplesWithFiles } from "./legacy-files.ts";
import { LegacySample } from "./legacy-sample.ts";

/** Where a legacy system's data is: in a database server, or in a file as the migration's container sees it. */
export type LegacySource = (
  | { readonly kind: "server"; readonly connection: DatabaseConnection }
  | { readonly kind: "file"; readonly path: string }
) & {
  /** Folder with its files, as the migration's container sees it; undefined where they stay where they are. */
  readonly media: string | undefined;
};

/** The legacy systems that land, and what must be open before they can be read. */
export interface LegacySources {
  readonly sources: Readonly<Partial<Record<LegacySystem, LegacySource>>>;
  /** Volume with the systems' files, to be mounted at `legacyRoot`. */
  readonly files: docker.Volume;
  /** Whether one of them is outside of the environment. */
  readonly leadsOut: boolean;
  readonly gates: readonly pulumi.Resource[];
}

/** The legacy systems that the settings name: where they really are, or samples of them brought up here. */
export function legacySources({ server, network, settings }: Place & { settings: Settings }): LegacySources {
  const named = legacySystems.flatMap((system): [LegacySystem, SourceSettings][] => {
    const source = settings.migration.sources[system];
    return source === undefined ? [] : [[system, source]];
  });
  const samples = samplesWithFiles.filter((system) => settings.migration.sources[system]?.kind === "sample");
  const files = new LegacyFiles({ server, network, samples });
  const gates: pulumi.Resource[] = files.gate === undefined ? [] : [files.gate];
  const sourceOf = (system: LegacySystem, source: SourceSettings): LegacySource => {
    const media = mediaOf(system, source);
    if (!isServed(system)) {
      const path = source.kind === "file" ? `${legacyRoot}/${source.path}` : `${sampleFolder(system)}/directory.db`;
      return { kind: "file", path, media };
    }
    if (source.kind === "server") {
      const { host, port, database, user, rootCertificate: root } = source;
      const password = pulumi.secret(settings.secrets[system]?.password ?? "");
      const rootCertificate = root === undefined ? undefined : pulumi.output(root);
      return { kind: "server", connection: { host, port, database, user, password, rootCertificate }, media };
    }
    const sample = new LegacySample({ server, network, system });
    gates.push(sample.gate);
    return { kind: "server", connection: sample.connection, media };
  };
  return {
    sources: Object.fromEntries(named.map(([system, source]) => [system, sourceOf(system, source)])),
    files: files.volume,
    leadsOut: named.some(([, { kind }]) => kind === "server"),
    gates,
  };
}

function mediaOf(system: LegacySystem, source: SourceSettings): string | undefined {
  if (source.kind === "sample") {
    const withFiles = samplesWithFiles.find((one) => one === system);
    return withFiles === undefined ? undefined : `${sampleFolder(withFiles)}/media`;
  }
  return "media" in source && source.media !== undefined ? `${legacyRoot}/${source.media}` : undefined;
}
