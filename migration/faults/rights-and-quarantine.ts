import type pg from "pg";
import type { Plan } from "../plans/plan.ts";
import { literal } from "../sql/quote.ts";
import type { PlantedFault, Planting } from "./planting.ts";

const rights = (name: string, holder: string, fault: PlantedFault["fault"] = "differs"): PlantedFault => ({
  name,
  check: "effective-rights",
  subject: "accounts.users",
  legacyIds: [holder],
  fault,
});

/** Gives and takes roles, permissions and the right to everything, each with a user of its own. */
export async function plantRights(client: pg.Client, plan: Plan, planting: Planting): Promise<void> {
  const system = literal(plan.system);
  const users = await client.query<{ id: string; legacyId: string }>(
    `SELECT u.id, u.legacy_id AS "legacyId" FROM accounts.users u
     WHERE u.source_system = ${system} AND NOT u.is_superuser AND EXISTS (SELECT FROM accounts.user_roles m WHERE m.user_id = u.id)
     ORDER BY md5(u.legacy_id) LIMIT 8`,
  );
  const next = (): { id: string; legacyId: string } => {
    const user = users.rows.shift();
    if (user === undefined) throw new Error(`${plan.system} has too few users with roles.`);
    return user;
  };
  const given = next();
  await planting.plant(
    rights("a role given", given.legacyId),
    `INSERT INTO accounts.user_roles (user_id, role_id)
     SELECT ${given.id}, r.id FROM accounts.roles r WHERE r.source_system = ${system} AND r.id NOT IN
       (SELECT role_id FROM accounts.user_roles WHERE user_id = ${given.id}) ORDER BY r.id LIMIT 1`,
  );
  const taken = next();
  const roles = await client.query(`SELECT FROM accounts.user_roles WHERE user_id = ${taken.id}`);
  const others = await client.query(`SELECT FROM accounts.user_permissions WHERE user_id = ${taken.id}`);
  const nothingLeft = roles.rowCount === 1 && others.rowCount === 0;
  await planting.plant(
    rights("a role taken", taken.legacyId, nothingLeft ? "missing" : "differs"),
    `DELETE FROM accounts.user_roles WHERE (user_id, role_id) IN
       (SELECT user_id, role_id FROM accounts.user_roles WHERE user_id = ${taken.id} ORDER BY role_id LIMIT 1)`,
  );
  const permitted = next();
  await planting.plant(
    rights("a permission given", permitted.legacyId),
    `INSERT INTO accounts.user_permissions (user_id, permission_id)
     SELECT ${permitted.id}, p.id FROM accounts.permissions p WHERE p.source_system = ${system} AND p.id NOT IN
       (SELECT permission_id FROM accounts.user_permissions WHERE user_id = ${permitted.id}
        UNION SELECT a.permission_id FROM accounts.user_roles m JOIN accounts.role_permissions a USING (role_id) WHERE m.user_id = ${permitted.id})
     ORDER BY p.id LIMIT 1`,
  );
  const all = next();
  const any = await client.query(`SELECT FROM accounts.permissions WHERE source_system = ${system} LIMIT 1`);
  // Where the system has no permissions, the right to everything is a mere value of the user's row.
  const superuser =
    any.rowCount === 0
      ? { ...rights("the right to everything given", all.legacyId), check: "content" as const, column: "is_superuser" }
      : rights("the right to everything given", all.legacyId);
  await planting.plant(superuser, `UPDATE accounts.users SET is_superuser = true WHERE id = ${all.id}`);
}

/** Takes a row out of quarantine, puts one in, and changes what the others say. */
export async function plantQuarantine(client: pg.Client, plan: Plan, planting: Planting): Promise<void> {
  const held = await client.query<{ id: string; source: string; legacyId: string }>(
    `SELECT id, source_table AS source, legacy_id AS "legacyId" FROM operations.quarantine WHERE system = $1
     ORDER BY md5(source_table || legacy_id) LIMIT 5`,
    [plan.system],
  );
  const ways = [
    { name: "a row in quarantine gone", fault: "missing", sql: "DELETE FROM operations.quarantine" },
    {
      name: "another rule",
      fault: "differs",
      column: "rule",
      sql: "UPDATE operations.quarantine SET rule = rule || '-'",
    },
    {
      name: "another reason",
      fault: "differs",
      column: "reason",
      sql: "UPDATE operations.quarantine SET reason = 'x'",
    },
    {
      name: "a changed legacy row",
      fault: "differs",
      column: "legacy_row",
      sql: `UPDATE operations.quarantine SET legacy_row = legacy_row || '{"planted": null}'`,
    },
  ] as const;
  for (const [index, { name, fault, sql, ...column }] of ways.entries()) {
    const row = held.rows[index];
    if (row === undefined) continue;
    const { source, legacyId } = row;
    const planted = { name, check: "quarantine", subject: source, legacyIds: [legacyId], fault, ...column } as const;
    await planting.plant(planted, `${sql} WHERE id = ${row.id}`);
  }
  const [one] = held.rows;
  if (one === undefined) return;
  await planting.plant(
    {
      name: "a row in quarantine that never was",
      check: "quarantine",
      subject: one.source,
      legacyIds: ["planted"],
      fault: "unexpected",
    },
    `INSERT INTO operations.quarantine (system, run_id, source_table, legacy_id, rule, reason, legacy_row)
     SELECT system, run_id, source_table, 'planted', rule, reason, legacy_row FROM operations.quarantine
     WHERE system = ${literal(plan.system)} ORDER BY (source_table = ${literal(one.source)}) DESC LIMIT 1`,
  );
}
