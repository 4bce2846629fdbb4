import { rmSync } from "node:fs";
import type { Cloud } from "../../rehearsal/cloud/cloud.ts";
import { ensurePublicNetwork } from "../../rehearsal/cloud/network.ts";
import { openCloud, prefixVariable } from "../../rehearsal/cloud/open.ts";
import { leftovers, removeCloud } from "../../rehearsal/cloud/remove.ts";
import { buildImages, machineImage, type RehearsalImage } from "../../rehearsal/images/build.ts";
import { linode } from "../../rehearsal/linode/vendor.ts";
import { StandIn } from "../../rehearsal/plugin/stand-in.ts";
import { unwrap } from "../../rehearsal/plugin/values.ts";

type Values = Readonly<Record<string, unknown>>;

/** Something that was made at the vendor. */
export interface Made {
  readonly id: string;
  /** As the engine got them, with the marks of secrets. */
  readonly state: Record<string, unknown>;
  /** The same without the marks. */
  readonly outputs: Record<string, unknown>;
}

/** Linode's stand-in in a cloud of its own, called as the engine calls it and without an engine. */
export class VendorCloud {
  readonly cloud: Cloud;
  private readonly standIn: StandIn;

  private constructor(cloud: Cloud) {
    this.cloud = cloud;
    process.env["LINODE_TOKEN"] = cloud.tokens.linode;
    this.standIn = new StandIn(linode, cloud, "0.0.0");
  }

  /**
   * Opens an empty cloud with a public network.
   *
   * @param prefix first three numbers of its public network
   */
  static async open(stack: string, prefix: string, images: readonly RehearsalImage[]): Promise<VendorCloud> {
    process.env[prefixVariable] = prefix;
    await removeCloud(await openCloud(stack));
    const vendor = new VendorCloud(await openCloud(stack));
    await buildImages(vendor.cloud, [machineImage, ...images]);
    await ensurePublicNetwork(vendor.cloud, []);
    return vendor;
  }

  /** Makes something: `NodeBalancer`. @throws with all that is wrong with its inputs, or with the vendor's words */
  async create(type: string, inputs: Values): Promise<Made> {
    const { failures = [] } = await this.standIn.check(urnOf(type), {}, inputs);
    if (failures.length > 0)
      throw new Error(failures.map(({ property, reason }) => `${property} ${reason}`).join("\n"));
    const created = await this.standIn.create(urnOf(type), inputs);
    return made(created.id, created.outs);
  }

  async read(type: string, { id, state }: Made): Promise<Made> {
    const found = await this.standIn.read(id, urnOf(type), state);
    return made(id, found.props);
  }

  async update(type: string, { id, state }: Made, inputs: Values): Promise<Made> {
    const updated = await this.standIn.update(id, urnOf(type), state, inputs);
    return made(id, updated.outs);
  }

  remove(type: string, { id, state }: Made): Promise<void> {
    return this.standIn.delete(id, urnOf(type), state);
  }

  /** Takes the cloud down. @returns what is left of it */
  async close(): Promise<string[]> {
    await removeCloud(this.cloud);
    const left = await leftovers(this.cloud);
    rmSync(this.cloud.folder, { recursive: true, force: true });
    return left;
  }
}

function urnOf(type: string): string {
  const module = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  return `urn:pulumi:test::landfall::linode:index/${module}:${type}::one`;
}

function made(id: string, outs: unknown): Made {
  const state = (outs ?? {}) as Record<string, unknown>;
  return { id, state, outputs: unwrap(state) as Record<string, unknown> };
}
