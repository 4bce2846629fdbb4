import type { Repair, Tally } from "./plan.ts";

/** How encoded hashes begin that the sign-in opens, by the name of their scheme; "!" starts an unusable password. */
const beginnings: Readonly<Record<string, string>> = {
  unusable: "!",
  argon2id: "argon2id$",
  argon2: "argon2$",
  bcrypt_sha256: "bcrypt_sha256$",
  pbkdf2_sha256: "pbkdf2_sha256$",
  pbkdf2_sha1: "pbkdf2_sha1$",
  scrypt: "scrypt$",
  md5: "md5$",
};

/** The same of those that have numbers in what they begin with, as patterns. */
const patterns: Readonly<Record<string, string>> = {
  "werkzeug scrypt": "scrypt:[0-9]+:[0-9]+:[0-9]+[$]",
  "werkzeug pbkdf2": "pbkdf2:sha(?:1|256|512):[0-9]+[$]",
  "bare bcrypt": "[$]2[aby][$][0-9][0-9][$]",
  "bare md5": "[0-9A-Fa-f]{32}$",
};

/** Whether a text begins so, in SQL; a regular expression would take ten times as long. */
const beginsWith = (text: string, beginning: string): string => `${text} LIKE '${beginning.replaceAll("_", "\\_")}%'`;

/** Whether the sign-in knows the scheme of an encoded hash, in SQL. */
export const isKnownPassword = (password: string): string =>
  `(${Object.values(beginnings)
    .map((beginning) => beginsWith(password, beginning))
    .join(" OR ")} OR ${password} ~ '^(?:${Object.values(patterns).join("|")})')`;

/** What becomes of a user whose password no scheme opens, for the target column `password_reset_required`. */
export const unknownScheme = (column: string): Repair => ({
  name: "password-scheme-unknown",
  column: "password_reset_required",
  when: `NOT ${isKnownPassword(`t.${column}`)}`,
  then: "true",
  reason: "no scheme of ours opens the password; it is kept, and a new one must be set at the next sign-in",
});

/** Name of a password's scheme, and never a part of the password: one of no known form may be there as it was typed. */
const scheme = (password: string): string =>
  `CASE ${[
    ...Object.entries(beginnings).map(([name, beginning]) => `WHEN ${beginsWith(password, beginning)} THEN '${name}'`),
    ...Object.entries(patterns).map(([name, pattern]) => `WHEN ${password} ~ '^${pattern}' THEN '${name}'`),
  ].join(" ")} ELSE 'unknown' END`;

/**
 * Users per password scheme, which must be as many here as there.
 *
 * @param source the legacy table of users
 * @param password its password, as SQL
 */
export const passwordSchemes = (source: string, password: string): Tally => ({
  name: "password-schemes",
  source,
  sourceGroup: scheme(password),
  target: "accounts.users",
  targetGroup: scheme("password"),
});
