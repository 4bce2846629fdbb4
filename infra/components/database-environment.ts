import * as pulumi from "@pulumi/pulumi";
import type { DatabaseConnection, PlacedConnection } from "./database.ts";
import type { DeliveredFiles } from "./service.ts";

/**
 * The environment variables by which a container learns where a database is: `DB_HOST` and so on.
 *
 * @param prefix for example `DB` or `SOURCE_LEARNMORE`
 */
export function databaseEnvironment(prefix: string, connection: PlacedConnection): Record<string, string>;
export function databaseEnvironment(
  prefix: string,
  connection: DatabaseConnection,
): Record<string, pulumi.Input<string>>;
export function databaseEnvironment(
  prefix: string,
  connection: DatabaseConnection,
): Record<string, pulumi.Input<string>> {
  const { host, port } = connection;
  return {
    [`${prefix}_HOST`]: host,
    [`${prefix}_PORT`]: typeof port === "number" ? String(port) : pulumi.output(port).apply(String),
    [`${prefix}_NAME`]: connection.database,
    [`${prefix}_USER`]: connection.user,
    [`${prefix}_PASSWORD_FILE`]: `/run/secrets/${fileName(prefix)}_password`,
    ...(connection.rootCertificate === undefined
      ? {}
      : { [`${prefix}_CA_FILE`]: `/run/secrets/${fileName(prefix)}_ca.crt` }),
  };
}

/** The files that these variables point to. */
export function databaseFiles(prefix: string, connection: DatabaseConnection): DeliveredFiles {
  return {
    [`${fileName(prefix)}_password`]: connection.password,
    ...(connection.rootCertificate === undefined ? {} : { [`${fileName(prefix)}_ca.crt`]: connection.rootCertificate }),
  };
}

function fileName(prefix: string): string {
  return prefix.toLowerCase();
}
