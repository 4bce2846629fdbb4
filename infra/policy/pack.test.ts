import { expect, test } from "vitest";
import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { rules } from "./catalogue.ts";
import type { PolicyOptions } from "./evaluate.ts";
import { packPolicies } from "./pack.ts";
import { types } from "./resource-types.ts";
import { rightEstate, today } from "./testing/estate.ts";

const plain: PolicyOptions = { rules: {}, waivers: [] };
const notKnown = new Error("string value at .user can't be known during preview");

/** The policies by their names. */
const policies = (options: PolicyOptions = plain) =>
  new Map(packPolicies({ rules, options, today }).map((policy) => [policy.name, policy]));

/** A resource as the SDK gives it to a policy; an input that is an error is thrown when it is read. */
function given(name: string, inputs: Readonly<Record<string, unknown>>): PolicyResource & ResourceValidationArgs {
  const draft = rightEstate[name];
  if (draft === undefined) throw new Error(`The right estate has no ${name}.`);
  const props = new Proxy(
    { ...draft.inputs, ...inputs },
    {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (value instanceof Error) throw value;
        return value;
      },
    },
  );
  return {
    urn: `urn:pulumi:test::landfall::${draft.type}::${name}`,
    type: draft.type,
    name,
    props,
    opts: { protect: false, ignoreChanges: [], aliases: [], customTimeouts: noTimeouts, additionalSecretOutputs: [] },
    dependencies: [],
    propertyDependencies: {},
    stackTags: new Map(),
    isType: () => false,
    asType: () => undefined,
    getConfig: () => expect.unreachable(),
    notApplicable: () => expect.unreachable(),
  };
}

const noTimeouts = { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 };

/** What a policy reports of resources, each message with the last part of the URN. */
function reported(name: string, resources: readonly ReturnType<typeof given>[], options = plain): string[] {
  const policy = policies(options).get(name) ?? expect.unreachable();
  const messages: string[] = [];
  const report = (message: string, urn?: string): void => {
    messages.push(`${urn?.split("::").at(-1) ?? ""}: ${message}`);
  };
  if ("validateStack" in policy) {
    void policy.validateStack(
      {
        resources: [...resources],
        stackTags: new Map(),
        getConfig: () => expect.unreachable(),
        notApplicable: () => expect.unreachable(),
      },
      report,
    );
  } else {
    for (const resource of resources) {
      const { validateResource } = policy;
      if (typeof validateResource !== "function") expect.unreachable();
      void validateResource(resource, report);
    }
  }
  return messages;
}

test("every rule but those that need a preview is a policy of its name and level", () => {
  const found = [...policies().values()].map(({ name, enforcementLevel }) => `${name} ${String(enforcementLevel)}`);
  expect(found).toEqual(rules.filter(({ scope }) => scope !== "change").map(({ id, level }) => `${id} ${level}`));
  const changed = policies({ rules: { D2: { level: "advisory" } }, waivers: [] });
  expect(changed.get("D2")?.enforcementLevel).toBe("advisory");
});

test("a resource that breaks a rule is reported before it is made", () => {
  expect(policies().get("D8")).toHaveProperty("validateResource");
  expect(reported("D8", [given("app-1", { user: "root" })])).toEqual(["app-1: app-1 runs as root (root)."]);
  expect(reported("D8", [given("app-1", {})])).toEqual([]);
});

test("a rule that compares resources sees all of them", () => {
  const twice = [
    given("host", {}),
    { ...given("host", {}), urn: `urn:pulumi:test::landfall::${types.record}::second` },
  ];
  expect(reported("C2", twice)).toEqual(["second: host is a second A record of learn.example.com, besides host."]);
});

test("exceptions and waivers hold here too", () => {
  const root = [given("app-1", { user: "root" })];
  expect(reported("D8", root, { rules: { D8: { except: ["app-*"] } }, waivers: [] })).toEqual([]);
  const waiver = { rule: "D8", urn: "app-1", owner: "o", reason: "r", expires: today };
  expect(reported("D8", root, { rules: {}, waivers: [waiver] })).toEqual([]);
});

test("an unknown value is what the SDK says it is, and hides no fault", () => {
  expect(() => reported("D8", [given("app-1", { user: notKnown })])).toThrow(notKnown);
  const messages: string[] = [];
  const policy = policies().get("D8") ?? expect.unreachable();
  if (!("validateResource" in policy) || typeof policy.validateResource !== "function") expect.unreachable();
  const { validateResource } = policy;
  expect(() =>
    validateResource(given("app-1", { user: notKnown, readOnly: false }), (message) => messages.push(message)),
  ).toThrow(notKnown);
  expect(messages).toEqual(["app-1 can write to its root."]);
});
