import type pg from "pg";
import { keepsExtra } from "../plans/repairs.ts";
import type { Plan } from "../plans/plan.ts";
import { columnsOf, isExtract, PostgresFingerprints, rightsRelation, type Subject } from "../sql/fingerprints.ts";
import { identifier, literal } from "../sql/quote.ts";
import { targetRange } from "../sql/range.ts";

/** Effective rights of a system's users as the new schema has them: `(holder, holding)`. */
export const rightsHere = (system: string): string => `WITH granted AS (
    SELECT m.user_id, r.permission_id FROM accounts.user_roles m JOIN accounts.role_permissions r ON r.role_id = m.role_id
    UNION
    SELECT d.user_id, d.permission_id FROM accounts.user_permissions d
    UNION
    SELECT u.id, p.id FROM accounts.users u JOIN accounts.permissions p ON p.source_system = u.source_system WHERE u.is_superuser
  )
  SELECT u.legacy_id AS holder, p.object_type || '.' || p.code AS holding
  FROM granted g JOIN accounts.permissions p ON p.id = g.permission_id JOIN accounts.users u ON u.id = g.user_id
  WHERE u.source_system = ${literal(system)}
  UNION ALL
  SELECT u.legacy_id, 'role:' || r.name
  FROM accounts.user_roles m JOIN accounts.users u ON u.id = m.user_id JOIN accounts.roles r ON r.id = m.role_id
  WHERE u.source_system = ${literal(system)}`;

/** Fingerprints of what a system has landed. */
export const targetFingerprints = (client: pg.Client, plan: Plan): PostgresFingerprints =>
  new PostgresFingerprints(client, { plan, relation: (subject) => relation(plan, subject) });

function relation(plan: Plan, subject: Subject): string {
  if (subject === "rights") return rightsRelation(rightsHere(plan.system));
  if (!isExtract(subject))
    return `SELECT "legacy_id", rule, reason, legacy_row FROM operations.quarantine
WHERE system = ${literal(plan.system)} AND source_table = ${literal(subject.quarantineOf)}`;
  const { table, chunk } = subject;
  const extra = subject.direct === true && keepsExtra(plan, table) ? ' AND "legacy_extra" IS NULL' : "";
  // As the plan's types, so that the same values are hashed by the same functions where a column's own type is another.
  const columns = columnsOf(plan, subject).map(
    ({ name, type }) => `${identifier(name)}::${type} AS ${identifier(name)}`,
  );
  return `SELECT ${columns.join(", ")} FROM ${identifier(table.target)} WHERE ${targetRange(plan, table, chunk)}${extra}`;
}
