import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";

const described = z.looseObject({ zones: z.array(z.string()) });

/**
 * The zones in the account at Cloudflare, sorted: those that are asked for, and those that it had before. A zone stays in
 * an account until somebody takes it out, also when another one's name servers answer for it.
 *
 * @param path the file that the account was described in; it need not be there
 * @throws when the file is damaged
 */
export function zonesKept(path: string, asked: readonly string[]): string[] {
  const before = existsSync(path) ? described.parse(JSON.parse(readFileSync(path, "utf8"))).zones : [];
  return [...new Set([...before, ...asked])].sort();
}
