import { decodingOf } from "./decoded.ts";
import { windowSize, windowStart, type Key, type MappedTable, type Plan, type PlanTable, type Value } from "./plan.ts";

/** A column that a plan fills, with the type that its expression is cast to. */
export interface TargetColumn {
  readonly name: string;
  readonly type: string;
}

/** What holds the parts of a key of several columns, joined by `:`, beside the legacy table's own columns. */
export const joinedKey = "~key";

/** What holds the bytes behind the columns of a staged row whose texts do not show them, as a JSON object. */
export const oddColumn = "~odd";

/** The columns that say where a staged row lies: its place in one of two tables, and in which. */
export const rowPlace = { at: "~at", doubtful: "~doubtful" } as const;

/** The relation of a staging copy that has a table's rows as the source has them, found by their place. */
export const storedRelation = (table: string): string => `${table}~stored`;

/** The one column by which a legacy row is known. */
export const keyOf = ({ key }: { readonly key: Key }): string => (typeof key === "string" ? key : joinedKey);

/** The legacy columns that make up a table's key. */
export const keyColumns = ({ key }: { readonly key: Key }): readonly string[] =>
  typeof key === "string" ? [key] : key;

/** A value that takes a legacy key as the target knows it. */
export type Identity = Exclude<Value, { kind: "reference" | "computed" }>;

/** The target column that takes a table's key, and how: what references to its rows take as well. */
export function identityOf(table: MappedTable): { readonly name: string; readonly value: Identity } | undefined {
  for (const [name, value] of Object.entries(table.columns)) {
    if ((value.kind === "id" || value.kind === "named" || value.kind === "copy") && value.column === table.key)
      return { name, value };
  }
  return undefined;
}

/** The mapped table whose rows a reference points to. */
export function parentOf(plan: Plan, value: Extract<Value, { kind: "reference" }>): MappedTable {
  const parent = plan.tables.find(({ source }) => source === value.to);
  if (parent?.disposition === "mapped") return parent;
  throw new Error(`The plan of ${plan.system} refers by ${value.column} to ${value.to}, which is not mapped.`);
}

/** PostgreSQL's type of a value. */
export function typeOf(plan: Plan, value: Value): string {
  switch (value.kind) {
    case "id":
    case "named":
      return "bigint";
    case "reference": {
      const identity = identityOf(parentOf(plan, value));
      return identity?.value.kind === "copy" ? identity.value.type : "bigint";
    }
    case "copy":
    case "computed":
      return value.type;
  }
}

/** The columns of a mapped table's COPY, in order: the plan's own, then where the row came from. */
export function targetColumns(plan: Plan, table: MappedTable): TargetColumn[] {
  const own = Object.entries(table.columns).map(([name, value]) => ({ name, type: typeOf(plan, value) }));
  return [...own, { name: "source_system", type: "text" }, { name: "legacy_id", type: "text" }];
}

/** The columns of a legacy table or of a view of the plan, each with its type as the plan expects it. */
export function sourceColumns(plan: Plan, table: string): Readonly<Record<string, string>> {
  return plan.shape[table] ?? plan.views?.find(({ name }) => name === table)?.columns ?? {};
}

/** PostgreSQL's type of a legacy column where the mapping reads it. */
export function sourceType(plan: Plan, table: string, column: string): string {
  if (column === joinedKey) return "text";
  const type = sourceColumns(plan, table)[column];
  if (type === undefined) throw new Error(`The plan of ${plan.system} has no column ${table}.${column}.`);
  return isStaged(plan) && plan.shape[table] !== undefined ? decodingOf(type).type : type;
}

/** What a mapped table fills, as a report names it. */
export const placeOf = ({ target, among, source }: MappedTable): string =>
  among === undefined ? target : `${target} from ${source}`;

/** Whether a plan's source passes through a staging copy, where its columns can hold what is no value of their type. */
export const isStaged = (plan: Plan): boolean => plan.engine !== "postgresql";

/** Whether rows come from a view of the plan and so are not the legacy system's own. */
export const isView = (plan: Plan, { source }: PlanTable): boolean =>
  plan.views?.some(({ name }) => name === source) ?? false;

/** Names take the upper half of a system's window, so that they meet no key. */
const halfWindow = windowSize / 2;

/** Whether a table's rows lie in a staging copy as the source has them. */
export const isStagedTable = (plan: Plan, table: PlanTable): boolean => isStaged(plan) && !isView(plan, table);

/** The identifier of a name: 39 bits of its MD5 in the upper half of the window. */
export const namedIdentifier = (plan: Plan, text: string): string =>
  `${(windowStart(plan) + halfWindow).toString()} + ('x' || left(md5(${text}), 10))::bit(40)::bigint % ${halfWindow.toString()}`;
