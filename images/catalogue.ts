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
] as const;

/** The name of an image of the project. */
export type ImageName = (typeof imageNames)[number];

const schemaMigrations = (): ContextFiles =>
  folderFiles(join(projectRoot, "app/schema/migrations"), "srv/schema/migrations");

/** What every image of a proxy does in the same way, whichever server it has. */
const proxyScripts = (): ContextFiles => folderFiles(join(projectRoot, "images/proxy"), "proxy");

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
  "legacy-learnmore": {
    folder: "legacy-postgres",
    base: { image: "postgres", argument: "POSTGRES_IMAGE" },
    files: () => ({ "dump.sql.gz": { path: join(projectRoot, "samples/legacy/learnmore/dump.sql.gz") } }),
  },
  mariadb: {},
  "legacy-unpuzzle": {
    folder: "legacy-mariadb",
    base: { image: "mariadb", argument: "MARIADB_IMAGE" },
    files: () => ({ "dump.sql.gz": { path: join(projectRoot, "samples/legacy/unpuzzle/dump.sql.gz") } }),
  },
};
