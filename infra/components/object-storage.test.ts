import { readStoreAddress } from "@landfall/migration/files/store-address";
import { beforeAll, expect, test } from "vitest";
import { engineAtHand } from "../testing/engine-at-hand.ts";
import { isSecretInput, mockEngine, unwrapped, valueOf, type RegisteredResource } from "../testing/mocks.ts";
import type { Storage } from "./object-storage.ts";
import type { Server } from "./server.ts";

let registered: RegisteredResource[];
let storage: Storage;
let server: Server;

const inputsOf = (type: string, name: string): Readonly<Record<string, unknown>> => {
  const found = registered.find((resource) => resource.type.endsWith(`:${type}`) && resource.name === name);
  if (found === undefined) throw new Error(`no ${type} named ${name} was registered`);
  return found.inputs;
};

beforeAll(async () => {
  registered = await mockEngine();
  const pulumi = await import("@pulumi/pulumi");
  const { Server: ServerComponent } = await import("./server.ts");
  const { createStorage } = await import("./object-storage.ts");
  const { storage: schema } = await import("../settings/storage.ts");
  server = new ServerComponent({ ...engineAtHand, publicAddress: pulumi.output("198.51.100.64") });
  await valueOf(server.provider.urn);
  registered.length = 0;
  const settings = schema.parse({
    provider: "linode",
    region: "eu-central",
    suffix: "acme",
    media: { keepOldDays: 5 },
  });
  storage = createStorage({ prefix: "landfall-test", settings });
  await Promise.all(
    [...storage.media(server), ...storage.backups(server)].flatMap(({ files }) => Object.values(files)).map(settled),
  );
});

const settled = async (input: unknown): Promise<unknown> => {
  const pulumi = await import("@pulumi/pulumi");
  return valueOf(pulumi.output(input));
};

test("object storage is exactly two buckets, each with a key, and a provider that may set what only S3 can", () => {
  expect(registered.map(({ type, name }) => `${type} ${name}`).sort()).toEqual(
    [
      "landfall:infra:ObjectStorage object-storage",
      "pulumi:providers:linode object-storage",
      "landfall:infra:Bucket media",
      "linode:index/objectStorageBucket:ObjectStorageBucket media",
      "linode:index/objectStorageKey:ObjectStorageKey media",
      "landfall:infra:Bucket backups",
      "linode:index/objectStorageBucket:ObjectStorageBucket backups",
      "linode:index/objectStorageKey:ObjectStorageKey backups",
    ].sort(),
  );
  expect(inputsOf("linode", "object-storage")).toMatchObject({ objUseTempKeys: "true" });
});

test("buckets are private, and keep what was overwritten and old backups as long as was set", () => {
  expect(inputsOf("ObjectStorageBucket", "media")).toEqual({
    label: "landfall-test-media-acme",
    region: "eu-central",
    acl: "private",
    corsEnabled: false,
    versioning: true,
    lifecycleRules: [
      {
        id: "upkeep",
        enabled: true,
        abortIncompleteMultipartUploadDays: 7,
        noncurrentVersionExpiration: { days: 5 },
      },
    ],
  });
  expect(inputsOf("ObjectStorageBucket", "backups")).toMatchObject({
    label: "landfall-test-backups-acme",
    versioning: true,
    lifecycleRules: [{ expiration: { days: 90 }, noncurrentVersionExpiration: { days: 14 } }],
  });
});

test.each(["media", "backups"])("the key of %s opens that bucket and nothing else", (noun) => {
  expect(inputsOf("ObjectStorageKey", noun)).toEqual({
    label: `landfall-test-${noun}-acme`,
    regions: ["eu-central"],
    bucketAccesses: [{ bucketName: `landfall-test-${noun}-acme`, region: "eu-central", permissions: "read_write" }],
  });
});

test("the service gets the bucket's name in clear, and the way in as secret files", async () => {
  const [part] = storage.media(server);
  expect(part?.environment).toEqual({
    MEDIA_BUCKET: "landfall-test-media-acme",
    MEDIA_REGION: "eu-central",
    MEDIA_ENDPOINT_FILE: "/run/secrets/media_endpoint",
    MEDIA_ACCESS_KEY_FILE: "/run/secrets/media_access_key",
    MEDIA_SECRET_KEY_FILE: "/run/secrets/media_secret_key",
    MEDIA_CA_FILE: "/run/trust/ca-certificates.crt",
  });
  expect(part?.hostFiles).toEqual({ "/run/trust": "/etc/ssl/certs" });
  expect(part?.checks).toEqual(["storage"]);
  expect(part?.leadsOut).toBe(true);
  expect(await settled(part?.files["media_endpoint"])).toBe("https://eu-central-1.linodeobjects.com");
  expect(await settled(part?.files["media_secret_key"])).toBe("secret key of media");
});

test("the migration gets the bucket as an address that it understands, and the key as files", async () => {
  const store = storage.mediaStore(server);
  const { MEDIA_STORE: address, ...rest } = store?.environment ?? {};
  expect(rest).toEqual({
    MEDIA_ACCESS_KEY_FILE: "/run/secrets/media_access_key",
    MEDIA_SECRET_KEY_FILE: "/run/secrets/media_secret_key",
  });
  expect(Object.keys(store?.files ?? {}).sort()).toEqual(["media_access_key", "media_secret_key"]);
  expect(store?.hostFiles).toEqual({ "/run/trust": "/etc/ssl/certs" });
  const read: string[] = [];
  const understood = readStoreAddress(String(await settled(address)), {
    environment: { LANDFALL_STORE_ACCESS_KEY: "access", LANDFALL_STORE_SECRET_KEY: "secret" },
    readFile: (path) => {
      read.push(path);
      return "trusted";
    },
  });
  expect(understood).toEqual({
    kind: "bucket",
    endpoint: "https://eu-central-1.linodeobjects.com",
    bucket: "landfall-test-media-acme",
    region: "eu-central",
    accessKey: "access",
    secretKey: "secret",
    authority: "trusted",
  });
  expect(read).toEqual(["/run/trust/ca-certificates.crt"]);
});

test("both halves of a key are secrets wherever they go", async () => {
  const { Service } = await import("./service.ts");
  const service = new Service({
    server,
    noun: "uses-storage",
    image: "app",
    user: 10001,
    networks: [],
    files: storage.media(server)[0]?.files ?? {},
    limits: { memory: "64 MiB", cpus: 1 },
    stopSeconds: 1,
  });
  await valueOf(service.containerId);
  const { files } = inputsOf("FileDelivery", server.logicalName("uses-storage-files"));
  expect(isSecretInput(files)).toBe(true);
  expect(unwrapped(files)).toMatchObject({ media_access_key: "access key of media" });
});

test("where nobody's machine trusts for it, Node.js's own roots are trusted", async () => {
  const { Server: ServerComponent } = await import("./server.ts");
  const [part] = storage.media(new ServerComponent({ ...engineAtHand, generation: "two-13c402" }));
  expect(part?.hostFiles).toEqual({});
  expect(part?.environment).not.toHaveProperty("MEDIA_CA_FILE");
});

test("without object storage nothing is made", async () => {
  const { createStorage } = await import("./object-storage.ts");
  const none = createStorage({ prefix: "landfall-test", settings: { provider: "none" } });
  expect([none.media(server), none.mediaStore(server), none.backups(server)]).toEqual([[], undefined, []]);
});
