/** What the launcher has to know of a command line of Pulumi's. */
export interface PulumiArguments {
  /** The words of the command, without flags: `["config", "set", "landfall:hosts"]`. */
  words: string[];
  /** Where in the arguments the command's first word stands. */
  place: number;
  /** The stack that a flag names, or that `stack init`, `stack select` and `stack rm` name as a word. */
  stack?: string;
  configFile?: string;
}

/** Flags whose value is the next argument. Others have none, or are written as `--flag=value`. */
const withValue: Record<string, "stack" | "configFile" | "other"> = {
  "-s": "stack",
  "--stack": "stack",
  "--config-file": "configFile",
  "-C": "other",
  "--cwd": "other",
  "--color": "other",
  "-v": "other",
  "--verbose": "other",
  "--tracing": "other",
  "--profiling": "other",
  "--memprofilerate": "other",
  "--otel-traces": "other",
  "-m": "other",
  "--message": "other",
  "-c": "other",
  "--config": "other",
  "-t": "other",
  "--target": "other",
  "-p": "other",
  "--parallel": "other",
  "--secrets-provider": "other",
  "--copy-config-from": "other",
};

/** Reads a command line of Pulumi's, as far as the launcher needs it. */
export function parseArguments(args: string[]): PulumiArguments {
  const parsed: PulumiArguments = { words: [], place: 0 };
  const keep = (kind: "stack" | "configFile" | "other" | undefined, value: string | undefined): void => {
    if (value === undefined) return;
    if (kind === "stack") parsed.stack = value;
    if (kind === "configFile") parsed.configFile = value;
  };
  for (let place = 0; place < args.length; place += 1) {
    const argument = args[place] ?? "";
    if (argument === "--") break;
    if (!argument.startsWith("-")) {
      if (parsed.words.length === 0) parsed.place = place;
      parsed.words.push(argument);
      continue;
    }
    const [flag, value] = split(argument);
    if (value !== undefined) keep(withValue[flag], value);
    else if (withValue[flag] !== undefined) keep(withValue[flag], args[(place += 1)]);
  }
  const [first, second, third] = parsed.words;
  const named =
    first === "stack" && ["init", "new", "select", "rm", "remove"].includes(second ?? "") ? third : undefined;
  if (parsed.stack === undefined && named !== undefined) parsed.stack = named;
  return parsed;
}

/** Whether the command is the one that these words name, under any of its names. */
export function isCommand({ words }: PulumiArguments, ...names: string[]): boolean {
  return names.some((name) => name.split(" ").every((word, place) => words[place] === word));
}

function split(argument: string): [string, string | undefined] {
  const equals = argument.indexOf("=");
  return equals < 0 ? [argument, undefined] : [argument.slice(0, equals), argument.slice(equals + 1)];
}

/** Puts arguments right behind the command's first word, and takes out those of a flag that is given anew. */
export function insertArguments(args: string[], parsed: PulumiArguments, added: string[]): string[] {
  const [flag = ""] = added;
  const before = args.slice(0, parsed.place + 1);
  const after = args.slice(parsed.place + 1);
  const kept = after.filter(
    (argument, place) => argument !== flag && !argument.startsWith(`${flag}=`) && after[place - 1] !== flag,
  );
  return [...before, ...added, ...kept];
}
