import { beforeAll, expect, test } from "vitest";
import { engineAtHand } from "../testing/engine-at-hand.ts";
import { isSecretInput, mockEngine, unwrapped, valueOf, type RegisteredResource } from "../testing/mocks.ts";

let registered: RegisteredResource[];
const find = (type: string, name: string): RegisteredResource => {
  const found = registered.find((resource) => resource.type === type && resource.name === name);
  if (found === undefined) throw new Error(`no ${type} named ${name} was registered`);
  return found;
};

beforeAll(async () => {
  registered = await mockEngine();
  const { Server } = await import("./server.ts");
  const { Network } = await import("./network.ts");
  const { CertificateAuthority } = await import("./certificate-authority.ts");
  const { Postgres } = await import("./postgres.ts");
  const { databasePasswords } = await import("./database-passwords.ts");
  const { postgres: schema } = await import("../settings/postgres.ts");
  const server = new Server(engineAtHand);
  const network = new Network({ server });
  const authority = new CertificateAuthority("authority", { commonName: "Test" });
  const postgres = new Postgres({
    server,
    network,
    authority,
    passwords: databasePasswords(),
    settings: schema.parse({}),
  });
  await valueOf(postgres.gate.urn);
});

test("the database is made of exactly these resources", () => {
  expect(registered.map(({ type, name }) => `${type} ${name}`).sort()).toEqual(
    [
      "landfall:infra:Server one-13c402",
      "pulumi:providers:docker one-13c402",
      "landfall:infra:Network one-13c402-network",
      "docker:index/network:Network one-13c402-edge",
      "docker:index/network:Network one-13c402-service",
      "docker:index/network:Network one-13c402-data",
      "docker:index/network:Network one-13c402-legacy",
      "landfall:infra:CertificateAuthority authority",
      "pulumi-nodejs:dynamic/certificate:LocalAuthority authority",
      "landfall:infra:Postgres one-13c402-database",
      "landfall:infra:GeneratedSecret postgres-owner-password",
      "random:index/randomPassword:RandomPassword postgres-owner-password",
      "landfall:infra:GeneratedSecret postgres-service-password",
      "random:index/randomPassword:RandomPassword postgres-service-password",
      "landfall:infra:DataVolume one-13c402-volume-postgres-data",
      "docker:index/volume:Volume one-13c402-postgres-data",
      "landfall:infra:Certificate postgres-certificate",
      "pulumi-nodejs:dynamic/certificate:LocalCertificate postgres-certificate",
      "landfall:infra:Service one-13c402-service-postgres",
      "docker:index/volume:Volume one-13c402-postgres-secrets",
      "landfall:infra:Image one-13c402-image-postgres",
      "docker:index/remoteImage:RemoteImage one-13c402-postgres",
      "pulumi-nodejs:dynamic/delivery:FileDelivery one-13c402-postgres-files",
      "docker:index/container:Container one-13c402-postgres",
      "pulumi-nodejs:dynamic/gate:HealthGate one-13c402-postgres-healthy",
    ].sort(),
  );
});

test("the container publishes nothing and runs without privileges, on a read-only root, within limits", () => {
  expect(find("docker:index/container:Container", "one-13c402-postgres").inputs).toMatchObject({
    name: "landfall-test-postgres",
    image: "sha256:one-13c402-postgres",
    user: "999:999",
    ports: [],
    readOnly: true,
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    memory: 1024,
    memorySwap: 1024,
    cpus: "2.0",
    restart: "unless-stopped",
    logOpts: { "max-size": "10m", "max-file": "3" },
    destroyGraceSeconds: 60,
  });
});

test("it is on the data network alone, under the name that its certificate is for", () => {
  const { networksAdvanced } = find("docker:index/container:Container", "one-13c402-postgres").inputs;
  expect(networksAdvanced).toEqual([{ name: "landfall-test-data", aliases: ["postgres"] }]);
});

test("passwords and keys are delivered as secret files, never as environment", () => {
  const { files, owner } = find("pulumi-nodejs:dynamic/delivery:FileDelivery", "one-13c402-postgres-files").inputs;
  expect(isSecretInput(files)).toBe(true);
  expect(owner).toBe(999);
  expect(unwrapped(files)).toEqual({
    owner_password: "generated-postgres-owner-password",
    app_password: "generated-postgres-service-password",
    "server.crt": "certificate of postgres-certificate",
    "server.key": "key of postgres-certificate",
  });
  const { envs } = find("docker:index/container:Container", "one-13c402-postgres").inputs;
  expect(JSON.stringify(envs)).not.toContain("generated-");
});

test("the gate vouches for the very container and image", () => {
  expect(find("pulumi-nodejs:dynamic/gate:HealthGate", "one-13c402-postgres-healthy").inputs).toMatchObject({
    container: "one-13c402-postgres-id",
    image: "sha256:one-13c402-postgres",
    probe: { kind: "container" },
    passes: 1,
  });
});
