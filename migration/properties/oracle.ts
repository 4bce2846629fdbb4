import { createHash } from "node:crypto";
import { windowStart, type MappedTable, type Plan, type Value } from "../plans/plan.ts";
import { identityOf, parentOf } from "../plans/columns.ts";
import type { TestDatabase } from "../../test/services/services.ts";
import { identifier, literal } from "../sql/quote.ts";
import { ask } from "../test/landing.ts";
import { inventedTables, legacyIdOf, type InventedRow, type InventedRows } from "./invented-rows.ts";

type Landed = Readonly<Record<string, string | null>>;

interface Whereabouts {
  readonly landed: ReadonlyMap<string, Landed>;
  readonly held: ReadonlyMap<string, { readonly rule: string; readonly reason: string }>;
}

/**
 * Everything that is not as it should be: a row that is neither landed nor in quarantine, or both, or held back without a
 * reason; a value that is another than was stored, and is not kept beside it either.
 */
export async function faultsOf(plan: Plan, rows: InventedRows, target: TestDatabase): Promise<string[]> {
  const whereabouts = new Map<string, Whereabouts>();
  for (const table of inventedTables(plan)) whereabouts.set(table.source, await whereaboutsOf(plan, table, target));
  return inventedTables(plan).flatMap((table) => {
    const own = rows[table.source];
    const found = whereabouts.get(table.source);
    if (own === undefined || found === undefined) return [];
    const faults = own.flatMap((row) => rowFaults({ plan, table, whereabouts }, row, found));
    const strangers = [...found.landed.keys(), ...found.held.keys()].filter(
      (id) => !own.some((row) => [legacyIdOf(table, row), heldAs(legacyIdOf(table, row))].includes(id)),
    );
    return [...faults, ...strangers.map((id) => `${table.source} ${id}: nobody has stored it`)];
  });
}

async function whereaboutsOf(plan: Plan, table: MappedTable, target: TestDatabase): Promise<Whereabouts> {
  const system = literal(plan.system);
  const columns = Object.keys(table.columns).map((name) => `${identifier(name)}::text AS ${identifier(name)}`);
  const landed = await ask<Record<string, string | null>>(
    target,
    `SET TimeZone = 'UTC'; SELECT legacy_id AS "~id", legacy_extra::text AS "~extra", ${columns.join(", ")} FROM ${identifier(table.target)}
     WHERE source_system = ${system} AND (${table.among ?? "true"})`,
  );
  const held = await ask<{ id: string; rule: string; reason: string }>(
    target,
    `SELECT legacy_id AS id, rule, reason FROM operations.quarantine
     WHERE system = ${system} AND source_table = ${literal(table.source)}`,
  );
  return {
    landed: new Map(landed.map((row) => [row["~id"] ?? "", row])),
    held: new Map(held.map((row) => [row.id, row])),
  };
}

/** What a key is in quarantine, where no index holds one that is longer: its beginning, and the MD5 of the whole. */
const heldAs = (id: string): string =>
  Buffer.byteLength(id) > 1000
    ? `${Array.from(id).slice(0, 200).join("")}… ${createHash("md5").update(id).digest("hex")}`
    : id;

interface Judged {
  readonly plan: Plan;
  readonly table: MappedTable;
  readonly whereabouts: ReadonlyMap<string, Whereabouts>;
}

function rowFaults(of: Judged, row: InventedRow, found: Whereabouts): string[] {
  const id = legacyIdOf(of.table, row);
  const name = `${of.table.source} ${id}`;
  const [landed, held] = [found.landed.get(id), found.held.get(heldAs(id))];
  if (landed === undefined && held === undefined) return [`${name}: is nowhere`];
  if (landed !== undefined && held !== undefined) return [`${name}: has landed, and is in quarantine`];
  if (held !== undefined) return held.rule === "" || held.reason === "" ? [`${name}: is held back for no reason`] : [];
  if (landed === undefined) return [];
  return Object.entries(of.table.columns).flatMap(([column, value]) => {
    const fault = valueFault(of, { column, value, row, landed });
    return fault === undefined ? [] : [`${name}, ${column}: ${fault}`];
  });
}

function valueFault(
  of: Judged,
  { column, value, row, landed }: { column: string; value: Value; row: InventedRow; landed: Landed },
): string | undefined {
  if (value.kind === "computed") return undefined;
  const invented = row[value.column];
  if (invented === undefined) return undefined;
  const is = landed[column] ?? null;
  const extra = JSON.parse(landed["~extra"] ?? "{}") as Readonly<Record<string, unknown>>;
  const isKept = value.column in extra;
  const meant = meaning(of, value, invented.means);
  const said = `${String(invented.stored)} (${typeof invented.stored}) has become ${String(is)}`;
  if (meant === undefined)
    return isKept || is !== null || invented.stored === null ? undefined : `${said}, and is not kept`;
  if (same(value, is, meant)) return undefined;
  const isRepaired = (of.table.repairs ?? []).some((repair) => repair.column === column) || value.kind === "reference";
  // What was empty and is filled has nothing to be kept.
  return isRepaired && (isKept || invented.stored === null) ? undefined : said;
}

/** What the target should show; undefined where nothing is promised. */
function meaning(
  { plan, whereabouts }: Judged,
  value: Value,
  means: string | null | undefined,
): string | null | undefined {
  if (means === null || means === undefined) return means;
  switch (value.kind) {
    case "id":
      return (BigInt(windowStart(plan)) + BigInt(means)).toString();
    case "reference": {
      const parent = parentOf(plan, value);
      if (!whereabouts.has(parent.source)) return undefined;
      if (whereabouts.get(parent.source)?.landed.has(means) !== true) return null;
      const identity = identityOf(parent)?.value.kind;
      return identity === "id"
        ? (BigInt(windowStart(plan)) + BigInt(means)).toString()
        : identity === "copy"
          ? means
          : undefined;
    }
    case "named":
    case "computed":
      return undefined;
    case "copy":
      return means;
  }
}

function same(value: Value, is: string | null, meant: string | null): boolean {
  if (is === meant) return true;
  if (is === null || meant === null || value.kind !== "copy") return false;
  switch (value.type) {
    case "numeric":
    case "double precision":
    case "real":
      return Number(is) === Number(meant);
    case "jsonb":
      return JSON.stringify(JSON.parse(is)) === JSON.stringify(JSON.parse(meant));
    default:
      return false;
  }
}
