import { isContainer, serviceOf } from "../container.ts";
import type { PlannedResource } from "../plan.ts";
import { types } from "../resource-types.ts";
import type { Rule } from "../rule.ts";
import { matches } from "../waiver.ts";

/** What holds data, or opens it, in words. Names of what may be lost are a rule's to allow. */
const holding: Readonly<Record<string, string>> = {
  [types.disk]: "what lies on the volume",
  [types.volume]: "what lies in the volume",
  [types.managedPostgres]: "the databases in it",
  [types.bucket]: "the objects in it",
  [types.domain]: "every record in it",
  [types.zone]: "every record in it",
  [types.authority]: "the trust in its certificates",
  [types.deployKey]: "the way to the servers",
};

const isRandom = (type: string): boolean => type.startsWith("random:index/");

/** Data that is kept. */
const kept: Rule = {
  id: "S1",
  title: "What holds data, or opens it, is protected, and is neither replaced nor removed",
  why: "A replaced volume is an empty one; a replaced password opens nothing that the old one locked.",
  fix: "Set `protect: true` or `retainOnDelete: true`. Move the data first, as docs/operate.md says, and then let a waiver name the one resource that goes.",
  level: "mandatory",
  sources: [
    "https://www.pulumi.com/docs/iac/concepts/options/protect/",
    "https://github.com/sst/sst (src/auto/run.ts keeps a list of types that are never removed)",
  ],
  allow: {
    what: "Docker volumes that may be lost, by the end of their names: what is in them is made or had anew.",
    usual: [
      "*-secrets",
      "*-proxy-configuration",
      "*-proxy-certificates",
      "*-backend-configuration",
      "*-certificates-data",
    ],
  },
  scope: "plan",
  about: (resource) => isRandom(resource.type) || Object.hasOwn(holding, resource.type),
  check: [
    function* (resource, { allow }) {
      if (mayBeLost(resource, allow) || resource.change === "delete") return;
      const { protect, retainOnDelete } = resource.options;
      if (!protect && retainOnDelete !== true) yield "is not protected: an update or a destroy may remove it";
    },
    function* (resource, { allow }) {
      if (resource.change !== "replace" || mayBeLost(resource, allow)) return;
      yield `would be replaced because of ${reasons(resource)}, and ${lost(resource)} lost`;
    },
    function* (resource, { allow }) {
      if (resource.change !== "delete" || mayBeLost(resource, allow)) return;
      // What is retained only leaves the state.
      if (resource.options.retainOnDelete !== true) yield `would be removed, and ${lost(resource)} lost`;
    },
  ],
};

/** Backups. */
const backedUp: Rule = {
  id: "S2",
  title: "A database has a job that backs it up, and one that tries to restore it",
  why: "A volume outlives its server, not a wrong command; a backup that was never restored is a hope.",
  fix: "Run a container `backup` and a container `restore-check` on the database's server.",
  level: "advisory",
  sources: ["https://github.com/pulumi/pulumi-awsguard (rdsInstanceBackupEnabled)"],
  scope: "plan",
  about: (resource) => isContainer(resource) && serviceOf(resource) === "postgres",
  check: [
    function* (_database, { plan }) {
      if (!plan.resources.some((one) => isContainer(one) && /^backup(-|$)/.test(serviceOf(one))))
        yield "is backed up by no container of the program";
    },
    function* (_database, { plan }) {
      if (!plan.resources.some((one) => isContainer(one) && /^restore-check(-|$)/.test(serviceOf(one))))
        yield "has no container that tries to restore its backups";
    },
  ],
};

/** Rules on what must not be lost. */
export const dataRules: readonly Rule[] = [kept, backedUp];

/** Whether a volume is filled anew by every update, or is only the way to a folder of a disk, which is what is protected. */
function mayBeLost({ type, urn, inputs }: PlannedResource, allow: readonly string[]): boolean {
  if (type !== types.volume) return false;
  if (inputs.at("driverOpts").at("device").isGiven) return true;
  return allow.some((pattern) => matches(urn, pattern));
}

function lost({ type }: PlannedResource): string {
  const what = holding[type] ?? "what it opens";
  return `${what} would be`;
}

function reasons({ replaceReasons }: PlannedResource): string {
  return replaceReasons.length === 0 ? "what it depends on" : replaceReasons.join(", ");
}
