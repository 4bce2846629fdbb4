import type { Fault, Properties } from "../plugin/resource.ts";
import { UNKNOWN } from "../plugin/values.ts";
import { regions } from "./catalogue.ts";

/** How a label must look. */
export interface LabelRule {
  readonly shortest: number;
  readonly longest: number;
  /** The characters allowed, and where. */
  readonly form: RegExp;
  /** The form in words. */
  readonly words: string;
  /** What may not stand twice in a row. */
  readonly doubled: RegExp;
}

// https://techdocs.akamai.com/linode-api/reference/post-linode-instance, and -volume, -firewalls, -vpc
const doubledMarks = /--|__|\.\./;

/** Labels of servers. The vendor's tools differ between 50 and 64 characters; both take 50. */
export const instanceLabel: LabelRule = {
  shortest: 3,
  longest: 50,
  form: /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/,
  words: "letters, digits, hyphens, underscores and periods, with a letter or digit at both ends",
  doubled: doubledMarks,
};

/** Labels of firewalls. */
export const firewallLabel: LabelRule = { ...instanceLabel, longest: 32 };

/** Labels of a firewall's rules. */
export const ruleLabel: LabelRule = {
  shortest: 3,
  longest: 32,
  form: /^[A-Za-z][A-Za-z0-9._-]*$/,
  words: "letters, digits, hyphens, underscores and periods, with a letter first",
  doubled: /(?!)/,
};

/** Labels of volumes: they become part of a device's name. */
export const volumeLabel: LabelRule = {
  shortest: 1,
  longest: 32,
  form: /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
  words: "letters, digits, hyphens and underscores",
  doubled: /--|__/,
};

/** Labels of NodeBalancers. */
export const balancerLabel: LabelRule = {
  shortest: 3,
  longest: 32,
  form: /^[A-Za-z0-9_-]*$/,
  words: "letters, digits, hyphens and underscores",
  doubled: /--|__/,
};

/** Labels of a NodeBalancer's nodes. */
export const nodeLabel: LabelRule = { ...instanceLabel, longest: 32, doubled: /(?!)/ };

/** Labels of managed databases. */
export const databaseLabel: LabelRule = {
  shortest: 3,
  longest: 32,
  form: /^[A-Za-z][A-Za-z0-9_-]*$/,
  words: "letters, digits, hyphens and underscores, with a letter first",
  doubled: /--|__/,
};

/** Labels of buckets: they become part of a host's name. */
export const bucketLabel: LabelRule = {
  shortest: 3,
  longest: 63,
  form: /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
  words: "small letters, digits, hyphens and periods, with a letter or digit at both ends",
  doubled: /\.\.|\.-|-\./,
};

/** Labels of keys to the object storage. */
export const keyLabel: LabelRule = {
  shortest: 3,
  longest: 50,
  form: /^[ -~]*$/,
  words: "printable characters",
  doubled: /(?!)/,
};

/** Labels of VPCs and of their subnets. */
export const vpcLabel: LabelRule = {
  shortest: 1,
  longest: 64,
  form: /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/,
  words: "letters, digits and hyphens, with a letter or digit at both ends",
  doubled: /--/,
};

/** Holds a label against its rule. One that is absent or not known yet passes. */
export function checkLabel(label: unknown, rule: LabelRule, property = "label"): Fault[] {
  if (typeof label !== "string" || label === UNKNOWN) return [];
  const { shortest, longest, form, words, doubled } = rule;
  const reasons: string[] = [];
  if (label.length < shortest || label.length > longest) {
    reasons.push(`"${label}" has ${String(label.length)} characters; must be ${String(shortest)}-${String(longest)}`);
  }
  if (!form.test(label)) reasons.push(`"${label}" must consist of ${words}`);
  if (doubled.test(label)) reasons.push(`"${label}" must not have the same mark twice in a row`);
  return reasons.map((reason) => ({ property, reason }));
}

/** Holds tags against the vendor's rule: 3 to 50 characters each. */
export function checkTags(tags: unknown): Fault[] {
  if (!Array.isArray(tags)) return [];
  return tags.flatMap((tag: unknown, at): Fault[] => {
    if (typeof tag !== "string" || tag === UNKNOWN || (tag.length >= 3 && tag.length <= 50)) return [];
    return [{ property: `tags[${String(at)}]`, reason: `"${tag}" must have 3-50 characters` }];
  });
}

/** Holds a region against those that the vendor has. */
export function checkRegion(region: unknown): Fault[] {
  return checkChoice("region", region, regions);
}

/** Holds a value against the few that the vendor knows. */
export function checkChoice(property: string, value: unknown, choices: readonly string[]): Fault[] {
  if (value === undefined || value === UNKNOWN || (typeof value === "string" && choices.includes(value))) return [];
  return [{ property, reason: `${JSON.stringify(value)} is not known; there are ${choices.join(", ")}` }];
}

/** Holds a number against the range that the vendor allows, ends included. */
export function checkRange(property: string, value: unknown, [least, most]: readonly [number, number]): Fault[] {
  if (typeof value !== "number" || (value >= least && value <= most)) return [];
  return [{ property, reason: `${String(value)} must be ${String(least)}-${String(most)}` }];
}

/** Seconds that the vendor's DNS has; it rounds any others (techdocs.akamai.com/linode-api/reference/post-domain). */
const dnsTimes = [
  0, 30, 120, 300, 3600, 7200, 14_400, 28_800, 57_600, 86_400, 172_800, 345_600, 604_800, 1_209_600, 2_419_200,
];

/** Holds a time of the vendor's DNS against those that it has: another would come back rounded, as a change. */
export function checkTtl(property: string, seconds: unknown): Fault[] {
  if (typeof seconds !== "number" || dnsTimes.includes(seconds)) return [];
  return [{ property, reason: `${String(seconds)} s would be rounded; there are ${dnsTimes.join(", ")}` }];
}

/** Faults for what was given and has no effect in a rehearsal. */
export function refuseUnsupported(inputs: Properties, names: readonly string[]): Fault[] {
  return names
    .filter((name) => inputs[name] !== undefined)
    .map((property) => ({ property, reason: "the rehearsal does not stand in for what this does; leave it out" }));
}
