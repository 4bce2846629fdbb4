import pg from "pg";
import { identityOf, parentOf, placeOf } from "../plans/columns.ts";
import { mappedTables, type MappedTable, type Plan, type Value } from "../plans/plan.ts";
import { landedColumns } from "../plans/repairs.ts";
import { identifier, literal } from "../sql/quote.ts";
import { changes, type Change } from "./changes.ts";

/** A fault that was planted, and what the verification has to say of it. */
export interface PlantedFault {
  readonly name: string;
  /** The check that finds it. */
  readonly check: "content" | "effective-rights" | "quarantine";
  readonly subject: string;
  readonly legacyIds: readonly string[];
  readonly fault: "differs" | "missing" | "unexpected";
  readonly column?: string;
}

/** A place for a fault: a column of a mapped table, and the change that is made to it. */
export interface Spot {
  readonly table: MappedTable;
  readonly column: string;
  readonly change: Change;
}

/** Every change of every column that a plan fills, but for those that are the row's own key. */
export function spotsOf(plan: Plan): Spot[] {
  return mappedTables(plan).flatMap((table) =>
    landedColumns(plan, table).flatMap(({ name, type }) => {
      if (name === "source_system" || name === "legacy_id" || name === identityOf(table)?.name) return [];
      const kind = table.columns[name]?.kind === "reference" ? "reference" : type;
      return changes
        .filter(
          ({ types, name: change }) => types.includes(kind) && (kind !== "reference" || change === "another parent"),
        )
        .map((change) => ({ table, column: name, change }));
    }),
  );
}

/** Plants faults in what a system has landed, each in a row of its own. */
export class Planting {
  readonly planted: PlantedFault[] = [];
  readonly #client: pg.Client;
  readonly #plan: Plan;
  readonly #used = new Map<string, string[]>();

  constructor(client: pg.Client, plan: Plan) {
    this.#client = client;
    this.#plan = plan;
  }

  /** Changes a value in some row of a spot; false where no row is such, or the schema allows none of them. */
  async change({ table, column, change }: Spot): Promise<boolean> {
    const own = identifier(column);
    const fill = (sql: string): string =>
      sql.replaceAll("{}", `t.${own}`).replaceAll("{other}", this.#otherParent(table, column));
    const rows = await this.#rows(table, `(${fill(change.where)}) AND (${fill(change.to)}) IS DISTINCT FROM t.${own}`);
    for (const legacyId of rows) {
      // A column may round what it is given, and then nothing is wrong with it.
      const done = await this.#try(
        `WITH old AS (SELECT t.legacy_id, t.${own}::text AS value FROM ${identifier(table.target)} t WHERE ${this.#isRow(table, legacyId)}),
         new AS (UPDATE ${identifier(table.target)} t SET ${own} = ${fill(change.to)} WHERE ${this.#isRow(table, legacyId)}
           RETURNING t.legacy_id, t.${own}::text AS value)
         SELECT FROM old JOIN new USING (legacy_id) WHERE old.value IS DISTINCT FROM new.value`,
      );
      if (!done) continue;
      this.#note(table, { name: change.name, legacyIds: [legacyId], fault: "differs", column });
      return true;
    }
    return false;
  }

  /** Takes a row away to which none refers. */
  async lose(table: MappedTable): Promise<boolean> {
    if (await this.#isReferredTo(table)) return false;
    for (const legacyId of await this.#rows(table, "true")) {
      if (!(await this.#try(`DELETE FROM ${identifier(table.target)} t WHERE ${this.#isRow(table, legacyId)}`)))
        continue;
      this.#note(table, { name: "a lost row", legacyIds: [legacyId], fault: "missing" });
      return true;
    }
    return false;
  }

  /** Puts a row there once more, under another identifier. */
  async double(table: MappedTable): Promise<boolean> {
    const identity = identityOf(table);
    if (identity?.value.kind !== "id") return false;
    const own = identifier(identity.name);
    const others = landedColumns(this.#plan, table)
      .map(({ name }) => name)
      .filter((name) => name !== identity.name && name !== "legacy_id")
      .map(identifier);
    const number = (1_000_000_000 + this.planted.length).toString();
    const start = (this.#plan.window * 2 ** 40).toString();
    for (const legacyId of await this.#rows(table, "true")) {
      const done = await this.#try(
        `INSERT INTO ${identifier(table.target)} (${own}, legacy_id, ${others.join(", ")})
         SELECT ${start} + ${number}, ${literal(number)}, ${others.join(", ")} FROM ${identifier(table.target)} t WHERE ${this.#isRow(table, legacyId)}`,
      );
      if (!done) continue;
      this.#note(table, { name: "a doubled row", legacyIds: [number], fault: "unexpected" });
      return true;
    }
    return false;
  }

  /** Gives each of two rows the other one's value. */
  async swap(table: MappedTable, column: string): Promise<boolean> {
    const own = identifier(column);
    const [one] = await this.#rows(table, `t.${own} IS NOT NULL`);
    if (one === undefined) return false;
    const target = identifier(table.target);
    const first = `(SELECT t.${own} FROM ${target} t WHERE ${this.#isRow(table, one)})`;
    const [other] = await this.#rows(table, `t.${own} <> ${first}`);
    if (other === undefined) return false;
    const second = `(SELECT t.${own} FROM ${target} t WHERE ${this.#isRow(table, other)})`;
    const done = await this.#try(
      `UPDATE ${target} t SET ${own} = CASE t.legacy_id WHEN ${literal(one)} THEN ${second} ELSE ${first} END
       WHERE ${this.#isRow(table, one)} OR ${this.#isRow(table, other)}`,
    );
    if (done) this.#note(table, { name: "a swapped pair", legacyIds: [one, other], fault: "differs", column });
    return done;
  }

  /** Runs a statement of the caller's and takes note of what it should lead to; false where it touches no row. */
  async plant(fault: PlantedFault, statement: string): Promise<boolean> {
    const done = await this.#try(statement);
    if (done) this.planted.push(fault);
    return done;
  }

  #note(table: MappedTable, fault: Omit<PlantedFault, "check" | "subject">): void {
    const used = this.#used.get(table.target) ?? [];
    this.#used.set(table.target, [...used, ...fault.legacyIds]);
    this.planted.push({ ...fault, check: "content", subject: placeOf(table) });
  }

  // Rows that no fault is in yet, in an order that has nothing to do with that of their numbers.
  async #rows(table: MappedTable, where: string): Promise<string[]> {
    const used = this.#used.get(table.target) ?? [];
    const result = await this.#client.query<{ legacy_id: string }>(
      `SELECT t.legacy_id FROM ${identifier(table.target)} t
       WHERE t.source_system = $1 AND (${table.among ?? "true"}) AND ${where} AND t.legacy_id <> ALL ($2)
       ORDER BY md5(t.legacy_id) LIMIT 4`,
      [this.#plan.system, used],
    );
    return result.rows.map(({ legacy_id }) => legacy_id);
  }

  #isRow(table: MappedTable, legacyId: string): string {
    return `(t.source_system = ${literal(this.#plan.system)} AND t.legacy_id = ${literal(legacyId)} AND (${table.among ?? "true"}))`;
  }

  #otherParent(table: MappedTable, column: string): string {
    const value: Value | undefined = table.columns[column];
    if (value?.kind !== "reference") return "NULL";
    const parent = parentOf(this.#plan, value);
    const key = identifier(identityOf(parent)?.name ?? "id");
    return `(SELECT p.${key} FROM ${identifier(parent.target)} p
      WHERE p.source_system = ${literal(this.#plan.system)} AND p.${key} <> t.${identifier(column)} ORDER BY md5(p.legacy_id) LIMIT 1)`;
  }

  async #isReferredTo(table: MappedTable): Promise<boolean> {
    const result = await this.#client.query(
      "SELECT FROM pg_constraint WHERE contype = 'f' AND confrelid = $1::regclass",
      [table.target],
    );
    return result.rowCount !== 0;
  }

  // Some values no row may have, and some columns work themselves out: then it is no fault that could come about.
  async #try(statement: string): Promise<boolean> {
    await this.#client.query("SAVEPOINT fault");
    try {
      const result = await this.#client.query(statement);
      await this.#client.query("SET CONSTRAINTS ALL IMMEDIATE");
      if (result.rowCount !== 0) return true;
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error;
    }
    await this.#client.query("ROLLBACK TO SAVEPOINT fault");
    return false;
  }
}
