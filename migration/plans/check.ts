import { identityOf, keyColumns, sourceColumns } from "./columns.ts";
import { inverseOf } from "./inverse.ts";
import { referencesOf, tablesInOrder } from "./order.ts";
import { carriedTables, mappedTables, type FoldedTable, type MappedTable, type Plan } from "./plan.ts";

/** Everything that is wrong with a plan in itself, each with the table that it is about; empty for a sound one. */
export function checkPlan(plan: Plan): string[] {
  return [
    ...checkCoverage(plan),
    ...mappedTables(plan).flatMap((table) => checkMapped(plan, table).map((fault) => `${table.source}: ${fault}`)),
    ...carriedTables(plan).flatMap((table) => checkBoth(plan, table).map((fault) => `${table.source}: ${fault}`)),
    ...checkOrder(plan),
    ...checkQueries(plan),
  ];
}

function checkCoverage(plan: Plan): string[] {
  const faults: string[] = [];
  const sources = plan.tables.map(({ source }) => source);
  for (const table of Object.keys(plan.shape)) {
    const count = sources.filter((source) => source === table).length;
    if (count === 0) faults.push(`${table}: is neither mapped, folded nor dropped`);
    if (count > 1) faults.push(`${table}: stands in the plan ${count.toString()} times`);
  }
  const views = (plan.views ?? []).map(({ name }) => name);
  const joined = mappedTables(plan).flatMap(({ joins }) => (joins ?? []).map(({ table }) => table));
  for (const source of sources) {
    if (plan.shape[source] === undefined && !views.includes(source)) faults.push(`${source}: is not in the shape`);
  }
  for (const { name, sql, reason } of plan.views ?? []) {
    if (plan.shape[name] !== undefined) faults.push(`${name}: is a view and a legacy table`);
    if (!sources.includes(name) && !joined.includes(name))
      faults.push(`${name}: is a view that no table of the plan uses`);
    if (reason.trim() === "") faults.push(`${name}: has no reason`);
    for (const [, table = ""] of sql.matchAll(/\{(\w+)\}/g)) {
      if (table !== "window" && plan.shape[table] === undefined)
        faults.push(`${name}: uses ${table}, which is not in the shape`);
    }
  }
  for (const table of plan.tables) {
    if (table.disposition !== "mapped" && table.reason.trim() === "") faults.push(`${table.source}: has no reason`);
  }
  for (const [target, tables] of Map.groupBy(mappedTables(plan), (table) => table.target)) {
    if (tables.length < 2) continue;
    for (const { source, among } of tables)
      if (among === undefined)
        faults.push(`${source}: fills ${target} as others do, and does not say which rows are its own`);
  }
  return faults;
}

function checkMapped(plan: Plan, table: MappedTable): string[] {
  const faults: string[] = [];
  const used = usedColumns(table);
  for (const column of used) if (!exists(plan, table, column)) faults.push(`there is no column ${column}`);
  const dropped = new Map(Object.entries(table.dropped ?? {}));
  const extra = new Set(table.extra ?? []);
  const taken = columnsOfViews(plan, table.source);
  for (const column of [...extra, ...Object.keys(table.unreadable ?? {})])
    if (!exists(plan, table, column)) faults.push(`there is no column ${column}`);
  for (const column of Object.keys(sourceColumns(plan, table.source))) {
    const places = [used, taken, dropped, extra].filter((place) => place.has(column)).length;
    if (places === 0) faults.push(`column ${column} is neither mapped nor kept as extra nor dropped`);
    // What a mapping makes use of may be kept as it was as well.
    if (dropped.has(column) && places > 1) faults.push(`column ${column} is both mapped and dropped`);
  }
  for (const [column, reason] of dropped)
    if (reason.trim() === "") faults.push(`column ${column} is dropped without a reason`);
  const targets = new Set(Object.keys(table.columns));
  if (!targets.has(table.range.target)) faults.push(`range target ${table.range.target} is not mapped`);
  for (const { name, column } of table.repairs ?? []) {
    if (!targets.has(column)) faults.push(`repair ${name} is for ${column}, which is not mapped`);
  }
  for (const column of (table.unique ?? []).flat()) {
    if (!targets.has(column)) faults.push(`unique column ${column} is not mapped`);
  }
  for (const [column, value] of Object.entries(table.columns)) {
    if (value.kind === "computed") faults.push(...checkComputed(table, column, value));
    if (value.kind === "reference") faults.push(...checkReference(plan, table, { ...value, target: column }));
  }
  return faults;
}

function checkReference(
  plan: Plan,
  table: MappedTable,
  of: { target: string; to: string; missing: "reject" | "clear" },
): string[] {
  const parent = mappedTables(plan).find(({ source }) => source === of.to);
  if (parent === undefined) return [`${of.target} refers to ${of.to}, which is not mapped`];
  if (identityOf(parent) === undefined)
    return [`${of.target} refers to ${of.to}, whose key no column of its own takes`];
  if (of.to === table.source && of.missing === "reject")
    return [`${of.target} refers to its own table, and can only be left empty where the row does not land`];
  return [];
}

function checkComputed(table: MappedTable, column: string, value: { from: readonly string[]; sql: string }): string[] {
  const named = namedColumns(table, value.sql);
  return [
    ...[...named]
      .filter((name) => !value.from.includes(name))
      .map((name) => `${column} uses ${name} without saying so`),
  ];
}

function checkBoth(plan: Plan, table: MappedTable | FoldedTable): string[] {
  const faults: string[] = [];
  const columns = Object.keys(sourceColumns(plan, table.source));
  for (const column of keyColumns(table))
    if (!columns.includes(column)) faults.push(`there is no key column ${column}`);
  // Where a reference leads nowhere there is no way back to speak of.
  const lost = referencesOf(table).some(({ to }) => mappedTables(plan).every(({ source }) => source !== to));
  const returning = new Set(lost ? [] : inverseOf(plan, table).map(({ column }) => column));
  for (const column of lost ? [] : Object.keys(plan.shape[table.source] ?? {}))
    if (!returning.has(column)) faults.push(`column ${column} has no way back and no reason for that`);
  const repairs = table.disposition === "mapped" ? (table.repairs ?? []) : [];
  const rules = [...(table.rejects ?? []), ...repairs];
  const names = rules.map(({ name }) => name);
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index))) {
    faults.push(`rule ${name} is there twice`);
  }
  for (const { name, when, reason } of rules) {
    if (reason.trim() === "") faults.push(`rule ${name} has no reason`);
    for (const column of namedColumns(table, when)) {
      if (!exists(plan, table, column)) faults.push(`rule ${name} uses ${column}, which does not exist`);
    }
  }
  return table.disposition === "folded" ? [...faults, ...checkFolded(plan, table)] : faults;
}

function checkFolded(plan: Plan, table: FoldedTable): string[] {
  const read = new Set(keyColumns(table));
  for (const mapped of mappedTables(plan)) {
    for (const join of (mapped.joins ?? []).filter((one) => one.table === table.source)) {
      for (const column of usedColumns(mapped))
        if (column.startsWith(`${join.as}.`)) read.add(column.slice(join.as.length + 1));
    }
  }
  return Object.keys(plan.shape[table.source] ?? {})
    .filter((column) => !read.has(column))
    .map((column) => `column ${column} is folded into nothing`);
}

function checkOrder(plan: Plan): string[] {
  try {
    tablesInOrder(plan);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function checkQueries(plan: Plan): string[] {
  const carried = new Set(carriedTables(plan).map(({ source }) => source));
  const named = [...plan.rights.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
  const tallied = plan.tallies.map(({ source }) => source);
  return [...named, ...tallied]
    .filter((table) => table !== "window" && !carried.has(table))
    .map((table) => `${table}: is used by the rights or a tally, but is not carried`);
}

/** Columns of the driving table by their name, those of joins as `alias.column`. */
function usedColumns(table: MappedTable): Set<string> {
  const used = new Set([...keyColumns(table), table.range.column]);
  for (const { as, key, column } of table.joins ?? []) used.add(column).add(`${as}.${key}`);
  for (const value of Object.values(table.columns)) {
    for (const column of value.kind === "computed" ? value.from : [value.column]) used.add(column);
  }
  return used;
}

/** The columns of a legacy table that views of the plan bring into rows of their own: `{table} f` and then `f.column`. */
function columnsOfViews(plan: Plan, source: string): Set<string> {
  const found = new Set<string>();
  for (const { sql } of plan.views ?? []) {
    for (const [, alias = ""] of sql.matchAll(new RegExp(`\\{${source}\\} ([a-z]\\w*)`, "g"))) {
      for (const [, column = ""] of sql.matchAll(new RegExp(`\\b${alias}\\.([a-z_]\\w*)`, "g"))) found.add(column);
    }
  }
  return found;
}

function namedColumns(table: MappedTable | FoldedTable, sql: string): Set<string> {
  const joins = table.disposition === "mapped" ? (table.joins ?? []) : [];
  const aliases = new Set(["t", ...joins.map(({ as }) => as)]);
  const found = [...sql.matchAll(/\b([a-z]\w*)\.([a-z_]\w*)/g)].filter((match) => aliases.has(match[1] ?? ""));
  return new Set(found.map(([, alias = "", column = ""]) => (alias === "t" ? column : `${alias}.${column}`)));
}

function exists(plan: Plan, table: MappedTable | FoldedTable, column: string): boolean {
  const [alias, name] = column.split(".");
  if (name === undefined) return sourceColumns(plan, table.source)[column] !== undefined;
  const joins = table.disposition === "mapped" ? (table.joins ?? []) : [];
  const join = joins.find(({ as }) => as === alias);
  return join !== undefined && sourceColumns(plan, join.table)[name] !== undefined;
}
