/** A legacy table's columns, each with the type that the source's catalogue gives it. */
export type Shape = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Where a target column's value comes from. `sql` speaks of the driving table as `t` and of a join by its alias. */
export type Value =
  | { readonly kind: "id"; readonly column: string }
  | { readonly kind: "named"; readonly column: string }
  | { readonly kind: "reference"; readonly column: string; readonly to: string; readonly missing: "reject" | "clear" }
  | { readonly kind: "copy"; readonly column: string; readonly type: string }
  | {
      readonly kind: "computed";
      readonly from: readonly string[];
      readonly sql: string;
      readonly type: string;
      /**
       * The expression is dear, and rules of the table hold it, too, word for word: it is worked out once a row for all of
       * them, also of rows that go to quarantine, so it must not fail whatever stands in a row.
       */
      readonly once?: true;
    };

/** The legacy key, moved into the system's window of identifiers. */
export const id = (column: string): Value => ({ kind: "id", column });
/** An identifier for what the legacy system knows by a name alone: the upper half of the window, by the name's MD5. */
export const named = (column: string): Value => ({ kind: "named", column });
/**
 * A foreign key to a row of the legacy table (or view) `to`, in the form that the key of its rows takes here.
 * A row whose column points nowhere, or to a row in quarantine, goes to quarantine itself; with `clear` it lands with
 * the column empty, which is counted, and the old value is kept in `legacy_extra`.
 */
export const reference = (column: string, to: string, missing: "reject" | "clear" = "reject"): Value => ({
  kind: "reference",
  column,
  to,
  missing,
});
/** The legacy column as it is, as `type`. */
export const copy = (column: string, type: string): Value => ({ kind: "copy", column, type });
/** An expression over the columns named in `from` (`column`, or `alias.column` of a join). */
export const computed = (value: Omit<Extract<Value, { kind: "computed" }>, "kind">): Value => ({
  kind: "computed",
  ...value,
});

/**
 * A row that `when` holds for gets `then` in the target column (without `then`, the value as it is), and is counted.
 * The legacy values that the column is made of are kept in the row's `legacy_extra`.
 */
export interface Repair {
  readonly name: string;
  readonly column: string;
  readonly when: string;
  readonly then?: string;
  readonly reason: string;
}

/** What becomes of a row of a staged table in which a legacy column cannot be read as its type. */
export type Unreadable = "reject" | { readonly then: string; readonly reason: string };

/** A row that `when` holds for goes to quarantine. */
export interface Reject {
  readonly name: string;
  readonly when: string;
  readonly reason: string;
}

/** A row of another legacy table that belongs to this one: `as.key = t.column`, at most one. */
export interface Join {
  readonly table: string;
  readonly as: string;
  readonly key: string;
  readonly column: string;
  /** Whether a row whose `column` is set and points nowhere goes to quarantine, or goes on without the other one. */
  readonly missing: "reject" | "allow";
}

/** What a legacy column is on the way back: SQL over the target's columns, or the reason why it is lost. */
export type Back = string | { readonly lossy: string };

/** The column that a table is cut into chunks by. It need not be unique, and need not be the key. */
export interface Range {
  readonly column: string;
  readonly target: string;
  readonly kind: "integer" | "uuid" | "text";
}

export type Key = string | readonly [string, string, ...string[]];

export interface MappedTable {
  readonly disposition: "mapped";
  readonly source: string;
  readonly target: string;
  /** Which of the system's rows in the target are this table's, as SQL over its columns, where several tables fill it. */
  readonly among?: string;
  /** The legacy primary key, which becomes `legacy_id`; one of several columns does as `first:second`. */
  readonly key: Key;
  readonly range: Range;
  readonly joins?: readonly Join[];
  readonly columns: Readonly<Record<string, Value>>;
  readonly repairs?: readonly Repair[];
  readonly rejects?: readonly Reject[];
  /** Unique keys of the target, by its columns: the lowest legacy key stays, the others go to quarantine. */
  readonly unique?: readonly (readonly string[])[];
  /** Legacy columns that no target column has, and that are kept in `legacy_extra`. */
  readonly extra?: readonly string[];
  /**
   * Of a staged table: what is done where a legacy column holds something that is no value of its type, for example
   * `many` in a number. Without a word the target column is left empty, which is counted.
   */
  readonly unreadable?: Readonly<Record<string, Unreadable>>;
  /** Legacy columns that do not come over, each with the reason. */
  readonly dropped?: Readonly<Record<string, string>>;
  /** Ways back of the columns whose way is not plain: those that are computed. */
  readonly back?: Readonly<Record<string, Back>>;
}

/** A legacy table whose rows become a part of the rows of others. */
export interface FoldedTable {
  readonly disposition: "folded";
  readonly source: string;
  readonly key: Key;
  readonly reason: string;
  /** Its rows' place: the target table and what its rows look like there; without it the rows live on as a mere name. */
  readonly into?: { readonly target: string; readonly where: string };
  readonly references?: readonly { readonly column: string; readonly to: string }[];
  readonly rejects?: readonly Reject[];
  readonly back: Readonly<Record<string, Back>>;
}

export interface DroppedTable {
  readonly disposition: "dropped";
  readonly source: string;
  readonly reason: string;
}

export type PlanTable = MappedTable | FoldedTable | DroppedTable;

/** Counts per group that must be the same on both sides, for example users per password scheme. */
export interface Tally {
  readonly name: string;
  readonly source: string;
  readonly sourceGroup: string;
  readonly target: string;
  readonly targetGroup: string;
}

/**
 * A query over the legacy tables (written as `{table}`) whose rows land like those of a table: what the legacy system
 * keeps in a column and we keep in rows of their own, for example the names of roles. Its rows are nobody's: they are
 * not counted as the legacy system's. Columns with their PostgreSQL types; the key is unique by construction.
 */
export interface View {
  readonly name: string;
  readonly sql: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly reason: string;
}

export interface Plan {
  readonly system: string;
  /** Number of the system's window of 2^40 identifiers, as `provenance.systems` has it. */
  readonly window: number;
  readonly shape: Shape;
  /** How the source is reached; what is not PostgreSQL passes through a staging copy. */
  readonly engine: "postgresql" | "mariadb" | "sqlite";
  readonly views?: readonly View[];
  readonly tables: readonly PlanTable[];
  /**
   * Query over the source that yields `(holder, holding)`: the legacy id of a user as text and each effective right: each role as `role:name`
   * and each permission as `object_type.code`. `{table}` stands for that table's rows that are not in quarantine.
   */
  readonly rights: string;
  readonly tallies: readonly Tally[];
}

/** First identifier of a plan's window: 2^40 times its number. */
export const windowSize = 2 ** 40;
export const windowStart = (plan: Pick<Plan, "window">): number => plan.window * windowSize;

/** Whether an identifier lies in a plan's window, in SQL. */
export const isInWindow = (plan: Pick<Plan, "window">, identifier: string): string =>
  `${identifier} >= ${windowStart(plan).toString()} AND ${identifier} < ${(windowStart(plan) + windowSize).toString()}`;

export const mappedTables = (plan: Plan): MappedTable[] =>
  plan.tables.filter((table) => table.disposition === "mapped");

/** The tables whose rows may end in quarantine: all but the dropped ones. */
export const carriedTables = (plan: Plan): (MappedTable | FoldedTable)[] =>
  plan.tables.filter((table) => table.disposition !== "dropped");
