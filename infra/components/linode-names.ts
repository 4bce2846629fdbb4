import type * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";

/** Longest labels that Linode takes. */
export const labelLengths = {
  instance: 50,
  volume: 32,
  firewall: 32,
  vpc: 64,
  nodeBalancer: 32,
  placementGroup: 64,
  database: 32,
  bucket: 63,
  objectStorageKey: 50,
} as const;

/**
 * A label for Linode from its parts, joined by hyphens. One that would be too long is cut and ends with a hash of the
 * whole, so that two that begin alike stay apart.
 */
export function linodeLabel(parts: readonly string[], longest: number): string {
  const whole = parts.join("-");
  if (whole.length <= longest) return whole;
  const hash = createHash("sha256").update(whole).digest("hex").slice(0, 6);
  return `${whole.slice(0, longest - hash.length - 1).replace(/-+$/, "")}-${hash}`;
}

/**
 * The id of one of Linode's resources as others refer to it: a number.
 *
 * @throws when it is none, instead of referring to nothing
 */
export function numericId(resource: pulumi.CustomResource): pulumi.Output<number> {
  return resource.id.apply((id) => {
    const number = Number(id);
    if (!Number.isSafeInteger(number)) throw new Error(`Linode gave the id "${id}", which is not a number.`);
    return number;
  });
}
