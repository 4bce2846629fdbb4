import { once } from "node:events";
import { exitCodeOf, exitCodes, Refusal } from "@landfall/migration/engine/outcome";
import { plans } from "@landfall/migration/plans/plans";
import { readRequest, type Request } from "./arguments.ts";
import type { Context } from "./context.ts";
import type { CommandName } from "./flags.ts";
import { onInterruption } from "./interruption.ts";
import { landingCommand } from "./landing.ts";
import { lastTarget } from "./last-target.ts";
import type { Output } from "./output.ts";
import { BarsOutput } from "./output-bars.ts";
import { JsonOutput } from "./output-json.ts";
import { LinesOutput } from "./output-lines.ts";
import { planInfo } from "./plan.ts";
import { quarantineCommand } from "./quarantine.ts";
import { release } from "./release.ts";
import { statusCommand } from "./status.ts";
import { usage } from "./usage.ts";
import { rollbackCommand } from "./rollback.ts";
import { isCommand } from "./words.ts";

const systems: readonly string[] = [...plans.keys()];

/** Runs a command line, without its program's name, and gives the exit code. */
export async function main(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const [first = ""] = args;
  if (["help", "--help", "-h"].includes(first) || args.includes("--help") || args.includes("-h")) {
    await print(usage(systems, isCommand(first) ? first : undefined));
    return exitCodes.verified;
  }
  if (first === "--version") {
    await print(`${release(environment)}\n`);
    return exitCodes.verified;
  }
  const started = performance.now();
  const json = args.includes("--json");
  try {
    const request = readRequest(args, { environment, directory: process.cwd(), plans, lastTarget });
    return await perform(request, environment);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (json) await print(failureLine(args, error, (performance.now() - started) / 1000));
    else process.stderr.write(`${message}\n${error instanceof Refusal ? hint(first) : ""}`);
    return exitCodeOf(error);
  }
}

const performers: Readonly<Record<CommandName, (context: Context) => Promise<number>>> = {
  migrate: landingCommand,
  verify: landingCommand,
  status: statusCommand,
  quarantine: quarantineCommand,
  plan: planInfo,
  rollback: rollbackCommand,
};

async function perform(request: Request, environment: NodeJS.ProcessEnv): Promise<number> {
  const output = outputFor(request);
  const stopping = new AbortController();
  const stopListening =
    request.command === "migrate" || request.watch
      ? onInterruption(
          () => {
            stopping.abort();
            if (request.command === "migrate") output.say(farewell);
          },
          () => {
            output.close();
          },
        )
      : undefined;
  const context: Context = { request, output, print, signal: stopping.signal, release: release(environment) };
  try {
    return await performers[request.command](context);
  } finally {
    output.close();
    stopListening?.();
  }
}

const farewell =
  "Ending between two chunks. What is copied is kept: the same command goes on from there. Ctrl-C again ends at once.";

function outputFor({ json }: Request): Output {
  const write = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  if (json) return new JsonOutput(write);
  return process.stderr.isTTY ? new BarsOutput(process.stderr) : new LinesOutput(write);
}

async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

const hint = (command: string): string =>
  `landfall ${isCommand(command) ? `${command} ` : ""}--help says what is possible.\n`;

/** A failure before there was anything to report on, in the form of a report. */
function failureLine(args: readonly string[], error: unknown, seconds: number): string {
  const system = args.slice(1).find((word) => systems.includes(word)) ?? null;
  const message = error instanceof Error ? error.message : String(error);
  const failure = {
    system,
    ok: false,
    seconds: Math.round(seconds * 1000) / 1000,
    error: error instanceof Refusal ? (message.split(":\n", 1)[0] ?? message) : message,
    ...(error instanceof Refusal ? { faults: error.faults } : {}),
    tables: [],
    files: { rows: 0, landed: 0, missing: 0, damaged: 0 },
    verification: { checked: 0, differences: [] },
  };
  return `${JSON.stringify(failure)}\n`;
}
