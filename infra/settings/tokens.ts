import type { Fault } from "./parse.ts";

/** Where each vendor's token is set: the key in the stack's settings, and the variable that its provider reads instead. */
const tokens = {
  linode: { key: "linode:token", variable: "LINODE_TOKEN" },
  cloudflare: { key: "cloudflare:apiToken", variable: "CLOUDFLARE_API_TOKEN" },
} as const;

/** A vendor whose provider needs a token. */
export type Vendor = keyof typeof tokens;

/**
 * For which vendors a token is set.
 *
 * @param config all of the stack's settings by their full key
 */
export function tokensGiven(
  config: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
): Record<Vendor, boolean> {
  const given = ({ key, variable }: (typeof tokens)[Vendor]): boolean =>
    (config[key] ?? "") !== "" || (environment[variable] ?? "") !== "";
  return { linode: given(tokens.linode), cloudflare: given(tokens.cloudflare) };
}

/** The vendors that settings call for, right or wrong as they may be otherwise. */
export function vendorsOf(raw: Readonly<Record<string, unknown>>): Vendor[] {
  const servers = Array.isArray(raw["servers"]) ? raw["servers"] : [];
  return [
    ...(servers.some((server) => property(server, "platform") === "linode") ||
    property(raw["dns"], "provider") === "linode" ||
    property(raw["storage"], "provider") === "linode"
      ? (["linode"] as const)
      : []),
    ...(property(raw["dns"], "provider") === "cloudflare" ? (["cloudflare"] as const) : []),
  ];
}

/** What is wrong when a vendor's token is not set. */
export function missingToken(vendor: Vendor): Fault {
  const { key, variable } = tokens[vendor];
  return {
    key,
    given: "nothing",
    allowed: `a token, set by: npx pulumi config set --secret ${key} (or in the environment as ${variable})`,
  };
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
