import { statSync } from "node:fs";
import { resolve } from "node:path";
import { Refusal } from "@landfall/migration/engine/outcome";
import { readStoreAddress, type StoreAddress } from "@landfall/migration/files/store-address";
import type { Plan } from "@landfall/migration/plans/plan";
import { readAddress, type Address } from "./address.ts";
import { commands, type CommandName, type FlagName } from "./flags.ts";
import type { LastTarget } from "./last-target.ts";
import { isCommand, readWords, type Words } from "./words.ts";

/** What a command line asks for. Paths are absolute, numbers are numbers. */
export interface Request {
  readonly command: CommandName;
  /** The legacy system; empty for commands that are about none. */
  readonly system: string;
  /** Further words: of `rollback`, what to do and with which point or folder. */
  readonly words: readonly string[];
  readonly source: Address | undefined;
  readonly target: Extract<Address, { kind: "postgresql" }> | undefined;
  readonly media: string | undefined;
  /** Where files go; undefined where nothing is said about it. */
  readonly store: StoreAddress | undefined;
  readonly json: boolean;
  readonly watch: boolean;
  readonly markdown: boolean;
  readonly again: boolean;
  readonly workers: number;
  readonly chunkRows: number;
  readonly ignored: ReadonlySet<string>;
  /** Undefined where nothing is said about it; empty where no point is wished. */
  readonly rollbackDirectory: string | undefined;
  readonly report: string | undefined;
  readonly page: string | undefined;
}

/** Where a command line is read: the environment, the folder, the plans, and the target that was used last. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  readonly plans: ReadonlyMap<string, Pick<Plan, "engine">>;
  /** The target's URL of the last move from this clone, without its password. */
  readonly lastTarget: () => LastTarget | undefined;
}

/** Reads a command line without its program's name. Throws a Refusal with every fault at once. */
export function readRequest(args: readonly string[], surroundings: Surroundings): Request {
  const [command = "", ...rest] = args;
  if (!isCommand(command)) {
    const known = Object.keys(commands).join(", ");
    const what = command === "" ? "no command is given" : `"${command}" is no command`;
    throw new Refusal("The command line is not usable", [`${what}; there are ${known}`]);
  }
  const words = readWords(command, rest);
  const faults = [...words.faults];
  const text = (name: FlagName): string | undefined => words.texts.get(name);
  const path = (name: FlagName): string | undefined => {
    const value = text(name);
    return value === undefined ? undefined : resolve(surroundings.directory, value);
  };
  const system = systemOf(words, { ...surroundings, faults });
  const [source, target] = [
    address("source", words, { ...surroundings, faults }),
    address("target", words, { ...surroundings, faults }),
  ];
  const request = {
    command,
    system,
    words: commands[command].takesSystem ? [] : words.words,
    source,
    media: folder(path("media"), faults),
    store: storeOf(words, { ...surroundings, faults }),
    json: words.switches.has("json"),
    watch: words.switches.has("watch"),
    markdown: words.switches.has("markdown"),
    again: words.switches.has("again"),
    workers: whole("workers", words, { faults, most: 64, otherwise: 2 }),
    chunkRows: whole("chunk-rows", words, { faults, most: 10_000_000, otherwise: 50_000 }),
    ignored: new Set(
      (text("ignore") ?? "")
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== ""),
    ),
    rollbackDirectory: words.switches.has("no-rollback-point") ? "" : path("rollback-directory"),
    report: path("report"),
    page: path("page"),
  };
  if (words.switches.has("no-rollback-point") && words.texts.has("rollback-directory"))
    faults.push("--no-rollback-point: contradicts --rollback-directory");
  faults.push(...faultsBetween(request, target, surroundings));
  if (faults.length > 0 || (target !== undefined && target.kind !== "postgresql"))
    throw new Refusal("The command line is not usable", [...new Set(faults)]);
  return { ...request, target };
}

type Noting = Surroundings & { readonly faults: string[] };

function systemOf({ command, words }: Words, { plans, faults }: Noting): string {
  if (!commands[command].takesSystem) return "";
  const [system, ...more] = words;
  const known = [...plans.keys()].join(", ");
  if (system === undefined) faults.push(`SYSTEM: is missing; it is one of ${known}`);
  else if (!plans.has(system)) faults.push(`SYSTEM: "${system}" is none that there is a plan for; there are ${known}`);
  if (more.length > 0) faults.push(`SYSTEM: one at a time, not "${more.join('", "')}" as well`);
  return system ?? "";
}

function address(which: "source" | "target", words: Words, of: Noting): Address | undefined {
  const { environment, directory, faults } = of;
  const variable = `LANDFALL_${which.toUpperCase()}`;
  const needed = (commands[words.command].needs as readonly string[]).includes(which);
  const last = which === "target" && lastTargetServes.has(words.command) ? of.lastTarget : () => undefined;
  const taken = (commands[words.command].flags as readonly string[]).includes(which);
  const named = taken ? (words.texts.get(which) ?? given(environment[variable])) : undefined;
  const kept = taken && named === undefined ? last() : undefined;
  const text = named ?? kept?.shown;
  if (text === undefined) {
    if (needed) faults.push(`--${which}: is missing; give a URL, also as ${variable}`);
    return undefined;
  }
  const password = given(environment[`${variable}_PASSWORD`]) ?? kept?.password;
  try {
    return readAddress(text, { directory, password, postgresPassword: given(environment["PGPASSWORD"]) });
  } catch (error) {
    faults.push(`--${which}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

// A move never goes to a target that nobody has named this time.
const lastTargetServes: ReadonlySet<CommandName> = new Set(["quarantine", "status"]);

function storeOf(words: Words, { environment, directory, faults }: Noting): StoreAddress | undefined {
  const taken = (commands[words.command].flags as readonly string[]).includes("store");
  const text = taken ? (words.texts.get("store") ?? given(environment["LANDFALL_STORE"])) : undefined;
  if (text === undefined) return undefined;
  const address = readStoreAddress(text, { environment, directory });
  if (!("faults" in address)) return address;
  faults.push(...address.faults.map((fault) => `--store: ${fault}`));
  return undefined;
}

function folder(path: string | undefined, faults: string[]): string | undefined {
  if (path !== undefined && statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true)
    faults.push(`--media: there is no folder ${path}`);
  return path;
}

const given = (text: string | undefined): string | undefined => (text === "" ? undefined : text);

function whole(name: FlagName, words: Words, of: { faults: string[]; most: number; otherwise: number }): number {
  const text = words.texts.get(name);
  if (text === undefined) return of.otherwise;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= of.most) return value;
  of.faults.push(`--${name}: is "${text}"; it must be a whole number from 1 to ${of.most.toString()}`);
  return of.otherwise;
}

const engineNames = { postgresql: "PostgreSQL", mariadb: "MariaDB", sqlite: "SQLite" } as const;

/** What is wrong with parts that are right each by itself. */
function faultsBetween(
  request: Pick<Request, "system" | "source" | "command" | "words">,
  target: Address | undefined,
  { plans }: Surroundings,
): string[] {
  const { system, source, command, words } = request;
  const faults: string[] = [];
  if (target !== undefined && target.kind !== "postgresql")
    faults.push(`--target: "${target.shown}" is ${engineNames[target.kind]}; the target is always PostgreSQL`);
  const engine = plans.get(system)?.engine;
  if (source !== undefined && engine !== undefined && source.kind !== engine) {
    const shown = `"${source.shown}" is ${engineNames[source.kind]}`;
    faults.push(`--source: ${shown}, and ${system} is a ${engineNames[engine]} system`);
  }
  if (source?.kind === "postgresql" && target?.kind === "postgresql" && place(source) === place(target))
    faults.push("--target: is the source itself; the legacy database is only ever read");
  if (command === "rollback") faults.push(...rollbackFaults(words, target));
  if (command === "plan" && (source === undefined) !== (target === undefined))
    faults.push("plan: a survey takes both --source and --target; the mapping by itself takes neither");
  return faults;
}

function rollbackFaults([action, ...more]: readonly string[], target: Address | undefined): string[] {
  const faults: string[] = [];
  if ((action === "restore" || action === "export") && target === undefined)
    faults.push("--target: is missing; give a URL, also as LANDFALL_TARGET");
  if (action === undefined || !["list", "restore", "export"].includes(action))
    faults.push(
      `rollback: ${action === undefined ? "" : `"${action}" is nothing it does; `}list, restore NAME or export DIR`,
    );
  else if (action === "list" && more.length > 0) faults.push("rollback list: takes nothing more");
  else if (action === "restore" && more.length !== 1)
    faults.push("rollback restore: takes the NAME of one point, as rollback list shows it");
  else if (action === "export" && more.length !== 1) faults.push("rollback export: takes the DIR to write into");
  return faults;
}

const loopback = new Set(["localhost", "127.0.0.1", "::1"]);

function place({ config }: Extract<Address, { kind: "postgresql" }>): string {
  const host = config.host ?? "";
  return [loopback.has(host) ? "localhost" : host, config.port, config.database].join("|");
}
