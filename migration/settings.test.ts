import { expect, test } from "vitest";
import { Refusal } from "./engine/outcome.ts";
import { readSettings } from "./settings.ts";

const environment = {
  MIGRATION_SYSTEMS: "learnmore",
  DB_HOST: "postgres",
  DB_NAME: "landfall",
  DB_USER: "landfall_owner",
  DB_PASSWORD_FILE: "/run/secrets/owner",
  DB_CA_FILE: "/run/secrets/ca",
  SOURCE_LEARNMORE_HOST: "legacy",
  SOURCE_LEARNMORE_PORT: "5433",
  SOURCE_LEARNMORE_NAME: "learnmore",
  SOURCE_LEARNMORE_USER: "reader",
  SOURCE_LEARNMORE_PASSWORD_FILE: "/run/secrets/legacy",
};
const read = (path: string): string => `content of ${path}`;

function faultsOf(changes: Record<string, string | undefined>, reading = read): readonly string[] {
  try {
    readSettings({ ...environment, ...changes }, reading);
  } catch (error) {
    if (error instanceof Refusal) return error.faults;
    throw error;
  }
  return [];
}

test("settings come from variables, secrets from files, the rest has defaults", () => {
  const settings = readSettings(environment, read);
  expect(settings).toMatchObject({
    systems: ["learnmore"],
    workers: 2,
    chunkRows: 50_000,
    reportPath: "/var/lib/landfall/reports/report.json",
    rollbackDirectory: "/var/lib/landfall/rollback",
    hashes: "auto",
  });
  expect(settings.target).toEqual({
    host: "postgres",
    port: 5432,
    database: "landfall",
    user: "landfall_owner",
    password: "content of /run/secrets/owner",
    ssl: { ca: "content of /run/secrets/ca", rejectUnauthorized: true },
  });
  expect(settings.sources.get("learnmore")).toMatchObject({ host: "legacy", port: 5433 });
});

test("every fault is told at once", () => {
  expect(
    faultsOf({
      MIGRATION_WORKERS: "none",
      MIGRATION_CHUNK_ROWS: "0",
      DB_HOST: undefined,
      DB_PORT: "70000",
      SOURCE_LEARNMORE_USER: "",
      SOURCE_LEARNMORE_PASSWORD_FILE: undefined,
    }),
  ).toEqual([
    expect.stringMatching(/^MIGRATION_WORKERS: .* it is "none"$/),
    expect.stringMatching(/^MIGRATION_CHUNK_ROWS: .* it is "0"$/),
    "DB_HOST: is missing",
    `DB_PORT: must be a port, is "70000"`,
    "SOURCE_LEARNMORE_USER: is missing",
    "SOURCE_LEARNMORE_PASSWORD_FILE: is missing; it is the path of a file with the password",
  ]);
});

test("where no system lands that has to be said", () => {
  expect(faultsOf({ MIGRATION_SYSTEMS: undefined })).toEqual([
    "MIGRATION_SYSTEMS: is missing; name some of learnmore, or leave it empty where none is to land",
  ]);
  expect(readSettings({ ...environment, MIGRATION_SYSTEMS: "" }, read).systems).toEqual([]);
});

test("a system without a plan is refused", () => {
  expect(faultsOf({ MIGRATION_SYSTEMS: "learnmore,unknown" })).toContain(
    'MIGRATION_SYSTEMS: there is no plan for "unknown"; there are learnmore',
  );
});

test("a secret that cannot be read is a fault that names its path, and never its content", () => {
  const failing = (path: string): string => {
    if (path === "/run/secrets/owner") throw new Error("there is no such file");
    return read(path);
  };
  expect(faultsOf({}, failing)).toEqual(["DB_PASSWORD_FILE: /run/secrets/owner cannot be read: there is no such file"]);
});
