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
  expect(settings.sources.get("learnmore")).toMatchObject({
    kind: "postgresql",
    config: { host: "legacy", port: 5433 },
  });
  expect(settings.store).toBeUndefined();
});

test("each system's source is of the engine that its plan names", () => {
  const { sources } = readSettings(
    {
      ...environment,
      MIGRATION_SYSTEMS: "unpuzzle,dirfinal",
      SOURCE_UNPUZZLE_HOST: "mariadb",
      SOURCE_UNPUZZLE_NAME: "unpuzzle",
      SOURCE_UNPUZZLE_USER: "reader",
      SOURCE_UNPUZZLE_PASSWORD_FILE: "/run/secrets/unpuzzle",
      SOURCE_DIRFINAL_PATH: "/srv/directory.db",
    },
    read,
  );
  expect(sources.get("unpuzzle")).toEqual({
    kind: "mariadb",
    config: {
      host: "mariadb",
      port: 3306,
      database: "unpuzzle",
      user: "reader",
      password: "content of /run/secrets/unpuzzle",
    },
  });
  expect(sources.get("dirfinal")).toEqual({ kind: "sqlite", path: "/srv/directory.db" });
  expect(faultsOf({ MIGRATION_SYSTEMS: "dirfinal" })).toEqual([
    "SOURCE_DIRFINAL_PATH: is missing; it is the path of the database's file",
  ]);
});

test("files need a place to go to, and its key comes from files", () => {
  const media = { SOURCE_LEARNMORE_MEDIA: "/srv/media" };
  expect(faultsOf(media)).toEqual([
    "MEDIA_STORE: is missing; it says where files go, for example file:/var/lib/landfall/media",
  ]);
  const settings = readSettings({ ...environment, ...media, MEDIA_STORE: "file:/var/lib/landfall/media" }, read);
  expect(settings.media).toEqual(new Map([["learnmore", "/srv/media"]]));
  expect(settings.store).toEqual({ kind: "folder", directory: "/var/lib/landfall/media" });
  const bucket = {
    MEDIA_STORE: "s3://media?endpoint=https://objects.example.com",
    MEDIA_ACCESS_KEY_FILE: "/run/secrets/access",
    MEDIA_SECRET_KEY_FILE: "/run/secrets/secret",
  };
  expect(readSettings({ ...environment, ...media, ...bucket }, read).store).toMatchObject({
    kind: "bucket",
    bucket: "media",
    accessKey: "content of /run/secrets/access",
  });
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
    "MIGRATION_SYSTEMS: is missing; name some of learnmore, dirfinal, unpuzzle, openlearn, listcutter, or leave it empty where none is to land",
  ]);
  expect(readSettings({ ...environment, MIGRATION_SYSTEMS: "" }, read).systems).toEqual([]);
});

test("a system without a plan is refused", () => {
  expect(faultsOf({ MIGRATION_SYSTEMS: "learnmore,unknown" })).toContain(
    'MIGRATION_SYSTEMS: there is no plan for "unknown"; there are learnmore, dirfinal, unpuzzle, openlearn, listcutter',
  );
});

test("a secret that cannot be read is a fault that names its path, and never its content", () => {
  const failing = (path: string): string => {
    if (path === "/run/secrets/owner") throw new Error("there is no such file");
    return read(path);
  };
  expect(faultsOf({}, failing)).toEqual(["DB_PASSWORD_FILE: /run/secrets/owner cannot be read: there is no such file"]);
});

test("a key of the store that cannot be read is a fault like any other", () => {
  const failing = (path: string): string => {
    if (path.endsWith("store-key")) throw new Error("there is no such file");
    return read(path);
  };
  const store = {
    SOURCE_LEARNMORE_MEDIA: "/srv/legacy/media",
    MEDIA_STORE: "s3://media?endpoint=https://objects.example.com",
    MEDIA_ACCESS_KEY_FILE: "/run/secrets/store-key",
    MEDIA_SECRET_KEY_FILE: "/run/secrets/store-secret",
  };
  expect(faultsOf(store, failing)).toContain(
    "MEDIA_ACCESS_KEY_FILE: /run/secrets/store-key cannot be read: there is no such file",
  );
});
