import { serverName, type ServerAddress } from "../sql/server-errors.ts";
import type { MappedTable, Plan } from "../plans/plan.ts";
import type { SourceAddress } from "./address.ts";
import type { ForeignSource } from "./foreign.ts";
import { canGoDirect as mariadbGoesDirect, openMariaDB } from "./mariadb/source.ts";
import { openPostgres } from "./postgres/source.ts";
import { canGoDirect as sqliteGoesDirect } from "./sqlite/mapping.ts";
import { openSQLite } from "./sqlite/source.ts";
import type { Source } from "./source.ts";

/** A legacy database that has been opened: read as it is, or by way of a staging copy. */
export type LegacyDatabase =
  | { readonly kind: "mapped"; readonly source: Source }
  | {
      readonly kind: "staged";
      readonly source: ForeignSource;
      /** Whether a table of the plan needs no more than changes of type, so that its rows may go straight into the target. */
      readonly canGoDirect: (table: MappedTable) => boolean;
    };

/** Opens the source of a plan with the adapter for its engine. Throws an error that says which source, and why it cannot be read. */
export async function openSource(plan: Plan, address: SourceAddress): Promise<LegacyDatabase> {
  try {
    switch (address.kind) {
      case "postgresql":
        return { kind: "mapped", source: await openPostgres(plan, named(plan, address.config)) };
      case "mariadb": {
        const source = await openMariaDB(named(plan, address.config), plan);
        return { kind: "staged", source, canGoDirect: (table) => mariadbGoesDirect(plan, table, source.catalogue) };
      }
      case "sqlite": {
        const source = await openSQLite(address.path, plan);
        return { kind: "staged", source, canGoDirect: (table) => sqliteGoesDirect(plan, table, source.catalogue) };
      }
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const reason = message.replace(`${serverName(named(plan, serverOf(address)))}: `, "");
    throw new Error(`The source of ${plan.system} (${placeOf(address)}) cannot be read: ${reason}`, { cause: error });
  }
}

/** A source that is a server says so in its errors. */
const named = <Config extends object>({ system }: Plan, config: Config): Config & { readonly what: string } => ({
  ...config,
  what: `the source of ${system}`,
});

const serverOf = (address: SourceAddress): Pick<ServerAddress, "host" | "port" | "database"> =>
  address.kind === "sqlite" ? {} : address.config;

/** Where a source is, without what opens it. */
export function placeOf(address: SourceAddress): string {
  if (address.kind === "sqlite") return address.path;
  const { host, port, database } = address.config;
  return `${host ?? ""}:${String(port ?? "")}/${database ?? ""}`;
}
