import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { parseSettings, SettingsError } from "../infra/settings/parse.ts";
import type { Settings } from "../infra/settings/settings.ts";
import { root } from "../tools/paths.ts";
import type { Cloud } from "./cloud/cloud.ts";

const settingsFile = z.object({ config: z.record(z.string(), z.unknown()).default({}) });

/** The settings of a stack as it is rehearsed. */
export interface RehearsedSettings {
  /** Text of a file like the stack's own, without its secrets. */
  readonly text: string;
  readonly settings: Settings;
  /** Secrets by their path below `landfall:`, made up for the rehearsal. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** What is taken for a rehearsal. */
export interface SettingsSource {
  readonly stack: string;
  /** A settings file in place of the stack's own. */
  readonly file: string | undefined;
  /** How many servers with a role are rehearsed, the first ones; all of them where it says nothing. */
  readonly servers: Readonly<Record<string, number>>;
  /** The value that the cloud wants for a secret; any will do where it gives none. */
  readonly secretOf: (path: string) => string | undefined;
}

/**
 * Takes a stack's own settings file for a rehearsal. Its secrets stay where they are: each gets a value of the cloud's,
 * as do those that are still missing. Limits are rehearsed as far as this machine has the processor cores for them.
 *
 * @throws SettingsError with all that is wrong with the settings besides missing secrets
 */
export function takeSettings({ stack, file, servers, secretOf }: SettingsSource): RehearsedSettings {
  const source = file === undefined ? join(root, `Pulumi.${stack}.yaml`) : resolve(file);
  if (!existsSync(source)) throw new Error(`There is no settings file ${source}, so there is nothing to rehearse.`);
  const cores = availableParallelism();
  const { config } = settingsFile.parse(parse(readFileSync(source, "utf8")));
  const open = Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith("landfall:"))
      .map(([key, value]): [string, unknown] => [key, withCores(withoutSecrets(asWritten(value)), cores)])
      .map(([key, value]): [string, unknown] => [key, key === "landfall:servers" ? fewer(value, servers) : value])
      .filter(([, value]) => value !== undefined),
  );
  const secrets: Record<string, string> = {};
  const settings = parseWithSecrets(open, (path) => {
    secrets[path] ??= secretOf(path) ?? `rehearsal-${randomBytes(12).toString("hex")}`;
    return secrets[path];
  });
  return { text: stringify({ config: open }), settings, secrets };
}

/** The file with a stack's settings on its cloud. */
export function rehearsedFile(cloud: Cloud): string {
  return join(cloud.folder, `Pulumi.${cloud.stack}.yaml`);
}

/** A section as a person writes it: `pulumi config set` without --path leaves it in one line of JSON. */
function asWritten(value: unknown): unknown {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

const serverList = z.array(z.looseObject({ roles: z.array(z.string()).default([]) }));

/** The servers without those of a role that are beyond its number. */
function fewer(list: unknown, wanted: Readonly<Record<string, number>>): unknown {
  const read = serverList.safeParse(list);
  if (!read.success) return list;
  let kept = read.data;
  for (const [role, most] of Object.entries(wanted)) {
    const all = kept.filter(({ roles }) => roles.includes(role));
    if (all.length < most || most < 1) {
      throw new Error(
        `--servers ${role}=${String(most)}: the settings have ${String(all.length)} servers with the role '${role}'; ` +
          "name a number from 1 to that.",
      );
    }
    kept = kept.filter((server) => !all.slice(most).includes(server));
  }
  return kept;
}

/** Settings with no more processor cores for a container than there are: Docker refuses what a machine does not have. */
function withCores(value: unknown, cores: number): unknown {
  if (Array.isArray(value)) return value.map((one) => withCores(one, cores));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [
      key,
      key === "cpus" && typeof inner === "number" ? Math.min(inner, cores) : withCores(inner, cores),
    ]),
  );
}

/** Settings without what only the stack's passphrase opens. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  if (Object.keys(value).length === 1 && "secure" in value) return undefined;
  const entries = Object.entries(value)
    .map(([key, inner]): [string, unknown] => [key, withoutSecrets(inner)])
    .filter(([, inner]) => inner !== undefined);
  return entries.length === 0 && Object.keys(value).length > 0 ? undefined : Object.fromEntries(entries);
}

/** Parses settings, and gives each secret that they call for a value until none is missing. */
function parseWithSecrets(open: Readonly<Record<string, unknown>>, give: (path: string) => string): Settings {
  const config = Object.fromEntries(
    Object.entries(open).map(([key, value]): [string, unknown] => [key.slice("landfall:".length), value]),
  );
  const secrets: Record<string, unknown> = {};
  for (;;) {
    const all = { ...config, secrets };
    const texts = Object.entries(all).map(([key, value]): [string, string] => [key, JSON.stringify(value)]);
    try {
      return parseSettings(Object.fromEntries(texts), { linode: true, cloudflare: true });
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      const missing = error.faults.filter(
        ({ key, given }) => key.startsWith("landfall:secrets.") && given === "nothing",
      );
      if (missing.length === 0) throw error;
      for (const { key } of missing)
        put(secrets, key.slice("landfall:secrets.".length), give(key.slice("landfall:".length)));
    }
  }
}

function put(into: Record<string, unknown>, path: string, value: string): void {
  const [first = "", ...rest] = path.split(".");
  if (rest.length === 0) {
    into[first] = value;
    return;
  }
  const inner: Record<string, unknown> = {};
  const known = into[first];
  if (typeof known === "object" && known !== null) Object.assign(inner, known);
  put(inner, rest.join("."), value);
  into[first] = inner;
}
