// Serves the rules to the engine as a policy pack: `pulumi preview --policy-pack infra/policy`.
import policySdk from "@pulumi/policy";
import { policyOptions } from "../settings/policy-options.ts";
import { rules } from "./catalogue.ts";
import { packPolicies } from "./pack.ts";

const config = JSON.parse(process.env["PULUMI_CONFIG"] ?? "{}") as Record<string, string>;
const options = policyOptions(config);
const today = new Date().toISOString().slice(0, 10);

new policySdk.PolicyPack("landfall", { policies: packPolicies({ rules, options, today }) });
