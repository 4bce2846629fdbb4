/** A legacy table's columns, each with the type that the source's catalogue gives it. */
export type Shape = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Where a target column's value comes from. `sql` speaks of the driving table as `t` and of a join by its alias. */
export type Value =
  | { readonly kind: "id"; readonly column: string }
  | { readonly kind: "reference"; readonly column: string; readonly to: string }
  | { readonly kind: "copy"; readonly column: string; readonly type: string }
  | { readonly kind: "computed"; readonly from: readonly string[]; readonly sql: string; readonly type: string };

/** The legacy key, moved into the system's window of identifiers. */
export const id = (column: string): Value => ({ kind: "id", column });
/** A foreign key to a row of the legacy table `to`, moved into the same window. */
export const reference = (column: string, to: string): Value => ({ kind: "reference", column, to });
/** The legacy column as it is, as `type`. */
export const copy = (column: string, type: string): Value => ({ kind: "copy", column, type });
/** An expression over the columns named in `from` (`column`, or `alias.column` of a join). */
export const computed = (value: Omit<Extract<Value, { kind: "computed" }>, "kind">): Value => ({
  kind: "computed",
  ...value,
});

/** A row that `when` holds for gets `then` in the target column, and is counted. */
export interface Repair {
  readonly name: string;
  readonly column: string;
  readonly when: string;
  readonly then: string;
  readonly reason: string;
}

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

export interface MappedTable {
  readonly disposition: "mapped";
  readonly source: string;
  readonly target: string;
  /** The legacy primary key, which becomes `legacy_id`. */
  readonly key: string;
  readonly range: Range;
  readonly joins?: readonly Join[];
  readonly columns: Readonly<Record<string, Value>>;
  readonly repairs?: readonly Repair[];
  readonly rejects?: readonly Reject[];
  /** Unique keys of the target, by its columns: the lowest legacy key stays, the others go to quarantine. */
  readonly unique?: readonly (readonly string[])[];
  /** Legacy columns that do not come over, each with the reason. */
  readonly dropped?: Readonly<Record<string, string>>;
  /** Ways back of the columns whose way is not plain: those that are computed. */
  readonly back?: Readonly<Record<string, Back>>;
}

/** A legacy table whose rows become a part of the rows of others. */
export interface FoldedTable {
  readonly disposition: "folded";
  readonly source: string;
  readonly key: string;
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

export interface Plan {
  readonly system: string;
  /** Number of the system's window of 2^40 identifiers, as `provenance.systems` has it. */
  readonly window: number;
  readonly shape: Shape;
  readonly tables: readonly PlanTable[];
  /**
   * Query over the source that yields `(holder, holding)`: the legacy id of a user as text and each effective right as
   * `object_type.code`. `{table}` stands for that table's rows that are not in quarantine.
   */
  readonly rights: string;
  readonly tallies: readonly Tally[];
}

/** First identifier of a plan's window: 2^40 times its number. */
export const windowSize = 2 ** 40;
export const windowStart = (plan: Pick<Plan, "window">): number => plan.window * windowSize;

export const mappedTables = (plan: Plan): MappedTable[] =>
  plan.tables.filter((table) => table.disposition === "mapped");

/** The tables whose rows may end in quarantine: all but the dropped ones. */
export const carriedTables = (plan: Plan): (MappedTable | FoldedTable)[] =>
  plan.tables.filter((table) => table.disposition !== "dropped");
