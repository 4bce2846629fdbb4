import * as pulumi from "@pulumi/pulumi";

/** A resource as a program registered it. */
export interface RegisteredResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/**
 * Puts Pulumi's mocks in place; call and await it before a component's module is imported.
 *
 * @returns the list that every registered resource is added to, in the order of registration
 */
export async function mockEngine(): Promise<RegisteredResource[]> {
  const registered: RegisteredResource[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource(args) {
        const { type, name } = args;
        const inputs = args.inputs as Record<string, unknown>;
        registered.push({ type, name, inputs });
        return { id: `${name}-id`, state: { ...inputs, ...computed(type, name) } };
      },
      call: (args) => args.inputs as Record<string, unknown>,
    },
    "landfall",
    "test",
    false,
  );
  return registered;
}

/** What the providers would compute. */
function computed(type: string, name: string): Record<string, unknown> {
  switch (type) {
    case "docker:index/remoteImage:RemoteImage":
      return { imageId: `sha256:${name}` };
    case "random:index/randomPassword:RandomPassword":
      return { result: `generated-${name}` };
    case "pulumi-nodejs:dynamic/certificate:LocalAuthority":
    case "pulumi-nodejs:dynamic/certificate:LocalCertificate":
      return { certificate: `certificate of ${name}`, privateKey: `key of ${name}` };
    default:
      return {};
  }
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
