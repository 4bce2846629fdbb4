import { sql, type Expression, type SqlBool } from "kysely";
import type { Database } from "../database/database.ts";

/** The role that opens the console; a migration never gives it to anybody. */
export const operatorRole = "operator";

export interface User {
  readonly id: number;
  readonly username: string;
  readonly fullName: string;
  readonly email: string;
  /** The legacy system that the account came from; undefined for one born here. */
  readonly sourceSystem: string | undefined;
  readonly isActive: boolean;
  /** In the account's own system; see the courses' access rule. */
  readonly isSuperuser: boolean;
  readonly isOperator: boolean;
  readonly timeZone: string;
  /** Undefined where the legacy system did not know. */
  readonly joinedAt: Date | undefined;
}

/** A user and the encoded hash of the password; undefined when there is none with this id. One query. */
export async function findUser(
  database: Database,
  id: number,
): Promise<{ readonly user: User; readonly password: string } | undefined> {
  const row = await database
    .selectFrom("accounts.users as u")
    .leftJoin("accounts.profiles as p", "p.user_id", "u.id")
    .select([
      "u.id",
      "u.username",
      "u.first_name",
      "u.last_name",
      "u.email",
      "u.source_system",
      "u.is_active",
      "u.is_superuser",
      "u.joined_at",
      "u.password",
      "p.timezone",
    ])
    .select((select) => select.exists(ownRole(select.ref("u.id"))).as("is_operator"))
    .where("u.id", "=", id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const user: User = {
    id: row.id,
    username: row.username,
    fullName: `${row.first_name} ${row.last_name}`.trim(),
    email: row.email,
    sourceSystem: row.source_system ?? undefined,
    isActive: row.is_active,
    isSuperuser: row.is_superuser,
    isOperator: Boolean(row.is_operator),
    timeZone: row.timezone ?? "UTC",
    joinedAt: row.joined_at ?? undefined,
  };
  return { user, password: row.password };
}

function ownRole(userId: Expression<number>): Expression<SqlBool> {
  return sql`(SELECT FROM accounts.user_roles ur JOIN accounts.roles r ON r.id = ur.role_id
    WHERE ur.user_id = ${userId} AND r.source_system IS NULL AND r.name = ${operatorRole})`;
}

/** An account that a name or e-mail may mean. */
export interface Candidate {
  readonly id: number;
  readonly username: string;
  readonly password: string;
  readonly isActive: boolean;
  readonly resetRequired: boolean;
  /** Name and title of the legacy system; the name is empty for accounts born here. */
  readonly system: { readonly name: string; readonly title: string };
}

/** Name and title of the place where accounts are born that no legacy system had. */
export const ownSystem = { name: "", title: "Landfall" } as const;

const mostCandidates = 10;

/** The accounts with this user name, or this e-mail in any case; ten at most. One query. */
export async function findCandidates(database: Database, identifier: string): Promise<Candidate[]> {
  // Django brings user names into the form NFKC when it makes and reads them.
  const names = [...new Set([identifier, identifier.normalize("NFKC")])];
  const rows = await database
    .selectFrom("accounts.users as u")
    .leftJoin("provenance.systems as s", "s.name", "u.source_system")
    .select(["u.id", "u.username", "u.password", "u.is_active", "u.password_reset_required", "s.name", "s.title"])
    .where((where) =>
      where.or([
        where("u.username", "in", names),
        where.and([where("u.email", "<>", ""), where(sql`lower(u.email)`, "=", sql<string>`lower(${identifier})`)]),
      ]),
    )
    .orderBy((order) => order("u.username", "in", names), "desc")
    .orderBy("u.id")
    .limit(mostCandidates)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    username: row.username,
    password: row.password,
    isActive: row.is_active,
    resetRequired: row.password_reset_required,
    system: { name: row.name ?? ownSystem.name, title: row.title ?? ownSystem.title },
  }));
}

/**
 * Notes a sign-in, puts a new hash in the place of the one that was verified, and returns the hash that is then there.
 * A hash that another sign-in has replaced meanwhile stays. One query.
 */
export async function recordSignIn(
  database: Database,
  { id, verified, fresh }: { readonly id: number; readonly verified: string; readonly fresh: string },
): Promise<string> {
  const row = await database
    .updateTable("accounts.users")
    .set((set) => ({
      last_sign_in_at: sql<Date>`now()`,
      password: set.case().when("password", "=", verified).then(fresh).else(set.ref("password")).end(),
    }))
    .where("id", "=", id)
    .returning("password")
    .executeTakeFirstOrThrow();
  return row.password;
}

/** What the account page shows beyond the user. */
export interface AccountDetail {
  readonly bio: string;
  readonly systemTitle: string;
  readonly roles: readonly string[];
}

/** Profile and role names of a user. One query. */
export async function findAccountDetail(database: Database, id: number): Promise<AccountDetail> {
  const row = await database
    .selectFrom("accounts.users as u")
    .leftJoin("accounts.profiles as p", "p.user_id", "u.id")
    .leftJoin("provenance.systems as s", "s.name", "u.source_system")
    .select(["p.bio", "s.title"])
    .select(
      sql<string[]>`ARRAY(SELECT r.name FROM accounts.user_roles ur JOIN accounts.roles r ON r.id = ur.role_id
        WHERE ur.user_id = u.id ORDER BY r.name)`.as("roles"),
    )
    .where("u.id", "=", id)
    .executeTakeFirstOrThrow();
  return { bio: row.bio ?? "", systemTitle: row.title ?? ownSystem.title, roles: row.roles };
}
