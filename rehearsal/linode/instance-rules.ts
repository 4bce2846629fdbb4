import type { Fault, Properties } from "../plugin/resource.ts";
import { isRecord, UNKNOWN } from "../plugin/values.ts";
import { images, types } from "./catalogue.ts";
import { unsupportedProperties } from "./instance-properties.ts";
import { checkChoice, checkLabel, checkRegion, checkTags, instanceLabel, refuseUnsupported } from "./rules.ts";

/** Bytes of user-data, decoded; https://techdocs.akamai.com/cloud-computing/docs/overview-of-the-metadata-service */
const mostUserData = 65_535;
const mostInterfaces = 3;

/** The vendor's rules for a server, and what a rehearsal cannot stand in for. */
export function checkInstance(inputs: Properties): Fault[] {
  return [
    ...checkLabel(inputs["label"], instanceLabel),
    ...checkRegion(inputs["region"]),
    ...checkChoice("type", inputs["type"], Object.keys(types)),
    ...checkImage(inputs["image"]),
    ...checkChoice("diskEncryption", inputs["diskEncryption"], ["enabled", "disabled"]),
    ...checkChoice("migrationType", inputs["migrationType"], ["cold", "warm"]),
    ...checkTags(inputs["tags"]),
    ...checkUserData(inputs["metadatas"]),
    ...checkInterfaces(inputs["interfaces"]),
    ...checkSwap(inputs["swapSize"]),
    ...refuseUnsupported(inputs, unsupportedProperties),
  ];
}

/**
 * Sees to it that a server is not asked to give its private address back.
 *
 * @throws as the provider does, for a property that is left out too:
 * https://github.com/linode/terraform-provider-linode/blob/main/linode/instance/resource.go
 */
export function refuseLostPrivateAddress(
  { id, privateAddress }: { readonly id: number; readonly privateAddress?: string },
  { privateIp }: { readonly privateIp?: boolean },
): void {
  if (privateAddress === undefined || privateIp === true) return;
  throw new Error(
    `Error removing private IP address for Instance ${String(id)}: ` +
      "Removing a Private IP address must be handled through a support ticket",
  );
}

function checkImage(image: unknown): Fault[] {
  if (image === undefined) {
    return [
      { property: "image", reason: "without an image a server has no disk to start from; the rehearsal needs one" },
    ];
  }
  return checkChoice("image", image, images);
}

function checkSwap(size: unknown): Fault[] {
  return typeof size === "number" && size < 0 ? [{ property: "swapSize", reason: "must not be negative (MB)" }] : [];
}

function checkUserData(metadatas: unknown): Fault[] {
  if (!Array.isArray(metadatas)) return [];
  if (metadatas.length > 1) return [{ property: "metadatas", reason: "at most one" }];
  const [metadata] = metadatas as unknown[];
  const userData = isRecord(metadata) ? metadata["userData"] : undefined;
  if (typeof userData !== "string" || userData === UNKNOWN) return [];
  const property = "metadatas[0].userData";
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(userData)) {
    return [{ property, reason: "must be in base64" }];
  }
  const bytes = Buffer.from(userData, "base64").length;
  if (bytes <= mostUserData) return [];
  return [{ property, reason: `has ${String(bytes)} bytes when decoded; at most ${String(mostUserData)}` }];
}

function checkInterfaces(interfaces: unknown): Fault[] {
  if (!Array.isArray(interfaces)) return [];
  const faults = interfaces.flatMap((one: unknown, at) =>
    isRecord(one) ? checkInterface(one, `interfaces[${String(at)}]`) : [],
  );
  const purposes = interfaces.map((one: unknown) => (isRecord(one) ? one["purpose"] : UNKNOWN));
  const known = !purposes.includes(UNKNOWN);
  const count = (purpose: string): number => purposes.filter((one) => one === purpose).length;
  if (interfaces.length > mostInterfaces) faults.push({ property: "interfaces", reason: "at most three" });
  if (known && interfaces.length > 0 && count("public") !== 1) {
    const reason =
      count("public") > 1 ? "at most one can be public" : "a server without a public one is not stood in for";
    faults.push({ property: "interfaces", reason });
  }
  if (count("vpc") > 1) faults.push({ property: "interfaces", reason: "at most one can be in a VPC" });
  return faults;
}

function checkInterface(one: Properties, path: string): Fault[] {
  const { purpose, subnetId, ipv4, ipamAddress, label, ipRanges } = one;
  const faults = checkChoice(`${path}.purpose`, purpose, ["public", "vpc", "vlan"]);
  const add = (name: string, reason: string): void => void faults.push({ property: `${path}.${name}`, reason });
  if (purpose === "vlan") add("purpose", "the rehearsal does not stand in for VLANs; use a VPC");
  if (purpose === "vpc" && subnetId === undefined) add("subnetId", "is required for an interface in a VPC");
  if (purpose === "public" && subnetId !== undefined) add("subnetId", "only an interface in a VPC has one");
  if (purpose === "public" && ipv4 !== undefined) add("ipv4", "only an interface in a VPC has one");
  if (ipamAddress !== undefined && ipamAddress !== "") add("ipamAddress", "only an interface in a VLAN has one");
  if (label !== undefined && label !== "") add("label", "only an interface in a VLAN has one");
  if (Array.isArray(ipRanges) && ipRanges.length > 0) add("ipRanges", "the rehearsal does not stand in for these");
  if (isRecord(ipv4) && ipv4["nat11"] !== undefined) {
    add("ipv4.nat11", "with a public interface beside it there is nothing to translate; leave it out");
  }
  return faults;
}
