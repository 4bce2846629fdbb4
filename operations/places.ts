import { pulumiOutput } from "@landfall/tools/pulumi-command";
import { isRecord } from "./record.ts";
import { stackFlags, type StackArguments } from "./stack-arguments.ts";

/** Titles and texts as lines, the texts below each other. */
export function alignedList(entries: Record<string, string>): string[] {
  const width = Math.max(0, ...Object.keys(entries).map((title) => title.length));
  return Object.entries(entries).map(([title, text]) => {
    const [first = "", ...rest] = text.split("\n");
    return [`  ${title.padEnd(width)}  ${first}`, ...rest.map((line) => `${" ".repeat(width + 4)}${line}`)].join("\n");
  });
}

/** What the stack says about where things are: its output `whereThingsAre`. */
export async function readPlaces(args: StackArguments): Promise<Record<string, string>> {
  const flags = stackFlags({ stack: args.stack });
  const outputs: unknown = JSON.parse(await pulumiOutput(["stack", "output", "--json", ...flags]));
  const places = isRecord(outputs) ? outputs["whereThingsAre"] : undefined;
  if (!isRecord(places)) return {};
  return Object.fromEntries(Object.entries(places).map(([title, text]) => [title, String(text)]));
}
