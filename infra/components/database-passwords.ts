import * as pulumi from "@pulumi/pulumi";
import { GeneratedSecret } from "./generated-secret.ts";

/** The passwords of the database's roles. They belong to no server and no platform, and stay when either changes. */
export interface DatabasePasswords {
  /** Of the role that owns the schema. */
  readonly owner: pulumi.Output<string>;
  /** Of the role of the service. */
  readonly service: pulumi.Output<string>;
}

/** Makes the passwords, once for an environment. */
export function databasePasswords(): DatabasePasswords {
  // They were a container's own before there was a choice of platforms; their place in the state was below it.
  const before = { aliases: [{ parent: pulumi.createUrn("database", "landfall:infra:Postgres") }] };
  return {
    owner: new GeneratedSecret("postgres-owner-password", { length: 40 }, before).value,
    service: new GeneratedSecret("postgres-service-password", { length: 40 }, before).value,
  };
}
