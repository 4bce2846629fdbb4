import * as linode from "@pulumi/linode";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import type { ImageName } from "../../images/catalogue.ts";
import { encodeUserData, renderCloudInit } from "../cloud-init/render.ts";
import { deployUser } from "../cloud-init/access.ts";
import { nftRuleset, type HostFirewall as HostFirewallRules } from "../firewall/nftables.ts";
import type { DeployKey } from "../providers/deploy-key.ts";
import { HostFirewall } from "../providers/host-firewall.ts";
import { ServerGate } from "../providers/server-gate.ts";
import { ServerGeneration } from "../providers/server-generation.ts";
import { addressOfGeneration } from "../servers/private-address.ts";
import type { LinodeSettings } from "../settings/servers.ts";
import { mebibytes } from "../settings/units.ts";
import { DataDisk } from "./data-disk.ts";
import type { Firewall } from "./firewall.ts";
import type { ImageSource } from "./image-source.ts";
import { labelLengths, linodeLabel } from "./linode-names.ts";
import type { PrivateNetwork } from "./private-network.ts";
import { Server } from "./server.ts";

/** Arguments of a LinodeServer. */
export interface LinodeServerArgs {
  readonly settings: LinodeSettings;
  /** What names begin with, for example `landfall-staging`. */
  readonly prefix: string;
  readonly key: DeployKey;
  /** Name of the key's file. */
  readonly identity: string;
  /** Public keys of people who may log in. */
  readonly authorizedKeys: readonly string[];
  readonly firewall: Firewall;
  readonly network: PrivateNetwork;
  /** Whether it is the only server. */
  readonly alone: boolean;
  /** Whether a NodeBalancer passes requests on to it. */
  readonly balanced: boolean;
  /** Id of the placement group that it belongs to; undefined where it may stand anywhere. */
  readonly placement: pulumi.Output<number> | undefined;
  readonly images: ImageSource;
  /** Images that are to be there before data moves to this server from the one before it. */
  readonly imageNames: readonly ImageName[];
}

/** A Linode: made by cloud-init, behind two firewalls made from one list, and let in to by its gate alone. */
export class LinodeServer extends pulumi.ComponentResource {
  /** Name of this very machine: `staging-g2`. */
  readonly generation: string;
  /** The server for what runs on it. */
  readonly server: Server;
  /** Address that the internet reaches. */
  readonly publicAddress: pulumi.Output<string>;
  /** Address on the private network. */
  readonly privateAddress: pulumi.Output<string>;
  /** Address in the data center's own network, where a NodeBalancer asks; empty where none does. */
  readonly balancedAddress: pulumi.Output<string>;
  /** The one host key that its sshd may have. */
  readonly hostKey: pulumi.Output<string>;

  constructor(args: LinodeServerArgs, options?: pulumi.ComponentResourceOptions) {
    const { settings, prefix, network, firewall } = args;
    const generation = `${settings.name}-g${String(settings.generation)}`;
    super("landfall:infra:LinodeServer", generation, {}, options);
    this.generation = generation;
    const dataVolume =
      settings.volume === undefined ? undefined : linodeLabel([prefix, settings.name, "data"], labelLengths.volume);
    const hostFirewall = firewall.rules.apply((rules) => ({ rules, privateNetwork: network.subnet }));
    const render = (publicKey: string, rules: HostFirewallRules): string =>
      renderCloudInit({
        hostName: generation,
        authorizedKeys: [publicKey, ...args.authorizedKeys],
        firewall: rules,
        ...(dataVolume === undefined ? {} : { dataVolume }),
      });
    const userData = pulumi.all([args.key.publicKey, hostFirewall]).apply(([key, rules]) => render(key, rules));
    // Other rules are brought to the server as it is, so they make no other server of it.
    const madeFrom = args.key.publicKey.apply((key) => hashOf(render(key, { rules: [] })));
    const instance = this.instance(args, generation, { userData, madeFrom });
    const device = firewall.protect(generation, instance, this);
    this.publicAddress = pulumi.all([instance.ipv4s, instance.privateIpAddress]).apply(publicOf);
    this.privateAddress = instance.interfaces.apply(
      (interfaces) => interfaces?.find(({ purpose }) => purpose === "vpc")?.ipv4.vpc ?? "",
    );
    this.balancedAddress = instance.privateIpAddress;
    const balanced = args.balanced ? "true" : instance.privateIpAddress.apply((address) => String(Boolean(address)));
    const gate = new ServerGate(
      `${generation}-ready`,
      {
        address: this.publicAddress,
        port: 22,
        user: deployUser,
        identity: args.identity,
        instance: instance.id,
        generation: settings.generation,
        hostKey: "",
        dataVolume: "",
        deadlineSeconds: 900,
        intervalSeconds: 3,
        // What restarts the machine: what runs on it waits until it is back.
        triggers: pulumi.all({ type: settings.type, address: settings.address ?? "", balanced }),
      },
      { parent: this, dependsOn: [device, args.key] },
    );
    this.hostKey = gate.hostKey;
    new HostFirewall(
      `${generation}-firewall`,
      { engine: gate.engine, ruleset: hostFirewall.apply(nftRuleset) },
      { parent: this },
    );
    let disk: DataDisk | undefined;
    this.server = new Server(
      {
        generation,
        roles: settings.roles,
        engine: gate.engine,
        prefix,
        images: args.images,
        publicAddress: this.publicAddress,
        privateAddress: args.alone ? undefined : fixedAddress(settings),
        draining: settings.draining,
        machine: instance,
        data:
          dataVolume === undefined
            ? { kind: "engine" }
            : {
                kind: "disk",
                folder: (noun, parent) => {
                  if (disk === undefined) throw new Error(`The server ${generation} has no data volume yet.`);
                  const folder = disk.folder(`${generation}-folder-${noun}`, noun, parent);
                  return { path: folder.path, made: folder };
                },
              },
      },
      { parent: this },
    );
    if (dataVolume !== undefined) {
      disk = new DataDisk(
        {
          name: settings.name,
          generation,
          label: dataVolume,
          settings,
          instance,
          engine: gate.engine,
          after: args.imageNames.map((name) => this.server.image(name)),
        },
        { parent: this },
      );
    }
    this.registerOutputs({ publicAddress: this.publicAddress, hostKey: this.hostKey });
  }

  private instance(args: LinodeServerArgs, generation: string, { userData, madeFrom }: UserData): linode.Instance {
    const { settings, prefix, network } = args;
    const vpc = fixedAddress(settings);
    const swap = mebibytes(settings.swap);
    const made = new ServerGeneration(
      generation,
      {
        server: generation,
        region: settings.region,
        image: settings.image,
        diskEncryption: settings.diskEncryption,
        swap,
        userDataHash: madeFrom,
      },
      { parent: this },
    );
    pulumi.all([made.userDataHash, madeFrom]).apply(([before, now]) => {
      if (before === now) return;
      void pulumi.log.warn(
        `The server ${generation} was made from other user data than is now rendered for it. It goes on as it is; raise ` +
          "its generation in landfall:servers to have it anew.",
        this,
      );
    });
    return new linode.Instance(
      generation,
      {
        label: linodeLabel([prefix, generation], labelLengths.instance),
        region: settings.region,
        type: settings.type,
        image: settings.image,
        diskEncryption: settings.diskEncryption ? "enabled" : "disabled",
        swapSize: swap,
        booted: true,
        metadatas: [{ userData: userData.apply(encodeUserData) }],
        interfaces: [
          { purpose: "public" },
          { purpose: "vpc", subnetId: network.subnetId, ...(vpc === undefined ? {} : { ipv4: { vpc } }) },
        ],
        ...(args.balanced ? { privateIp: true } : {}),
        ...(args.placement === undefined ? {} : { placementGroup: { id: args.placement } }),
        tags: [prefix, ...settings.tags],
      },
      // A server is never made anew in place: ServerGeneration refuses what would, and other user data waits.
      {
        parent: this,
        dependsOn: [made],
        // Linode takes no private address back: an edge that is not balanced any more keeps it until its next generation.
        ignoreChanges: ["metadatas", ...(args.balanced ? [] : ["privateIp"])],
      },
    );
  }
}

/** The address that is not the private one: the provider lists both in an order of its own. */
function publicOf([addresses, privateAddress]: readonly [readonly string[], string]): string {
  return addresses.find((address) => address !== privateAddress) ?? "";
}

/** What a server is made from. */
interface UserData {
  readonly userData: pulumi.Output<string>;
  /** Hash of all in it that only a new server takes up. */
  readonly madeFrom: pulumi.Output<string>;
}

/** The address on the private network that the settings choose; undefined where the vendor does. */
function fixedAddress({ address, generation }: LinodeSettings): string | undefined {
  return address === undefined ? undefined : addressOfGeneration(address, generation);
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
