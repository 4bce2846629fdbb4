import { z } from "zod";
import { readChain } from "../certificates/chain.ts";

const address = "a host name or address that the container of the migration reaches";
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/i;

const port = "a port from 1 to 65535";

const folderPath = 'a path in the volume `legacy-files`, such as "dirfinal/media"';
const legacyPath = (allowed: string) =>
  z
    .string(allowed)
    .max(1000, allowed)
    .regex(/^(?!(.*\/)?\.{1,2}(\/|$))[^/\0]+(\/[^/\0]+)*$/, allowed);

const media = legacyPath(folderPath)
  .optional()
  .describe("Folder in the volume `legacy-files` with the system's files; without it they stay where they are.");

const sample = (what: string) =>
  z.strictObject({ kind: z.literal("sample").describe(`The sample that comes with the project, ${what}.`) });

const server = (usualPort: number) =>
  z.strictObject({
    kind: z.literal("server").describe("The legacy system's own database server."),
    host: z
      .string(address)
      .regex(/^[\w.:[\]-]+$/, address)
      .refine((host) => !loopback.test(host), `${address}; this one is that container itself`)
      .describe("Its name or address."),
    port: z.int(port).min(1, port).max(65_535, port).default(usualPort).describe("Its port."),
    database: z.string("a name").min(1, "a name").describe("Name of the database."),
    user: z
      .string("a name")
      .min(1, "a name")
      .describe("Role that reads it; its password is `landfall:secrets` at `<system>.password`."),
    rootCertificate: z
      .string("a root certificate, PEM")
      .refine(isCertificate, "a root certificate, PEM")
      .optional()
      .describe(
        "Root certificate that its certificate must come from, PEM: TLS, verified in full. Without it there is no TLS, which only a private way may do without.",
      ),
  });

const either = { error: '"sample" or "server"' };
const ownServer = sample("in a server of its own");

/** Where the data of a system is that keeps no files. */
export const databaseSource = (usualPort: number) =>
  z.discriminatedUnion("kind", [ownServer, server(usualPort)], either);

/** Where the data of a system is that keeps files besides; whether its sample has files, too. */
export const databaseSourceWithFiles = (usualPort: number, sampleHasFiles: boolean) =>
  z.discriminatedUnion(
    "kind",
    [
      sampleHasFiles ? sample("in a server of its own, with its files") : ownServer,
      server(usualPort).extend({ media }),
    ],
    either,
  );

const filePath = 'a path in the volume `legacy-files`, such as "dirfinal/directory.db"';

/** Where the data of a system is whose database is a file. */
export const fileSource = z.discriminatedUnion(
  "kind",
  [
    sample("with its files"),
    z.strictObject({
      kind: z.literal("file").describe("The legacy system's own database file, in the volume `legacy-files`."),
      path: legacyPath(filePath).describe("Where it lies in the volume; docs/operate.md says how it gets there."),
      media,
    }),
  ],
  { error: '"sample" or "file"' },
);

function isCertificate(text: string): boolean {
  try {
    return readChain(text).length > 0;
  } catch {
    return false;
  }
}
