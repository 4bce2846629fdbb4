import { describe, expect, test } from "vitest";
import { rules } from "./catalogue.ts";
import { types } from "./resource-types.ts";
import { being, faults, given, judge, judgeAll, opted, rightEstate, type Mutations } from "./testing/estate.ts";
import { unknown } from "./value.ts";
import type { Waiver } from "./waiver.ts";

const waiver: Waiver = {
  rule: "D8",
  urn: "app-1",
  owner: "operations@example.com",
  reason: "its cache is moved to a volume in the next release",
  expires: "2026-11-21",
};
const writable: Mutations = { "app-1": given({ readOnly: false }), proxy: given({ readOnly: false }) };
const waived = (other: Partial<Waiver> = {}) => ({ rules: {}, waivers: [{ ...waiver, ...other }] });

const besidesTheStack = Object.keys(rightEstate).filter((name) => name !== "landfall-test");

test("an estate that is right passes every rule, and every rule is asked", () => {
  expect(judgeAll({}).map(({ rule, status }) => `${rule.id} ${status}`)).toEqual(rules.map(({ id }) => `${id} passed`));
});

test("a stack that is bad on purpose trips every rule once", () => {
  const results = judgeAll(
    {
      "app-1": given({
        ports: [{ internal: 8000 }],
        privileged: true,
        volumes: [{ hostPath: "/var/run/docker.sock", containerPath: "/s" }],
        securityOpts: [],
        image: "app:latest",
        memory: 0,
        user: "root",
        networksAdvanced: [],
        restart: "always",
        envs: ["DB_PASSWORD=hunter2"],
        destroyGraceSeconds: 0,
        uploads: [{ file: "/x", content: "x" }],
      }),
      "app-healthy": undefined,
      site: being({ dependencies: ["proxy-healthy"] }),
      "restore-check": undefined,
      "restore-done": undefined,
      password: opted({ protect: false }),
      firewall: given({
        inboundPolicy: "ACCEPT",
        outboundPolicy: "DROP",
        inbounds: [{ label: "ssh", action: "ACCEPT", protocol: "TCP", ports: "22", ipv4s: ["0.0.0.0/0"] }],
      }),
      disk: given({ encryption: "disabled" }),
      ssl: given({ value: "flexible" }),
      caa: undefined,
      host: being({ inputs: { zoneId: "zone-1", name: "x.example.com", type: "A", proxied: false, ttl: 300 } }),
      cache: given({ rules: [{ expression: "true" }] }),
      "server-g1": opted({ ignoreChanges: [] }),
      "server-engine": being({ before: { host: "unix:///var/run/docker.sock" } }),
      "server-ready": being({ type: types.serverGate, from: {} }),
      image: given({ keepLocally: false }),
      data: opted({ deletedWith: undefined }),
    },
    waived({ rule: "L4", urn: "nothing-of-this-name", expires: "2026-11-20" }),
  );
  expect(results.map(({ rule, violations }) => `${rule.id} ${String(violations.length)}`)).toEqual(
    rules.map(({ id }) => `${id} 1`),
  );
});

test("where there is nothing to be asked about, every rule is not applicable but the one on waivers", () => {
  const bare = judgeAll(Object.fromEntries(besidesTheStack.map((name) => [name, undefined])));
  expect(bare.filter(({ status }) => status !== "not applicable").map(({ rule }) => rule.id)).toEqual(["W1"]);
});

describe("a waiver", () => {
  test("takes the violation of its resource, and no other, until the end of its day", () => {
    const result = judge("D8", writable, waived());
    expect(result.violations.map(({ urn }) => urn.split("::").at(-1))).toEqual(["proxy"]);
    expect(result.waived).toEqual([
      { violation: { urn: expect.stringContaining("::app-1") as string, message: "can write to its root" }, waiver },
    ]);
    expect(judge("W1", writable, waived()).status).toBe("passed");
  });

  test("leaves a rule waived, not passed", () => {
    expect(judge("D8", { "app-1": given({ readOnly: false }) }, waived()).status).toBe("waived");
  });

  test("is itself a violation from the next day on, and takes none any more", () => {
    const expired = waived({ expires: "2026-11-20" });
    expect(judge("D8", writable, expired).violations).toHaveLength(2);
    expect(faults("W1", writable, expired)).toEqual([
      "landfall-test has the waiver of D8 for app-1, which ended on 2026-11-20; operations@example.com answers for it",
    ]);
  });

  test("is of one rule", () => {
    expect(judge("D8", writable, waived({ rule: "D7" })).violations).toHaveLength(2);
  });

  test("may name several resources", () => {
    expect(judge("D8", writable, waived({ urn: "*" })).violations).toEqual([]);
    expect(judge("D8", writable, waived({ urn: "app-*" })).violations).toHaveLength(1);
    expect(judge("D8", writable, waived({ urn: "pp-1" })).violations).toHaveLength(2);
  });
});

describe("settings", () => {
  test("change a rule's level", () => {
    expect(judge("D8", writable).level).toBe("mandatory");
    expect(judge("D8", writable, { rules: { D8: { level: "advisory" } }, waivers: [] }).level).toBe("advisory");
  });

  test("keep a rule away from a resource", () => {
    expect(faults("D8", writable, { rules: { D8: { except: ["proxy"] } }, waivers: [] })).toEqual([
      "app-1 can write to its root",
    ]);
  });
});

test("a violation outweighs what cannot be told, and what cannot be told outweighs the rest", () => {
  const half: Mutations = { "app-1": given({ readOnly: unknown }) };
  expect(judge("D8", half).status).toBe("not evaluated");
  expect(judge("D8", { ...half, proxy: given({ user: "root" }) }).status).toBe("violated");
  expect(judge("D8", { ...half, proxy: given({ user: "root" }) }, waived({ urn: "proxy" })).status).toBe(
    "not evaluated",
  );
});

test("every rule says what, why, how to mend it and where it comes from, and has an id of its own", () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  for (const { title, why, fix, sources } of rules) {
    expect([title, why, fix].every((text) => text.length > 20)).toBe(true);
    expect(sources.length).toBeGreaterThan(0);
  }
});
