import { credentials, type ServiceError } from "@grpc/grpc-js";
import { pulumiEnvironment } from "@landfall/tools/environment";
import { packageVersion, pulumiHome } from "@landfall/tools/paths";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A vendor's provider that was started to be asked. */
export interface VendorPlugin {
  /** Calls one of its functions, for example `linode:index/getVolumes:getVolumes`. @throws with the vendor's words */
  invoke(token: string, args: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
  end(): void;
}

/**
 * Starts a vendor's provider as the engine does, and configures it.
 *
 * @param name package name, for example `linode`
 * @param settings its configuration, for example `{ token }`; what is left out it takes from the environment
 * @throws when it does not start or does not take its configuration
 */
export async function startVendorPlugin(
  name: string,
  settings: Readonly<Record<string, string>>,
): Promise<VendorPlugin> {
  const folder = join(pulumiHome, "plugins", `resource-${name}-v${packageVersion(`@pulumi/${name}`)}`);
  const child = spawn(join(folder, `pulumi-resource-${name}`), [], {
    env: pulumiEnvironment(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await new Promise<string>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      reject(new Error(`The provider of ${name} ended with ${String(code)} before it could be asked.`));
    });
    // The engine's way: the first line is the port.
    createInterface({ input: child.stdout }).once("line", resolve);
  });
  const client = new services.ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  const end = (): void => {
    client.close();
    child.kill();
  };
  try {
    await call((done) => client.configure(configuration(name, settings), done));
  } catch (error) {
    end();
    throw error;
  }
  return {
    end,
    async invoke(token, args) {
      const request = new messages.InvokeRequest();
      request.setTok(token);
      request.setArgs(struct.Struct.fromJavaScript(asJson(args)));
      const response = await call<InstanceType<typeof messages.InvokeResponse>>((done) => client.invoke(request, done));
      const [failure] = response.getFailuresList();
      if (failure !== undefined) throw new Error(`${token}: ${failure.getReason()}`);
      return response.getReturn()?.toJavaScript() ?? {};
    },
  };
}

function configuration(
  name: string,
  settings: Readonly<Record<string, string>>,
): InstanceType<typeof messages.ConfigureRequest> {
  const request = new messages.ConfigureRequest();
  for (const [key, value] of Object.entries(settings)) request.getVariablesMap().set(`${name}:config:${key}`, value);
  request.setArgs(struct.Struct.fromJavaScript({ ...settings }));
  return request;
}

/** Arguments as the wire has them. */
function asJson(args: Readonly<Record<string, unknown>>): Parameters<typeof struct.Struct.fromJavaScript>[0] {
  return JSON.parse(JSON.stringify(args)) as Parameters<typeof struct.Struct.fromJavaScript>[0];
}

function call<T>(send: (done: (error: ServiceError | null, response: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    send((error, response) => {
      if (error === null) resolve(response);
      else reject(new Error(error.details));
    });
  });
}
