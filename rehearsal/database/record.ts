import type { KeyPair } from "../../infra/certificates/authority.ts";

/** When a managed database is maintained; hours in UTC, day 1 is Monday. */
export interface MaintenanceWindow {
  readonly dayOfWeek: number;
  readonly duration: number;
  readonly frequency: string;
  readonly hourOfDay: number;
}

/** A managed database, as the account has it. */
export interface DatabaseRecord {
  readonly id: number;
  label: string;
  readonly region: string;
  type: string;
  readonly engineId: string;
  clusterSize: number;
  allowLists: readonly string[];
  /** Settings of Postgres by their own names, with values as a configuration file has them. */
  settings: Readonly<Record<string, string>>;
  updates: MaintenanceWindow;
  suspended: boolean;
  /** Its address on the public network. */
  readonly address: string;
  readonly host: string;
  readonly port: number;
  readonly rootPassword: string;
  /** Root of its certificate, PEM. */
  readonly caCertificate: string;
  readonly pair: KeyPair;
  readonly created: string;
  /** Number of the process that is making it; when that process is gone, the database has never come to be. */
  madeBy?: number;
}
