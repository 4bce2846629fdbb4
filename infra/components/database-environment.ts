import type { DatabaseConnection } from "./postgres.ts";
import type { DeliveredFiles } from "./service.ts";

/**
 * The environment variables by which a container learns where a database is: `DB_HOST` and so on.
 *
 * @param prefix for example `DB` or `SOURCE_LEARNMORE`
 */
export function databaseEnvironment(prefix: string, connection: DatabaseConnection): Record<string, string> {
  return {
    [`${prefix}_HOST`]: connection.host,
    [`${prefix}_PORT`]: String(connection.port),
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
