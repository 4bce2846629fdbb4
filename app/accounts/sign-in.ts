import type { Database } from "../database/database.ts";
import { hashPassword, needsNewHash, verifyNobody, verifyPassword } from "../passwords/passwords.ts";
import { findCandidates, recordSignIn, type Candidate } from "./users.ts";

export interface Credentials {
  /** User name or e-mail. */
  readonly identifier: string;
  readonly password: string;
  /** The system that was chosen among several; empty for accounts born here. */
  readonly system?: string;
}

export type SignInOutcome =
  /** `password` is the encoded hash as it is kept from now on. */
  | { readonly kind: "signed in"; readonly userId: number; readonly password: string }
  /** No account, a wrong or unusable password, or an inactive account: which one is not told. */
  | { readonly kind: "refused" }
  | { readonly kind: "reset required" }
  /** The password opens accounts in several systems. */
  | { readonly kind: "system wanted"; readonly systems: readonly Candidate["system"][] }
  /** The password opens several accounts of one e-mail in one system. */
  | { readonly kind: "user name wanted" };

/**
 * Checks a name and password against every account that they may mean. On success the sign-in is noted, and a legacy
 * hash replaced by a new one. At most two queries.
 */
export async function signIn(database: Database, credentials: Credentials): Promise<SignInOutcome> {
  const candidates = await findCandidates(database, credentials.identifier);
  const asked = candidates.filter(
    ({ system }) => credentials.system === undefined || system.name === credentials.system,
  );
  const opened: Candidate[] = [];
  for (const candidate of asked) {
    if (await verifyPassword(credentials.password, candidate.password)) opened.push(candidate);
  }
  // A name that nobody has takes as long as one that somebody has.
  if (!asked.some(({ password }) => !password.startsWith("!"))) await verifyNobody(credentials.password);
  const chosen = choose(opened, credentials.identifier);
  if ("kind" in chosen) return chosen;
  const fresh = needsNewHash(chosen.password) ? await hashPassword(credentials.password) : chosen.password;
  const password = await recordSignIn(database, { id: chosen.id, verified: chosen.password, fresh });
  return { kind: "signed in", userId: chosen.id, password };
}

/** Which of the accounts that the password opens is meant, or why none. A user name counts before an e-mail. */
export function choose(opened: readonly Candidate[], identifier: string): Candidate | SignInOutcome {
  const active = opened.filter(({ isActive }) => isActive);
  const named = active.filter(({ username }) => username === identifier || username === identifier.normalize("NFKC"));
  const meant = named.length > 0 ? named : active;
  const [only, ...others] = meant;
  if (only === undefined) return { kind: "refused" };
  if (others.length === 0) return only.resetRequired ? { kind: "reset required" } : only;
  const systems = [...new Map(meant.map(({ system }) => [system.name, system])).values()];
  return systems.length > 1 ? { kind: "system wanted", systems } : { kind: "user name wanted" };
}
