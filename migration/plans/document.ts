import { isStaged, isView, keyColumns } from "./columns.ts";
import { inverseOf } from "./inverse.ts";
import { demandsOf } from "./order.ts";
import { landedColumns, ownColumns, rejectsOf, repairsOf, type EffectiveRepair } from "./repairs.ts";
import { windowStart, type MappedTable, type Plan, type PlanTable, type Value, type View } from "./plan.ts";

const code = (text: string): string => `\`${text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|")}\``;

const engineNames = { postgresql: "PostgreSQL", mariadb: "MariaDB", sqlite: "SQLite" } as const;

/** A plan as a Markdown document: every table and column of the legacy system, and where it goes and why. */
export function renderDocument(plan: Plan): string {
  const legacy = plan.tables.filter((table) => !isView(plan, table));
  const count = (disposition: PlanTable["disposition"]): string =>
    legacy.filter((table) => table.disposition === disposition).length.toString();
  return [
    `# How ${plan.system} lands`,
    "",
    `The source is ${engineNames[plan.engine]}. Of ${legacy.length.toString()} legacy tables ${count("mapped")} are mapped,` +
      ` ${count("folded")} become a part of others, ${count("dropped")} stay behind.` +
      ` A key becomes ${windowStart(plan).toString()} (window ${plan.window.toString()} of 2^40) plus the legacy key.` +
      " Every row keeps where it came from in `source_system` and `legacy_id`. A row that cannot land is in quarantine with its rule.",
    "",
    ...(isStaged(plan) ? [stagedRules, ""] : []),
    ...(plan.views ?? []).flatMap((view) => [...renderView(view), ""]),
    ...plan.tables.flatMap((table) => [...renderTable(plan, table), ""]),
  ].join("\n");
}

const stagedRules =
  "The source may hold anything in a column, whatever its declared type. Unless a table says otherwise, two rules hold for every" +
  " column: `<column>-unreadable` (what is stored is no value of the type: the new column is left empty) and" +
  " `<column>-respelled` (it is a value, written unusually: it is taken for what it says). Where several new columns are made of" +
  " one, the later ones' rules end in `-in-<new column>`. What was stored is kept in `legacy_extra`.";

function renderView({ name, sql, reason, columns }: View): string[] {
  const types = Object.entries(columns).map(([column, type]) => `${column} ${type}`);
  return [
    `## How ${name} is made`,
    "",
    `${reason}. Columns: ${types.join(", ")}.`,
    "",
    "```sql",
    withoutMargin(sql),
    "```",
  ];
}

function withoutMargin(sql: string): string {
  const [first = "", ...rest] = sql.trim().split("\n");
  const margin = Math.min(...rest.filter((line) => line.trim() !== "").map((line) => line.search(/\S/)));
  return [first, ...rest.map((line) => line.slice(margin))].join("\n");
}

/** What the document says once for every column of a staged table need not be said of each. */
const isSaidOnce = (plan: Plan, table: MappedTable, { name, column }: EffectiveRepair): boolean => {
  if (!isStaged(plan) || (table.repairs ?? []).some((repair) => repair.name === name)) return false;
  return ownColumns(table.columns[column]).some(
    (legacy) =>
      (table.unreadable?.[legacy] === undefined && name.startsWith(`${legacy.replaceAll("_", "-")}-unreadable`)) ||
      name.startsWith(`${legacy.replaceAll("_", "-")}-respelled`),
  );
};

function renderTable(plan: Plan, table: PlanTable): string[] {
  switch (table.disposition) {
    case "dropped":
      return [`## ${table.source} stays behind`, "", `${table.reason}.`];
    case "folded": {
      const rules = (table.rejects ?? []).map(({ name, when, reason }) => `| ${name} | ${code(when)} | ${reason} |`);
      const references = (table.references ?? []).map(
        ({ column, to }) => `| parent-missing, parent-quarantined | ${column} | no row of ${to} that lands |`,
      );
      return [
        `## ${table.source} → part of ${table.into?.target ?? "others"}`,
        "",
        `${table.reason}.`,
        ...section("Quarantine", ["Rule", "When", "Reason"], [...references, ...rules]),
        ...section("The way back", ["Legacy column", "From"], backRows(plan, table)),
      ];
    }
    case "mapped":
      return renderMapped(plan, table);
  }
}

function renderMapped(plan: Plan, table: MappedTable): string[] {
  const columns = landedColumns(plan, table).map(({ name, type }) => {
    const value = table.columns[name];
    return `| ${name} | ${type} | ${value === undefined ? provenance(plan, table, name) : describe(value)} |`;
  });
  const rejects = [
    ...rejectsOf(plan, table).map(({ name, when, reason }) => `| ${name} | ${code(when)} | ${reason} |`),
    ...demandsOf(table).map(
      ({ column, to }) => `| parent-missing, parent-quarantined | ${column} | no row of ${to} that lands |`,
    ),
    ...(table.unique ?? []).map((key) => `| duplicate | same ${key.join(", ")} | the row with the lowest key stays |`),
  ];
  const repairs = repairsOf(plan, table)
    .filter((repair) => !isSaidOnce(plan, table, repair))
    .map(
      ({ name, column, when, then, reason }) =>
        `| ${name} | ${column} | ${code(when)} | ${then === undefined ? "what it says" : code(then)} | ${reason} |`,
    );
  const dropped = Object.entries(table.dropped ?? {}).map(([column, reason]) => `| ${column} | ${reason} |`);
  return [
    `## ${table.source} → ${table.target}`,
    ...section("Columns", ["Column", "Type", "From"], columns),
    ...section("Repairs", ["Rule", "Column", "When", "Becomes", "Reason"], repairs),
    ...section("Quarantine", ["Rule", "When", "Reason"], rejects),
    ...section("Columns that stay behind", ["Legacy column", "Reason"], dropped),
    ...section("The way back", ["Legacy column", "From"], backRows(plan, table)),
  ];
}

const backRows = (plan: Plan, table: Exclude<PlanTable, { disposition: "dropped" }>): string[] =>
  inverseOf(plan, table).map(({ column, sql, lossy }) => {
    const from = [...(sql === undefined ? [] : [code(sql)]), ...(lossy === undefined ? [] : [`lost ${lossy}`])];
    return `| ${column} | ${from.join("; ")} |`;
  });

function describe(value: Value): string {
  switch (value.kind) {
    case "id":
      return `key ${code(value.column)}, in the window`;
    case "named":
      return `name ${code(value.column)}, by its MD5 in the upper half of the window`;
    case "reference":
      return `${code(value.column)}, as a row of ${value.to} is known here`;
    case "copy":
      return code(value.column);
    case "computed":
      return code(value.sql);
  }
}

const provenance = (plan: Plan, table: MappedTable, name: string): string =>
  name === "legacy_id"
    ? `key ${code(keyColumns(table).join(":"))}, as text`
    : name === "legacy_extra"
      ? ["what no column takes, and what was there before a repair", ...(table.extra ?? []).map(code)].join("; ")
      : `always ${code(plan.system)}`;

function section(title: string, heads: readonly string[], rows: readonly string[]): string[] {
  if (rows.length === 0) return [];
  return ["", `**${title}**`, "", `| ${heads.join(" | ")} |`, `|${" --- |".repeat(heads.length)}`, ...rows];
}
