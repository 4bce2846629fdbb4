import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { isBalanced } from "../firewall/intent.ts";
import { DeployKey } from "../providers/deploy-key.ts";
import type { LinodeSettings, ServerSettings } from "../settings/servers.ts";
import type { Settings } from "../settings/settings.ts";
import { BuildEngine } from "./build-engine.ts";
import { Firewall } from "./firewall.ts";
import type { ImageSource } from "./image-source.ts";
import { imagesOn } from "./images-on.ts";
import { LinodeServer } from "./linode-server.ts";
import { NodeBalancer } from "./node-balancer.ts";
import { createPlacement } from "./placement.ts";
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
  /** In the order of the settings. */
  readonly servers: readonly Server[];
  /** What stands in front of the edges; undefined where there is one edge. */
  readonly balancer: NodeBalancer | undefined;
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

/** The servers of an environment. */
export function createServers(args: ServersArgs): Servers {
  const { settings, prefix } = args;
  const linodes = settings.servers.filter((one) => one.platform === "linode");
  if (linodes.length > 0) return linodeServers(linodes, args);
  const servers = settings.servers.flatMap((one) => (one.platform === "linode" ? [] : [atHand(one, prefix)]));
  return { servers, balancer: undefined, made: pulumi.output([]) };
}

function atHand({ name, engine, roles }: EngineAtHand, prefix: string): Server {
  return new Server({
    // Another address is another machine.
    generation: `${name}-${createHash("sha256").update(engine).digest("hex").slice(0, 6)}`,
    roles,
    engine,
    prefix,
    images: { kind: "built-there" },
    publicAddress: undefined,
    privateAddress: undefined,
    draining: false,
    machine: undefined,
    data: { kind: "engine" },
  });
}

type EngineAtHand = Extract<ServerSettings, { platform: "engine-at-hand" }>;

function linodeServers(list: readonly LinodeSettings[], { settings, prefix, edgeNetworks }: ServersArgs): Servers {
  const identity = pulumi.getStack();
  const key = new DeployKey("deploy-key", { identity }, { protect: true });
  const [{ region } = { region: "" }] = list;
  const network = new PrivateNetwork({ prefix, region, settings: settings.network });
  const placement = createPlacement({ prefix, region, settings });
  const registryPassword = pulumi.secret(settings.secrets.registry?.password ?? "");
  const builder = new BuildEngine({ settings: settings.images, registryPassword });
  const images: ImageSource = { kind: settings.images.registry === undefined ? "streamed" : "registry", builder };
  const linodes = list.map((server) => ({
    server,
    linode: new LinodeServer({
      settings: server,
      prefix,
      key,
      identity,
      authorizedKeys: settings.access.authorizedKeys,
      firewall: new Firewall({ prefix, server, settings, edgeNetworks }),
      network,
      alone: list.length === 1,
      balanced: isBalanced(settings) && server.roles.includes("edge"),
      placement: server.roles.includes("app") ? placement : undefined,
      images,
      imageNames: imagesOn(server.roles, settings),
    }),
  }));
  const edges = linodes.filter(({ server }) => server.roles.includes("edge"));
  const made = linodes.map(({ server, linode: { publicAddress, privateAddress, hostKey } }) =>
    pulumi.all([publicAddress, privateAddress, hostKey]).apply(([publicly, privately, pinned]) => ({
      name: server.name,
      publicAddress: publicly,
      privateAddress: privately,
      hostKey: pinned,
    })),
  );
  return {
    servers: linodes.map(({ linode }) => linode.server),
    balancer: isBalanced(settings)
      ? new NodeBalancer({
          prefix,
          region,
          settings: settings.balancer,
          edgeNetworks,
          edges: edges.map(({ server, linode }) => ({
            name: linode.generation,
            address: linode.balancedAddress,
            draining: server.draining,
          })),
        })
      : undefined,
    made: pulumi.all(made),
  };
}
