import type * as pulumi from "@pulumi/pulumi";
import type { SearchSettings } from "../settings/search.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import type { Place } from "./database.ts";
import { Elasticsearch } from "./elasticsearch.ts";
import type { Server } from "./server.ts";
import type { ServicePart } from "./service-part.ts";

/** What a search is made from. */
export interface SearchArgs {
  /** The server with the role `search` and its networks; undefined where none has it. */
  readonly place: Place | undefined;
  readonly authority: CertificateAuthority;
  readonly settings: SearchSettings;
}

/** What is asked when a person looks for something. */
export interface Search {
  /** What the service on a server needs for it; nothing where the database is all. */
  parts(from: Server): readonly ServicePart[];
  /** What must be open before the service starts. */
  readonly gates: readonly pulumi.Resource[];
}

/** The search that the settings choose. */
export function createSearch({ place, authority, settings }: SearchArgs): Search {
  if (settings.engine === "postgres") return { parts: () => [], gates: [] };
  if (place === undefined) throw new Error("No server has the role 'search'; landfall:servers must give it to one.");
  const elasticsearch = new Elasticsearch({ place, authority, settings });
  return { parts: (from) => [elasticsearch.part(from)], gates: [elasticsearch.gate] };
}
