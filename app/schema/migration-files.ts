import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** One schema migration, as its file says. */
export interface SchemaMigration {
  /** File name without `.sql`, for example `0003_learning`; the number in front gives the order. */
  readonly name: string;
  /** Whether the down section undoes the up section without losing what cannot be made again. */
  readonly reversible: boolean;
  /** Whether it runs inside a transaction; in one that does not, an empty line ends a statement. */
  readonly transaction: boolean;
  readonly up: string;
  readonly down: string;
}

const fileName = /^\d{4}_[a-z0-9_]+\.sql$/;
const sections = /^-- Up Migration$\n(?<up>[\s\S]*?)^-- Down Migration$\n?(?<down>[\s\S]*)/m;

/**
 * The folder with the schema migrations: beside this file in the sources, in `schema/` beside a bundle.
 * Throws when neither is there.
 */
export function migrationsDirectory(): string {
  const candidates = ["./migrations/", "./schema/migrations/"].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) {
    throw new Error(`The schema migrations are missing; they belong in ${candidates.join(" or ")}.`);
  }
  return found;
}

/**
 * The migrations of a folder in their order.
 * Throws one error that names every faulty file: a folder holds `NNNN_name.sql` files alone, numbered without a repeat.
 */
export function readMigrations(directory = migrationsDirectory()): SchemaMigration[] {
  const names = readdirSync(directory).sort();
  const faults: string[] = names
    .filter((name) => !fileName.test(name))
    .map((name) => `${name}: not named NNNN_name.sql`);
  const numbers = names.map((name) => name.slice(0, 4));
  faults.push(
    ...names
      .filter((_, index) => numbers.indexOf(numbers[index] ?? "") !== index)
      .map((name) => `${name}: its number is taken`),
  );
  const migrations: SchemaMigration[] = [];
  for (const name of names.filter((candidate) => fileName.test(candidate))) {
    const parsed = parseMigration(name.slice(0, -".sql".length), readFileSync(join(directory, name), "utf8"));
    if (Array.isArray(parsed)) faults.push(...parsed.map((fault) => `${name}: ${fault}`));
    else migrations.push(parsed);
  }
  if (faults.length > 0) throw new Error(`Schema migrations in ${directory} cannot be used:\n  ${faults.join("\n  ")}`);
  return migrations;
}

/**
 * The statements of a section that runs outside a transaction, each to be sent by itself: statements that are sent
 * together share one transaction. Blocks without a statement, comments alone, are left out.
 */
export function statementsOf(section: string): string[] {
  return section
    .split(/\n[ \t]*\n/)
    .map((block) => block.trim())
    .filter((block) => block.replaceAll(/^--.*$/gm, "").trim() !== "");
}

/** A migration from the text of its file, or the list of what is wrong with it. */
export function parseMigration(name: string, text: string): SchemaMigration | string[] {
  const faults: string[] = [];
  const header = (key: string): boolean => {
    const value = new RegExp(`^-- ${key}: (yes|no)$`, "m").exec(text)?.[1];
    if (value === undefined) faults.push(`lacks the line "-- ${key}: yes" or "-- ${key}: no"`);
    return value === "yes";
  };
  const reversible = header("Reversible");
  const transaction = header("Transaction");
  const found = sections.exec(text)?.groups;
  if (found === undefined) faults.push('lacks the lines "-- Up Migration" and "-- Down Migration", in this order');
  const { up = "", down = "" } = found ?? {};
  if (found !== undefined && up.trim() === "") faults.push("has an empty up section");
  if (found !== undefined && reversible && down.trim() === "")
    faults.push("is reversible and has an empty down section");
  return faults.length > 0 ? faults : { name, reversible, transaction, up, down };
}
