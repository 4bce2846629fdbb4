import { beforeAll, expect, test } from "vitest";
import { createAuthority } from "../certificates/authority.ts";
import { parseSettings } from "../settings/parse.ts";
import type { Settings } from "../settings/settings.ts";
import { engineAtHand } from "../testing/engine-at-hand.ts";
import { inputsIn, isSecretInput, mockEngine, unwrapped, valueOf, type RegisteredResource } from "../testing/mocks.ts";
import type { MediaStore } from "./bucket.ts";

let registered: RegisteredResource[];
let root: string;
/** Brings a migration up, and gives the names of what it waits for. */
let land: (generation: string, sources: object, media?: MediaStore) => Promise<string[]>;

const inputsOf = (type: string, name: string): RegisteredResource["inputs"] => inputsIn(registered, type, name);
const container = (name: string): RegisteredResource["inputs"] => inputsOf("docker:index/container:Container", name);
const gates = (): string[] => registered.filter(({ type }) => /:\w+Gate$/.test(type)).map(({ name }) => name);
const files = (name: string): Record<string, unknown> => {
  const input = inputsOf("pulumi-nodejs:dynamic/delivery:FileDelivery", name)["files"];
  expect(isSecretInput(input)).toBe(true);
  return unwrapped(input) as Record<string, unknown>;
};
const mounts = (name: string): [string, string, boolean][] =>
  (container(name)["volumes"] as { containerPath: string; volumeName?: string; readOnly?: boolean }[]).map(
    ({ containerPath, volumeName, readOnly }) => [containerPath, volumeName ?? "", readOnly ?? false],
  );
const networks = (name: string): string[] =>
  (container(name)["networksAdvanced"] as { name: string }[]).map((network) => network.name);

const server = { kind: "server", host: "old.example.com", database: "old", user: "reader" };

function settingsOf(sources: object): Settings {
  const all = {
    servers: [{ name: "one", platform: "engine-at-hand", roles: ["edge", "app", "database", "cache"] }],
    hosts: ["localhost"],
    migration: { sources },
    secrets: { unpuzzle: { password: "of the reader" }, learnmore: { password: "of LearnMore's reader" } },
  };
  const config = Object.entries(all).map(([key, value]): [string, string] => [key, JSON.stringify(value)]);
  return parseSettings(Object.fromEntries(config), { linode: true, cloudflare: true });
}

beforeAll(async () => {
  registered = await mockEngine();
  root = (await createAuthority({ commonName: "Old", validityDays: 1 })).certificate;
  const { CertificateAuthority } = await import("./certificate-authority.ts");
  const { databasePasswords } = await import("./database-passwords.ts");
  const { legacySources } = await import("./legacy-sources.ts");
  const { Migration } = await import("./migration.ts");
  const { Network } = await import("./network.ts");
  const { Postgres } = await import("./postgres.ts");
  const { Server } = await import("./server.ts");
  const authority = new CertificateAuthority("authority", { commonName: "Test" });
  const passwords = databasePasswords();
  land = async (generation, sources, media) => {
    const settings = settingsOf(sources);
    const place = { server: new Server({ ...engineAtHand, generation }) };
    const network = new Network(place);
    const database = new Postgres({ ...place, network, authority, passwords, settings: settings.postgres });
    await valueOf(database.gate.urn);
    registered.length = 0;
    const legacy = legacySources({ ...place, network, settings });
    const args = { ...place, network, database, legacy, media, settings: settings.migration };
    const { gate } = new Migration({ ...args, after: legacy.gates });
    await valueOf(gate.urn);
    const urns = await Promise.all(legacy.gates.map((one) => valueOf(one.urn)));
    return urns.map((urn) => urn.split("::").at(-1) ?? "");
  };
  await land("none", {});
}, 120_000);

test("nothing but the schema lands where no system is named, and the volumes for files are there all the same", () => {
  expect(container("none-migration")["envs"]).toEqual(
    expect.arrayContaining(["MIGRATION_SYSTEMS=", "TMPDIR=/var/lib/landfall/work"]),
  );
  expect(mounts("none-migration")).toEqual([
    ["/run/secrets", "landfall-test-migration-secrets", false],
    ["/var/lib/landfall/reports", "landfall-test-migration-reports", false],
    ["/var/lib/landfall/rollback", "landfall-test-rollback-points", false],
    ["/var/lib/landfall/work", "landfall-test-migration-work", false],
    ["/var/lib/landfall/media", "landfall-test-media", false],
    ["/srv/legacy", "landfall-test-legacy-files", true],
  ]);
  expect(networks("none-migration")).toEqual(["landfall-test-data", "landfall-test-legacy"]);
  expect(JSON.stringify(container("none-migration")["envs"])).not.toContain("MEDIA_STORE");
  expect(gates()).toEqual(["none-migrated"]);
});

test("the samples of all five systems are brought up, each behind a gate, and the migration waits for them", async () => {
  const sample = { kind: "sample" };
  const waited = await land("samples", {
    learnmore: sample,
    dirfinal: sample,
    unpuzzle: sample,
    openlearn: sample,
    listcutter: sample,
  });
  const waitedFor = [
    "samples-legacy-samples-done",
    "samples-legacy-learnmore-healthy",
    "samples-legacy-unpuzzle-healthy",
    "samples-legacy-openlearn-healthy",
    "samples-legacy-listcutter-healthy",
  ];
  expect(waited).toEqual(waitedFor);
  expect(gates().sort()).toEqual([...waitedFor, "samples-migrated"].sort());
  expect(container("samples-migration")["envs"]).toEqual(
    expect.arrayContaining([
      "MIGRATION_SYSTEMS=learnmore,dirfinal,unpuzzle,openlearn,listcutter",
      "SOURCE_LEARNMORE_HOST=legacy-learnmore",
      "SOURCE_LEARNMORE_PORT=5432",
      "SOURCE_DIRFINAL_PATH=/srv/legacy/samples/dirfinal/directory.db",
      "SOURCE_DIRFINAL_MEDIA=/srv/legacy/samples/dirfinal/media",
      "SOURCE_UNPUZZLE_HOST=legacy-unpuzzle",
      "SOURCE_UNPUZZLE_PORT=3306",
      "SOURCE_UNPUZZLE_NAME=unpuzzle",
      "SOURCE_LISTCUTTER_MEDIA=/srv/legacy/samples/listcutter/media",
      "MEDIA_STORE=file:/var/lib/landfall/media",
    ]),
  );
  expect(networks("samples-migration")).toEqual(["landfall-test-data", "landfall-test-legacy"]);
});

test("a sample's files are unpacked into the volume that the migration only reads", () => {
  expect(container("samples-legacy-samples")).toMatchObject({
    command: ["dirfinal", "listcutter"],
    user: "10001:10001",
    readOnly: true,
    capabilities: { drops: ["ALL"] },
    restart: "no",
    start: false,
  });
  expect(mounts("samples-legacy-samples")).toContainEqual(["/srv/legacy", "landfall-test-legacy-files", false]);
  expect(networks("samples-legacy-samples")).toEqual(["landfall-test-legacy"]);
});

test("the sample of MariaDB runs as its image does, and no container's variables hold a password", () => {
  expect(container("samples-legacy-unpuzzle")).toMatchObject({
    user: "995:995",
    envs: [
      "MARIADB_DATABASE=unpuzzle",
      "MARIADB_OWNER=unpuzzle",
      "MARIADB_OWNER_PASSWORD_FILE=/run/secrets/owner_password",
    ],
  });
  expect(mounts("samples-legacy-unpuzzle")).toContainEqual([
    "/var/lib/mysql",
    "landfall-test-legacy-unpuzzle-data",
    false,
  ]);
  expect(Object.keys(files("samples-migration-files")).sort()).toEqual(
    [
      "db_ca.crt",
      "db_password",
      ...["learnmore", "listcutter", "openlearn", "unpuzzle"].map((system) => `source_${system}_password`),
    ].sort(),
  );
  const containers = registered.filter(({ type }) => type === "docker:index/container:Container");
  expect(JSON.stringify(containers.map(({ inputs }) => inputs))).not.toContain("generated-");
});

test("a legacy server outside is reached by a way out, its password and root certificate in files", async () => {
  await land("outside", { unpuzzle: { ...server, rootCertificate: root } });
  expect(container("outside-migration")["envs"]).toEqual(
    expect.arrayContaining([
      "SOURCE_UNPUZZLE_HOST=old.example.com",
      "SOURCE_UNPUZZLE_PORT=3306",
      "SOURCE_UNPUZZLE_CA_FILE=/run/secrets/source_unpuzzle_ca.crt",
    ]),
  );
  expect(files("outside-migration-files")).toMatchObject({
    source_unpuzzle_password: "of the reader",
    "source_unpuzzle_ca.crt": root,
  });
  expect(networks("outside-migration")).toEqual(["landfall-test-data", "landfall-test-legacy", "landfall-test-edge"]);
});

const bucket: MediaStore = {
  environment: { MEDIA_STORE: "s3://bucket" },
  files: { media_secret_key: "the key" },
  hostFiles: { "/run/trust": "/etc/ssl/certs" },
  leadsOut: true,
};

test("a system's own files are read from the volume and go to the bucket, where there is one", async () => {
  const dirfinal = { kind: "file", path: "dirfinal/directory.db", media: "dirfinal/media" };
  await land("bucket", { dirfinal }, bucket);
  expect(container("bucket-migration")["envs"]).toEqual(
    expect.arrayContaining([
      "SOURCE_DIRFINAL_PATH=/srv/legacy/dirfinal/directory.db",
      "SOURCE_DIRFINAL_MEDIA=/srv/legacy/dirfinal/media",
      "MEDIA_STORE=s3://bucket",
    ]),
  );
  expect(files("bucket-migration-files")).toMatchObject({ media_secret_key: "the key" });
  expect(mounts("bucket-migration").map(([path]) => path)).toContain("/run/trust");
  expect(mounts("bucket-migration").map(([path]) => path)).not.toContain("/var/lib/landfall/media");
  expect(networks("bucket-migration")).toContain("landfall-test-edge");
});

test("without files to move, the bucket's key reaches the migration not at all", async () => {
  await land("no-files", { dirfinal: { kind: "file", path: "directory.db" } }, bucket);
  expect(Object.keys(files("no-files-migration-files")).sort()).toEqual(["db_ca.crt", "db_password"]);
  expect(networks("no-files-migration")).not.toContain("landfall-test-edge");
});
