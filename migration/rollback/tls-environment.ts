import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rootCertificates, type ConnectionOptions } from "node:tls";

/**
 * The variables by which PostgreSQL's programs prove a server as the driver does with `ssl`; certificates and keys go
 * into files of `directory`. Without `ssl` nothing is encrypted, as with the driver.
 */
export async function tlsEnvironment(
  ssl: boolean | ConnectionOptions | undefined,
  directory: string,
): Promise<Record<string, string>> {
  if (ssl === undefined || ssl === false) return { PGSSLMODE: "disable" };
  const { ca, cert, key, rejectUnauthorized, checkServerIdentity } = ssl === true ? {} : ssl;
  const file = async (name: string, content: ConnectionOptions["ca"]): Promise<string> => {
    const path = join(directory, name);
    const parts = Array.isArray(content) ? content : [content ?? ""];
    await writeFile(path, parts.map((part) => part.toString()).join("\n"), { mode: 0o600 });
    return path;
  };
  const proven = rejectUnauthorized !== false;
  const sameName = checkServerIdentity === undefined;
  return {
    PGSSLMODE: proven ? (sameName ? "verify-full" : "verify-ca") : "require",
    ...(proven ? { PGSSLROOTCERT: await file("authority.crt", ca ?? [...rootCertificates]) } : {}),
    ...(cert === undefined ? {} : { PGSSLCERT: await file("client.crt", cert) }),
    ...(typeof key === "string" || Buffer.isBuffer(key) ? { PGSSLKEY: await file("client.key", key) } : {}),
  };
}
