import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";

/** A resource as a program registered it. */
export interface RegisteredResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/**
 * Puts Pulumi's mocks in place; call and await it before a component's module is imported.
 *
 * @param outputs what resources of a type have besides what is said here, by the type
 * @returns the list that every registered resource is added to, in the order of registration
 */
export async function mockEngine(
  outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): Promise<RegisteredResource[]> {
  const registered: RegisteredResource[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource(args) {
        const { type, name } = args;
        const inputs = args.inputs as Record<string, unknown>;
        registered.push({ type, name, inputs });
        return { id: idOf(type, name), state: { ...inputs, ...computed(type, name, inputs), ...outputs[type] } };
      },
      call: ({ token, inputs }) => ({ ...(inputs as Record<string, unknown>), ...answered(token) }),
    },
    "landfall",
    "test",
    false,
  );
  return registered;
}

/** Linode's ids are numbers, and other resources refer to them as such. */
function idOf(type: string, name: string): string {
  if (!type.startsWith("linode:")) return `${name}-id`;
  return String(createHash("sha256").update(`${type} ${name}`).digest().readUInt32BE());
}

/** What the vendors' functions would answer. */
function answered(token: string): Record<string, unknown> {
  switch (token) {
    case "cloudflare:index/getIpRanges:getIpRanges":
      return { ipv4Cidrs: ["198.51.100.32/28"], ipv6Cidrs: ["2001:db8::/32"] };
    case "cloudflare:index/getZone:getZone":
      return { zoneId: "zone-1" };
    case "linode:index/getDomain:getDomain":
      return { id: 4711 };
    default:
      return {};
  }
}

/** What the providers would compute. */
function computed(type: string, name: string, inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  switch (type) {
    case "docker:index/registryImage:RegistryImage":
      return { sha256Digest: `sha256:${name}` };
    case "docker:index/remoteImage:RemoteImage":
      return { imageId: `sha256:${name}` };
    case "random:index/randomPassword:RandomPassword":
      return { result: `generated-${name}`, bcryptHash: `bcrypt-of-${name}` };
    case "pulumi-nodejs:dynamic/certificate:LocalAuthority":
    case "pulumi-nodejs:dynamic/certificate:LocalCertificate":
      return { certificate: `certificate of ${name}`, privateKey: `key of ${name}` };
    case "linode:index/instance:Instance":
      return {
        ipv4s: [...(inputs["privateIp"] === true ? ["192.168.129.64"] : []), "198.51.100.64"],
        privateIpAddress: inputs["privateIp"] === true ? "192.168.129.64" : "",
        interfaces: [{ purpose: "public" }, { purpose: "vpc", ipv4: { vpc: "10.77.0.2", nat11: "" } }],
      };
    case "linode:index/nodeBalancer:NodeBalancer":
      return { ipv4: "198.51.100.192" };
    case "linode:index/databasePostgresqlV2:DatabasePostgresqlV2":
      return {
        hostPrimary: "primary.database.example",
        port: 16751,
        rootUsername: "akmadmin",
        rootPassword: "root password",
        caCert: "root of the cluster",
      };
    case "pulumi-nodejs:dynamic/ssh:DeployKey":
      return { publicKey: "ssh-ed25519 AAAA landfall-test", privateKey: "private" };
    case "pulumi-nodejs:dynamic/gate:ServerGate":
      return {
        hostKey: "ssh-ed25519 BBBB",
        engine: "ssh://deploy@198.51.100.64:22?identity=test&hostKey=ssh-ed25519+BBBB",
      };
    case "pulumi-nodejs:dynamic/delivery:DataFolder":
      return { path: `/srv/data/${name}` };
    case "pulumi-nodejs:dynamic/delivery:ImageDelivery":
      return { deliveredId: `sha256:${name}` };
    case "linode:index/objectStorageBucket:ObjectStorageBucket":
      return { s3Endpoint: "eu-central-1.linodeobjects.com" };
    case "linode:index/objectStorageKey:ObjectStorageKey":
      return { accessKey: `access key of ${name}`, secretKey: `secret key of ${name}` };
    default:
      return {};
  }
}

/** The inputs that a resource was registered with. @throws when none of that type and name was */
export function inputsIn(
  registered: readonly RegisteredResource[],
  type: string,
  name: string,
): RegisteredResource["inputs"] {
  const found = registered.find((resource) => resource.type === type && resource.name === name);
  if (found === undefined) throw new Error(`no ${type} named ${name} was registered`);
  return found.inputs;
}

/** Resolves with an output's value, secrets unwrapped. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply((value) => {
      resolve(value);
    });
  });
}

/** An input as it was given, without the mark of a secret. */
export function unwrapped(input: unknown): unknown {
  return typeof input === "object" && input !== null && "value" in input ? input.value : input;
}

/** Whether an input was given as a secret. */
export function isSecretInput(input: unknown): boolean {
  return typeof input === "object" && input !== null && "4dabf18193072939515e22adb298388d" in input;
}
