import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { imageNames, type ImageName } from "../../images/catalogue.ts";
import { DeployKey } from "../providers/deploy-key.ts";
import type { LinodeSettings } from "../settings/servers.ts";
import type { Settings } from "../settings/settings.ts";
import { BuildEngine } from "./build-engine.ts";
import { Firewall } from "./firewall.ts";
import type { ImageSource } from "./image-source.ts";
import { LinodeServer } from "./linode-server.ts";
import { PrivateNetwork } from "./private-network.ts";
import { Server } from "./server.ts";

/** What servers are made from. */
export interface ServersArgs {
  readonly settings: Settings;
  /** What the names of all that runs on them begin with, for example `landfall-staging`. */
  readonly prefix: string;
  /** The networks that web requests come from; undefined where they come from anywhere. */
  readonly edgeNetworks: pulumi.Output<string[]> | undefined;
}

/** The servers of an environment. */
export interface Servers {
  readonly servers: Server[];
  /** What people and checks need to know of those that the program has made. */
  readonly made: pulumi.Output<MadeServer[]>;
}

/** A server that the program has made. */
export interface MadeServer {
  readonly name: string;
  readonly publicAddress: string;
  readonly privateAddress: string;
  readonly hostKey: string;
}

/**
 * The servers of an environment.
 *
 * @throws when the settings describe servers that this version cannot make, before anything is changed
 */
export function createServers({ settings, prefix, edgeNetworks }: ServersArgs): Servers {
  const [first, ...others] = settings.servers;
  if (first === undefined || others.length > 0) {
    throw new pulumi.RunError(
      `The stack '${pulumi.getStack()}' asks for ${String(settings.servers.length)} servers. This version of Landfall runs an ` +
        "environment on one, which has every role. Nothing was changed.",
    );
  }
  if (first.platform === "linode") return linodeServer(first, { settings, prefix, edgeNetworks });
  const { name, engine, roles } = first;
  const server = new Server({
    // Another address is another machine.
    generation: `${name}-${createHash("sha256").update(engine).digest("hex").slice(0, 6)}`,
    roles,
    engine,
    prefix,
    images: { kind: "built-there" },
    publicAddress: undefined,
    privateAddress: undefined,
    machine: undefined,
    data: { kind: "engine" },
  });
  return { servers: [server], made: pulumi.output([]) };
}

function linodeServer(server: LinodeSettings, { settings, prefix, edgeNetworks }: ServersArgs): Servers {
  const identity = pulumi.getStack();
  const key = new DeployKey("deploy-key", { identity }, { protect: true });
  const firewall = new Firewall({ prefix, access: settings.access, edgeNetworks });
  const network = new PrivateNetwork({ prefix, region: server.region, settings: settings.network });
  const registryPassword = pulumi.secret(settings.secrets.registry?.password ?? "");
  const builder = new BuildEngine({ settings: settings.images, registryPassword });
  const images: ImageSource = { kind: settings.images.registry === undefined ? "streamed" : "registry", builder };
  const made = new LinodeServer({
    settings: server,
    prefix,
    key,
    identity,
    authorizedKeys: settings.access.authorizedKeys,
    firewall,
    network,
    images,
    imageNames: imagesOf(settings),
  });
  const { publicAddress, privateAddress, hostKey } = made;
  return {
    servers: [made.server],
    made: pulumi.output([{ name: server.name, publicAddress, privateAddress, hostKey }]),
  };
}

/** The images that an environment runs. The one that others merely start from is not among them. */
function imagesOf({ migration, certificate }: Settings): ImageName[] {
  const samples = Object.entries(migration.sources).flatMap(([system, source]) =>
    source?.kind === "sample" ? [`legacy-${system}`] : [],
  );
  return imageNames.filter((name) => {
    if (name === "node") return false;
    if (name === "lego") return certificate.issuer === "acme";
    return !name.startsWith("legacy-") || samples.includes(name);
  });
}
