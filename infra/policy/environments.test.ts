import { describe, expect, test } from "vitest";
import { rules } from "./catalogue.ts";
import { evaluate, type Result } from "./evaluate.ts";
import { recordPlan } from "./testing/recorded-plan.ts";

const secrets = { cloudflare: { dnsToken: "a token" } };
const tokens = { "linode:token": "a token", "cloudflare:apiToken": "a token" };

/** Each environment with what its file leaves to the operator, and no engine of this machine. */
const environments = {
  local: {
    "landfall:servers": [
      {
        name: "local",
        platform: "engine-at-hand",
        engine: "tcp://127.0.0.1:2375",
        roles: ["edge", "app", "database", "cache"],
      },
    ],
  },
  staging: { "landfall:secrets": secrets, ...tokens },
  production: { "landfall:secrets": secrets, ...tokens },
};

const options = { rules: {}, waivers: [] };

const lines = (results: readonly Result[], found: (result: Result) => readonly string[]): string[] =>
  results.flatMap((result) => found(result).map((text) => `${result.rule.id} ${text}`));

describe.each(Object.entries(environments))("%s", async (environment, besides) => {
  const plan = await recordPlan(environment, besides);
  const results = evaluate({ rules, plan, options, today: "2026-11-21" });

  test("is whole: the program made what every environment has", () => {
    const made = plan.resources.map(({ type }) => type);
    expect(made.filter((type) => type === "docker:index/container:Container").length).toBeGreaterThan(5);
    expect(made).toContain("pulumi-nodejs:dynamic/delivery:ProxyConfiguration");
  });

  test("breaks no mandatory rule", () => {
    const mandatory = results.filter(({ level }) => level === "mandatory");
    expect(
      lines(mandatory, ({ violations }) => violations.map(({ urn, message }) => `${nameOf(urn)} ${message}`)),
    ).toEqual([]);
  });

  test("lets every rule be told", () => {
    expect(lines(results, ({ open }) => open.map(({ urn, reason }) => `${nameOf(urn)} ${reason}`))).toEqual([]);
  });

  test("is advised of backups only", () => {
    const advice = results.filter(({ level, status }) => level === "advisory" && status === "violated");
    expect(advice.map(({ rule }) => rule.id).filter((id) => id !== "S2")).toEqual([]);
  });
});

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
