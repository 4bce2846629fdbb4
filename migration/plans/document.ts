import { keyColumns } from "./columns.ts";
import { inverseOf } from "./inverse.ts";
import { demandsOf } from "./order.ts";
import { landedColumns, rejectsOf, repairsOf } from "./repairs.ts";
import { windowStart, type MappedTable, type Plan, type PlanTable, type Value } from "./plan.ts";

const code = (text: string): string => `\`${text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|")}\``;

/** A plan as a Markdown document: every table and column of the legacy system, and where it goes and why. */
export function renderDocument(plan: Plan): string {
  const count = (disposition: PlanTable["disposition"]): string =>
    plan.tables.filter((table) => table.disposition === disposition).length.toString();
  return [
    `# How ${plan.system} lands`,
    "",
    `Of ${plan.tables.length.toString()} legacy tables ${count("mapped")} are mapped, ${count("folded")} become a part of others,` +
      ` ${count("dropped")} stay behind. A key becomes ${windowStart(plan).toString()} (window ${plan.window.toString()} of 2^40) plus the legacy key.` +
      " Every row keeps where it came from in `source_system` and `legacy_id`. A row that cannot land is in quarantine with its rule.",
    "",
    ...plan.tables.flatMap((table) => [...renderTable(plan, table), ""]),
  ].join("\n");
}

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
  const repairs = repairsOf(plan, table).map(
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
