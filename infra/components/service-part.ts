import type { DeliveredFiles } from "./service.ts";

/** What another part of an environment adds to the service's container. */
export interface ServicePart {
  /** Environment variables, known before anything is made: a change is another release. */
  readonly environment: Readonly<Record<string, string>>;
  /** Files below /run/secrets. */
  readonly files: DeliveredFiles;
  /** Files and folders of the server that it only reads, by their path in the container. */
  readonly hostFiles: Readonly<Record<string, string>>;
  /** Whether it asks what stands outside of all servers. */
  readonly leadsOut: boolean;
  /** Names that `/health/ready` shows besides its own, and that have to be true. */
  readonly checks: readonly string[];
}
