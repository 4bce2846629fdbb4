import { z } from "zod";

/** A setting of a zone, as Cloudflare documents it for the Free plan. */
interface SettingKind {
  readonly value: z.ZodType;
  readonly initial: unknown;
  /** Whether the Free plan lets it be changed. */
  readonly editable: boolean;
}

const onOff = z.enum(["on", "off"]);

function choice(initial: string, ...others: string[]): SettingKind {
  return { value: z.enum([initial, ...others]), initial, editable: true };
}

function number(initial: number, ...others: number[]): SettingKind {
  const value = others.length === 0 ? z.int().nonnegative() : z.literal([initial, ...others]);
  return { value, initial, editable: true };
}

function switches(initial: "on" | "off", editable: boolean, ...names: string[]): Record<string, SettingKind> {
  return Object.fromEntries(names.map((name) => [name, { value: onOff, initial, editable }]));
}

function fixed(initial: unknown, ...names: string[]): Record<string, SettingKind> {
  return Object.fromEntries(names.map((name) => [name, { value: z.unknown(), initial, editable: false }]));
}

const strictTransportSecurity = z.strictObject({
  enabled: z.boolean().optional(),
  max_age: z.int().min(0).max(31_536_000).optional(),
  include_subdomains: z.boolean().optional(),
  preload: z.boolean().optional(),
  nosniff: z.boolean().optional(),
});

/** Every setting by its id (developers.cloudflare.com/api, "Zone settings"; the SDK's table writes them in camel case). */
const kinds: Readonly<Record<string, SettingKind>> = {
  ...switches("on", true, "always_online", "browser_check", "email_obfuscation", "http3", "ip_geolocation", "ipv6"),
  ...switches("on", true, "opportunistic_encryption", "opportunistic_onion", "brotli", "websockets", "privacy_pass"),
  ...switches("on", true, "replace_insecure_js", "server_side_exclude", "pre_render", "webmcp_enabled"),
  ...switches("off", true, "0rtt", "always_use_https", "automatic_https_rewrites", "development_mode", "early_hints"),
  ...switches("off", true, "hotlink_protection", "rocket_loader", "tls_client_auth", "orange_to_orange"),
  ...switches("off", true, "content_converter", "redirects_for_ai_training", "search_for_agents", "sha1_support"),
  ...switches("off", true, "tls_1_2_only"),
  ...switches("off", false, "advanced_ddos", "mirage", "origin_error_page_pass_thru", "prefetch_preload"),
  ...switches("off", false, "response_buffering", "sort_query_string_for_cache", "true_client_ip_header", "waf"),
  ...switches("off", false, "webp"),
  ...switches("on", false, "http2"),
  ...fixed("off", "h2_prioritization", "image_resizing", "polish"),
  ...fixed(100, "proxy_read_timeout", "origin_h2_max_streams", "max_upload"),
  ...fixed([], "ciphers"),
  ...fixed({}, "aegis", "automatic_platform_optimization"),
  ...fixed("2", "origin_max_http_version"),
  browser_cache_ttl: number(14_400),
  edge_cache_ttl: number(7200),
  cache_level: choice("aggressive", "basic", "simplified"),
  challenge_ttl: number(1800, 300, 900, 2700, 3600, 7200, 10_800, 14_400, 28_800, 57_600, 86_400, 604_800, 2_592_000),
  cname_flattening: choice("flatten_at_root", "flatten_all"),
  min_tls_version: choice("1.0", "1.1", "1.2", "1.3"),
  nel: { value: z.strictObject({ enabled: z.boolean() }), initial: { enabled: false }, editable: true },
  pseudo_ipv4: choice("off", "add_header", "overwrite_header"),
  security_header: {
    value: z.strictObject({ strict_transport_security: strictTransportSecurity }),
    initial: {
      strict_transport_security: {
        enabled: false,
        max_age: 0,
        include_subdomains: false,
        preload: false,
        nosniff: false,
      },
    },
    editable: true,
  },
  security_level: choice("medium", "off", "essentially_off", "low", "high", "under_attack"),
  ssl: choice("full", "off", "flexible", "strict", "origin_pull"),
  tls_1_3: choice("on", "off", "zrt"),
  transformations: choice("off", "on", "open"),
  webmcp_packs: { value: z.string(), initial: "", editable: true },
  transformations_allowed_origins: { value: z.string(), initial: "", editable: true },
};

/** What is wrong with a change of a setting, with the number of the error in Cloudflare's API. */
export interface SettingFault {
  readonly property: "settingId" | "value";
  readonly code: number;
  readonly message: string;
}

/** Everything that Cloudflare refuses about a setting's value, on a zone of the Free plan. */
export function checkSetting(id: string, value: unknown): SettingFault[] {
  const kind = kinds[id];
  if (kind === undefined) {
    const snake = id.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const meant = id !== snake && snake in kinds ? ` Ids are written with underscores: ${snake}.` : "";
    return [{ property: "settingId", code: 1003, message: `Undefined zone setting: ${id}.${meant}` }];
  }
  if (!kind.editable) {
    const message = `Not allowed to edit setting for ${id}: the Free plan does not have it.`;
    return [{ property: "settingId", code: 1015, message }];
  }
  const parsed = kind.value.safeParse(value);
  if (parsed.success) return [];
  const reasons = parsed.error.issues.map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": "));
  const message = `Invalid value for zone setting ${id}: ${reasons.join("; ")}`;
  return [{ property: "value", code: 1007, message }];
}

/** A setting's value where it was never set; undefined for an unknown setting. */
export function initialValue(id: string): { readonly value: unknown; readonly editable: boolean } | undefined {
  const kind = kinds[id];
  return kind === undefined ? undefined : { value: kind.initial, editable: kind.editable };
}

/** Ids of all settings. */
export const settingIds: readonly string[] = Object.keys(kinds).sort();
