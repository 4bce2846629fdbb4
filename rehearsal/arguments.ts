import { parseArgs } from "node:util";

const operations = ["start", "stop", "destroy", "check"] as const;
/** A command of the project's own on an environment. */
export type Operation = (typeof operations)[number];

/** What a rehearsal is to do. */
export type Task =
  /** Builds the environment, or brings it up to date, and checks it from outside. */
  | {
      readonly kind: "rehearse";
      readonly keep: boolean;
      readonly report: string | undefined;
      /** How many servers of a role: `{ app: 2 }`. */
      readonly servers: Readonly<Record<string, number>>;
    }
  /** Takes the cloud down with all that is on it. */
  | { readonly kind: "down" }
  /** Only checks what is there. */
  | { readonly kind: "check"; readonly report: string | undefined }
  /** Runs a command of Pulumi's on what is there. */
  | { readonly kind: "pulumi"; readonly args: readonly string[] }
  /** Runs what `npm start`, `npm stop`, `npm run destroy` or `npm run check` runs, on what is there. */
  | { readonly kind: "operation"; readonly operation: Operation; readonly args: readonly string[] }
  /** Breaks something, or mends it. */
  | { readonly kind: "fault"; readonly args: readonly string[] };

/** What a rehearsal's command line says. */
export interface RehearsalArguments {
  readonly stack: string;
  readonly configFile: string | undefined;
  readonly task: Task;
}

const usage = `Known are:
  npm run rehearse -- STACK [--config-file FILE] [--report FILE]   build it, check it from outside, take it down
  npm run rehearse -- STACK --keep                                 the same, and leave it up; again to update it
  npm run rehearse -- STACK --servers app=2 [--keep]               a smaller estate: the first servers of a role only
  npm run rehearse -- STACK --check                                check what is up
  npm run rehearse -- STACK --down                                 take it down
  npm run rehearse -- STACK pulumi COMMAND …                       a command of Pulumi's on what is up
  npm run rehearse -- STACK start | stop | destroy …               what npm start, npm stop and npm run destroy do
  npm run rehearse -- STACK check …                                what npm run check does: the rules over a preview
  npm run rehearse -- STACK fault NAME …                           break something: "fault help" names all`;

/** Reads a rehearsal's command line. @throws with all that is known when it says something else */
export function parseRehearsalArguments(args: readonly string[]): RehearsalArguments {
  const [stack, verb, ...rest] = args;
  if (stack === undefined || stack.startsWith("-")) throw new Error(`Which stack is to be rehearsed? ${usage}`);
  if (verb === "pulumi" || verb === "fault") return { stack, configFile: undefined, task: { kind: verb, args: rest } };
  const operation = operations.find((one) => one === verb);
  if (operation !== undefined)
    return { stack, configFile: undefined, task: { kind: "operation", operation, args: rest } };
  const options = {
    "config-file": { type: "string" },
    report: { type: "string" },
    servers: { type: "string", multiple: true },
    keep: { type: "boolean" },
    check: { type: "boolean" },
    down: { type: "boolean" },
  } as const;
  try {
    const { values } = parseArgs({ args: args.slice(1), options });
    const { keep = false, check = false, down = false, report, servers = [] } = values;
    if ([keep, check, down].filter(Boolean).length > 1)
      throw new Error("--keep, --check and --down exclude each other.");
    if (servers.length > 0 && (check || down)) throw new Error("--servers is for building.");
    const task: Task = down
      ? { kind: "down" }
      : check
        ? { kind: "check", report }
        : { kind: "rehearse", keep, report, servers: numbersOf(servers) };
    return { stack, configFile: values["config-file"], task };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)} ${usage}`, { cause: error });
  }
}

/** `["app=2,edge=1"]` → `{ app: 2, edge: 1 }` */
function numbersOf(given: readonly string[]): Record<string, number> {
  const pairs = given.flatMap((one) => one.split(","));
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, role, number] = /^([a-z]+)=(\d+)$/.exec(pair) ?? [];
      if (role === undefined) throw new Error(`--servers takes ROLE=NUMBER, such as app=2, not "${pair}".`);
      return [role, Number(number)];
    }),
  );
}
