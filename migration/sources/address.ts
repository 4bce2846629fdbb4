import type pg from "pg";
import type { MariaDBConfig } from "./mariadb/config.ts";

/** Where a legacy database is, and how it is opened. */
export type SourceAddress =
  | { readonly kind: "postgresql"; readonly config: pg.ClientConfig }
  | { readonly kind: "mariadb"; readonly config: MariaDBConfig }
  | { readonly kind: "sqlite"; readonly path: string };
