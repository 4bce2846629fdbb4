import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { BucketAddress } from "@landfall/app/configuration/media";
import { folderStore } from "@landfall/app/storage/folder-store";
import type { ObjectStore } from "@landfall/app/storage/object-store";

/** Where files go: a folder, or a bucket. */
export type StoreAddress =
  { readonly kind: "folder"; readonly directory: string } | ({ readonly kind: "bucket" } & BucketAddress);

type Environment = Readonly<Record<string, string | undefined>>;

const form =
  "file:DIR, or s3://BUCKET?endpoint=https://HOST[&region=REGION][&ca=FILE] with the key in LANDFALL_STORE_ACCESS_KEY and LANDFALL_STORE_SECRET_KEY";

/**
 * Reads the address of a store: `file:DIR` (relative to `directory`) or `s3://BUCKET?endpoint=…&region=…&ca=FILE`. A
 * bucket's key is taken from LANDFALL_STORE_ACCESS_KEY and LANDFALL_STORE_SECRET_KEY, or AWS_ACCESS_KEY_ID and
 * AWS_SECRET_ACCESS_KEY. Gives the address, or every fault of it; no fault shows a key.
 */
export function readStoreAddress(
  text: string,
  of: { environment: Environment; directory?: string; readFile?: (path: string) => string },
): StoreAddress | { readonly faults: string[] } {
  const directory = of.directory ?? process.cwd();
  if (text.startsWith("file:")) {
    const path = text.slice("file:".length).replace(/^\/\/(?=\/)/, "");
    return path === ""
      ? { faults: [`"file:" names no folder; give ${form}`] }
      : { kind: "folder", directory: resolve(directory, path) };
  }
  if (!text.startsWith("s3://") || !URL.canParse(text))
    return { faults: [`"${withoutSecrets(text)}" is no store; give ${form}`] };
  const url = new URL(text);
  const faults: string[] = [];
  if (url.hostname === "" || !["", "/"].includes(url.pathname))
    faults.push(`a bucket alone stands after s3://; give ${form}`);
  if (url.username !== "" || url.password !== "")
    faults.push("a key does not belong in the address; give it in the environment");
  for (const name of url.searchParams.keys())
    if (!["endpoint", "region", "ca"].includes(name))
      faults.push(`"${name}" is no setting of a bucket; there are endpoint, region and ca`);
  const endpoint = (url.searchParams.get("endpoint") ?? "").replace(/\/$/, "");
  if (!/^https?:\/\/[^/?#@]+$/.test(endpoint))
    faults.push("endpoint must be an address such as https://eu-central-1.linodeobjects.com");
  const accessKey = of.environment["LANDFALL_STORE_ACCESS_KEY"] ?? of.environment["AWS_ACCESS_KEY_ID"] ?? "";
  const secretKey = of.environment["LANDFALL_STORE_SECRET_KEY"] ?? of.environment["AWS_SECRET_ACCESS_KEY"] ?? "";
  if (accessKey === "") faults.push("LANDFALL_STORE_ACCESS_KEY is missing");
  if (secretKey === "") faults.push("LANDFALL_STORE_SECRET_KEY is missing");
  const authority = readAuthority(url.searchParams.get("ca"), { ...of, directory, faults });
  if (faults.length > 0) return { faults };
  return {
    kind: "bucket",
    endpoint,
    bucket: url.hostname,
    region: url.searchParams.get("region") ?? "us-east-1",
    accessKey,
    secretKey,
    ...(authority === undefined ? {} : { authority }),
  };
}

function readAuthority(
  path: string | null,
  of: { directory: string; faults: string[]; readFile?: (path: string) => string },
): string | undefined {
  if (path === null) return undefined;
  try {
    return (of.readFile ?? ((file) => readFileSync(file, "utf8")))(resolve(of.directory, path));
  } catch (error) {
    of.faults.push(`ca: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

const withoutSecrets = (text: string): string => text.replace(/\/\/[^/]*@/, "//…@").replace(/[?].*/s, "?…");

/** The store at an address. Nothing is asked of it yet. */
export async function openStore(address: StoreAddress): Promise<ObjectStore> {
  if (address.kind === "folder") return folderStore(address.directory);
  // The client of S3 takes 10 MB, which only those have to spend who have such a store.
  const { s3Store } = await import("@landfall/app/storage/s3-store");
  return s3Store(address);
}
