import type { Fault } from "./parse.ts";

/** Names that stand for somebody's own in examples; the first are reserved by https://www.rfc-editor.org/rfc/rfc2606. */
const placeholders = /(^|\.)(example|invalid|test|example\.(com|net|org)|yourdomain\.com)$/;

/**
 * What of the settings still stands as it does in the example, and leads nobody anywhere.
 *
 * @param raw the settings by section, right or wrong as they may be otherwise
 */
export function placeholderFaults(raw: Readonly<Record<string, unknown>>): Fault[] {
  const { servers, hosts } = raw;
  if (!Array.isArray(hosts) || !Array.isArray(servers) || !servers.some(isLinode)) return [];
  return hosts.flatMap((host: unknown, index): Fault[] => {
    if (typeof host !== "string" || !placeholders.test(host)) return [];
    const allowed = "a name of yours: this one is for examples, and nobody can have it (a rehearsal takes it)";
    return [{ key: `landfall:hosts[${String(index)}]`, given: JSON.stringify(host), allowed }];
  });
}

function isLinode(server: unknown): boolean {
  return typeof server === "object" && server !== null && Reflect.get(server, "platform") === "linode";
}
