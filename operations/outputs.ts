import { pulumiOutput } from "@landfall/tools/pulumi-command";
import { isRecord } from "./record.ts";
import { stackFlags, type StackArguments } from "./stack-arguments.ts";

/** The outputs of a stack; secret ones are masked. */
export async function readOutputs({ stack }: StackArguments): Promise<Record<string, unknown>> {
  const outputs: unknown = JSON.parse(await pulumiOutput(["stack", "output", "--json", ...stackFlags({ stack })]));
  return isRecord(outputs) ? outputs : {};
}
