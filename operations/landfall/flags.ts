/** A flag of the command line: what it takes, and what help says of it. */
export interface Flag {
  readonly type: "string" | "boolean";
  /** What stands for its value in the help. */
  readonly value?: string;
  readonly help: string;
}

export const flags = {
  source: { type: "string", value: "URL", help: "the legacy database (or LANDFALL_SOURCE)" },
  target: { type: "string", value: "URL", help: "the new database, empty or landed in before (or LANDFALL_TARGET)" },
  media: { type: "string", value: "DIR", help: "the folder with the legacy system's files" },
  store: {
    type: "string",
    value: "URL",
    help: "where files go: file:DIR (.landfall/media) or s3://BUCKET?endpoint=URL",
  },
  json: { type: "boolean", help: "one JSON object as the last line on stdout, progress as JSON lines on stderr" },
  workers: { type: "string", value: "N", help: "connections that copy at the same time, 1 to 64 (2)" },
  "chunk-rows": { type: "string", value: "N", help: "rows between two checkpoints (50000)" },
  ignore: {
    type: "string",
    value: "LIST",
    help: "legacy tables and table.columns, by comma, that may stay behind unknown",
  },
  again: { type: "boolean", help: "move a system anew that has landed; what it landed is taken away first" },
  "rollback-directory": { type: "string", value: "DIR", help: "where rollback points are kept (.landfall/rollback)" },
  "no-rollback-point": { type: "boolean", help: "take no rollback point before the move" },
  report: { type: "string", value: "FILE", help: "write the report as JSON" },
  page: { type: "string", value: "FILE", help: "write the report as a page to sign, HTML" },
  watch: { type: "boolean", help: "go on until the move is over" },
  markdown: { type: "boolean", help: "the mapping as a document, without any database" },
} as const satisfies Record<string, Flag>;

export type FlagName = keyof typeof flags;

/** A command: its words, the flags it takes and what it is for. */
export interface CommandShape {
  readonly words: string;
  readonly takesSystem: boolean;
  readonly flags: readonly FlagName[];
  readonly needs: readonly ("source" | "target")[];
  readonly help: string;
}

const addresses = ["source", "target", "media", "store", "json"] as const;
const output = ["report", "page"] as const;
const reading = ["workers", "chunk-rows", "ignore"] as const;

/** Every command by its name. `verify` and `status` take what `migrate` takes, so that one line serves for all three. */
export const commands = {
  migrate: {
    words: "SYSTEM",
    takesSystem: true,
    flags: [...addresses, ...reading, "again", "rollback-directory", "no-rollback-point", ...output],
    needs: ["source", "target"],
    help: "moves a legacy system into the target and verifies the move; goes on where it was interrupted",
  },
  verify: {
    words: "SYSTEM",
    takesSystem: true,
    flags: [...addresses, ...reading, "again", "rollback-directory", "no-rollback-point", ...output],
    needs: ["source", "target"],
    help: "compares what has landed with the source as it is now; changes nothing",
  },
  status: {
    words: "SYSTEM",
    takesSystem: true,
    flags: [...addresses, ...reading, "again", "rollback-directory", "no-rollback-point", ...output, "watch"],
    needs: ["target"],
    help: "says how far a move is, table by table",
  },
  quarantine: {
    words: "SYSTEM",
    takesSystem: true,
    flags: ["source", "target", "json"],
    needs: ["target"],
    help: "lists the rows that were held back, and why",
  },
  plan: {
    words: "SYSTEM",
    takesSystem: true,
    flags: ["source", "target", "json", "ignore", "markdown"],
    needs: [],
    help: "says what a move would do, or (without databases) what goes where; writes nothing",
  },
  rollback: {
    words: "list | restore NAME | export DIR",
    takesSystem: false,
    flags: ["target", "store", "json", "rollback-directory"],
    needs: [],
    help: "lists rollback points, goes back to one, or writes what has landed as JSON, a file a table",
  },
} as const satisfies Record<string, CommandShape>;

export type CommandName = keyof typeof commands;
