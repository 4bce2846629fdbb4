import { sql } from "kysely";
import type { Configuration } from "../configuration.ts";
import type { Database } from "../database/database.ts";
import { hashPassword, verifyPassword } from "../passwords/passwords.ts";
import { operatorRole } from "./users.ts";

/**
 * Makes sure that the first operator's account exists, is active, has the role and opens to the password.
 * Safe with several instances at once; a password that fits already is left as it is. Returns what was changed.
 */
export async function ensureOperator(
  database: Database,
  { username, password }: Configuration["operator"],
): Promise<"nothing" | "created" | "password changed"> {
  const known = await database
    .selectFrom("accounts.users")
    .select(["id", "password", "is_active"])
    .where("username", "=", username)
    .where("source_system", "is", null)
    .executeTakeFirst();
  const fits = known?.is_active === true && (await verifyPassword(password, known.password));
  const hash = fits ? undefined : await hashPassword(password);
  await database.transaction().execute(async (transaction) => {
    if (hash !== undefined) {
      await sql`
        INSERT INTO accounts.users (username, email, first_name, last_name, password, is_active, is_staff, is_superuser, joined_at)
        VALUES (${username}, '', '', '', ${hash}, true, false, false, now())
        ON CONFLICT (username, coalesce(source_system, '')) DO UPDATE SET password = excluded.password, is_active = true
      `.execute(transaction);
    }
    await sql`
      INSERT INTO accounts.user_roles (user_id, role_id)
      SELECT u.id, r.id FROM accounts.users u, accounts.roles r
      WHERE u.username = ${username} AND u.source_system IS NULL AND r.name = ${operatorRole} AND r.source_system IS NULL
      ON CONFLICT (user_id, role_id) DO NOTHING
    `.execute(transaction);
  });
  if (hash === undefined) return "nothing";
  return known === undefined ? "created" : "password changed";
}
