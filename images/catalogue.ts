import { join } from "node:path";
import { bundle } from "./bundle.ts";
import { folderFiles, projectRoot, type ContextFiles } from "./files.ts";

/** An image of the project. */
interface Image {
  /** Folder beside this file with the Dockerfile; the image's own name unless said otherwise. */
  readonly folder?: string;
  /** The project's own image that it starts from, and the Dockerfile's argument for its name. */
  readonly base?: { readonly image: ImageName; readonly argument: string };
  /** Files that come from elsewhere in the clone. */
  readonly files?: () => ContextFiles;
}

export const imageNames = [
  "postgres",
  "pgbouncer",
  "redis",
  "elasticsearch",
  "nginx",
  "apache",
  "lego",
  "node",
  "app",
  "migration",
  "legacy-learnmore",
  "mariadb",
  "legacy-unpuzzle",
  "legacy-openlearn",
  "legacy-listcutter",
  "legacy-samples",
  "benchmark",
] as const;

/** The name of an image of the project. */
export type ImageName = (typeof imageNames)[number];

const schemaMigrations = (): ContextFiles =>
  folderFiles(join(projectRoot, "app/schema/migrations"), "srv/schema/migrations");

/** What every image of a proxy does in the same way, whichever server it has. */
const proxyScripts = (): ContextFiles => folderFiles(join(projectRoot, "images/proxy"), "proxy");

const sample = (system: string, file: string): string => join(projectRoot, "samples/legacy", system, file);

/** A legacy system's own PostgreSQL, with the sample of its data. */
const postgresSample = (system: string): Image => ({
  folder: "legacy-postgres",
  base: { image: "postgres", argument: "POSTGRES_IMAGE" },
  files: () => ({ "dump.sql.gz": { path: sample(system, "dump.sql.gz") } }),
});

/** Every image of the project, and what it is made from. */
export const catalogue: Readonly<Record<ImageName, Image>> = {
  postgres: {},
  pgbouncer: {},
  redis: {},
  elasticsearch: {},
  nginx: { files: proxyScripts },
  apache: { files: proxyScripts },
  lego: {},
  node: { files: () => ({ node: { path: process.execPath } }) },
  app: {
    base: { image: "node", argument: "NODE_IMAGE" },
    files: () => ({
      "srv/main.mjs": bundle("app/main.ts"),
      "srv/probe.mjs": bundle("app/probe.ts"),
      ...schemaMigrations(),
    }),
  },
  migration: {
    base: { image: "node", argument: "NODE_IMAGE" },
    files: () => ({ "srv/main.mjs": bundle("migration/main.ts"), ...schemaMigrations() }),
  },
  "legacy-learnmore": postgresSample("learnmore"),
  mariadb: {},
  "legacy-unpuzzle": {
    folder: "legacy-mariadb",
    base: { image: "mariadb", argument: "MARIADB_IMAGE" },
    files: () => ({ "dump.sql.gz": { path: sample("unpuzzle", "dump.sql.gz") } }),
  },
  "legacy-openlearn": postgresSample("openlearn"),
  "legacy-listcutter": postgresSample("listcutter"),
  "legacy-samples": {
    files: () => ({
      "samples/dirfinal/directory.db.gz": { path: sample("dirfinal", "directory.db.gz") },
      "samples/dirfinal/media.tar.gz": { path: sample("dirfinal", "media.tar.gz") },
      "samples/listcutter/media.tar.gz": { path: sample("listcutter", "media.tar.gz") },
    }),
  },
  benchmark: {
    base: { image: "node", argument: "NODE_IMAGE" },
    files: () => ({
      "srv/migration/main.mjs": bundle("migration/main.ts"),
      "srv/benchmark/measure.mjs": bundle("test/benchmark/measure.ts"),
      "srv/benchmark/extract.mjs": bundle("test/benchmark/extract.ts"),
      ...folderFiles(join(projectRoot, "app/schema/migrations"), "srv/migration/schema/migrations"),
      ...folderFiles(join(projectRoot, "samples/legacy"), "srv/samples"),
    }),
  },
};
