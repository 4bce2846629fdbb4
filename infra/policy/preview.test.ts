import { expect, test } from "vitest";
import { readPreview } from "./preview.ts";

const urn = (type: string, name: string): string => `urn:pulumi:local::landfall::${type}::${name}`;
const container = "docker:index/container:Container";
const notKnown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A preview as the engine prints it, shortened: a container that is made, a password replaced, a volume that goes. */
const printed = {
  config: { "landfall:hosts": '["localhost"]' },
  steps: [
    {
      op: "same",
      urn: urn("pulumi:pulumi:Stack", "landfall-local"),
      newState: { type: "pulumi:pulumi:Stack", custom: false },
      detailedDiff: null,
    },
    {
      op: "create",
      urn: urn(container, "app"),
      newState: {
        type: container,
        custom: true,
        inputs: {
          __defaults: ["restart"],
          restart: "no",
          image: notKnown,
          envs: "[secret]",
          labels: [{ __defaults: [], label: "landfall.service", value: "app" }],
        },
        parent: urn("landfall:infra:Service", "app"),
        provider: `${urn("pulumi:providers:docker", "one")}::${notKnown}`,
        dependencies: [urn("docker:index/network:Network", "data")],
        propertyDependencies: { image: [urn("docker:index/remoteImage:RemoteImage", "app")], envs: null },
        deletedWith: urn("linode:index/instance:Instance", "one"),
        ignoreChanges: ["image"],
        replaceOnChanges: ["healthcheck"],
      },
      detailedDiff: null,
    },
    {
      op: "replace",
      urn: urn("random:index/randomPassword:RandomPassword", "r"),
      oldState: { type: "random:index/randomPassword:RandomPassword", inputs: { length: 20 }, protect: true },
      newState: { type: "random:index/randomPassword:RandomPassword", inputs: { length: 30 } },
      replaceReasons: ["length"],
      detailedDiff: null,
    },
    { op: "read", urn: urn("x:index:Y", "read"), newState: { type: "x:index:Y" } },
    {
      op: "delete",
      urn: urn("docker:index/volume:Volume", "v"),
      oldState: { type: "docker:index/volume:Volume", inputs: { name: "v" }, retainOnDelete: true },
    },
  ],
  duration: 1,
  changeSummary: { same: 1, create: 1, replace: 1, delete: 1 },
};

const { plan, config, errors, isWhole } = readPreview(JSON.stringify(printed));

test("resources are as the change leaves them, and those that go as they are", () => {
  expect(plan.resources.map(({ name, change }) => `${name} ${String(change)}`)).toEqual([
    "landfall-local same",
    "app create",
    "r replace",
    "v delete",
  ]);
  const replaced = plan.find(urn("random:index/randomPassword:RandomPassword", "r"));
  expect(replaced?.inputs.at("length").number()).toBe(30);
  expect(replaced?.before.at("length").number()).toBe(20);
  expect(replaced?.replaceReasons).toEqual(["length"]);
  expect(plan.resources.at(-1)?.options.retainOnDelete).toBe(true);
});

test("what the engine filled in by itself is not taken for asked for", () => {
  const { inputs } = plan.ofType(container)[0] ?? expect.unreachable();
  expect(inputs.at("restart").isGiven).toBe(false);
  expect(inputs.at("labels").items()[0]?.keys()).toEqual(["label", "value"]);
});

test("unknown and secret values cannot be read", () => {
  const { inputs } = plan.ofType(container)[0] ?? expect.unreachable();
  expect(inputs.at("image").isGiven).toBe(true);
  expect(() => inputs.at("image").text()).toThrow("image is not known before the change is made");
  expect(inputs.at("envs").isSecret).toBe(true);
  expect(() => inputs.at("envs").items()).toThrow("envs is a secret");
});

test("options and dependencies are those of the state", () => {
  const found = plan.ofType(container)[0] ?? expect.unreachable();
  expect(found.provider).toBe(urn("pulumi:providers:docker", "one"));
  expect(plan.isFrom(found, "image", urn("docker:index/remoteImage:RemoteImage", "app"))).toBe(true);
  expect(found.options).toEqual({
    protect: false,
    retainOnDelete: false,
    deletedWith: urn("linode:index/instance:Instance", "one"),
    ignoreChanges: ["image"],
    replaceOnChanges: ["healthcheck"],
  });
});

test("the settings come with it, and whether it is whole", () => {
  expect(config).toEqual({ "landfall:hosts": '["localhost"]' });
  expect({ errors, isWhole }).toEqual({ errors: [], isWhole: true });
  const failed = { config: {}, steps: [], diagnostics: [{ message: "error: no\n", severity: "error" }] };
  expect(readPreview(JSON.stringify(failed))).toMatchObject({ errors: ["error: no"], isWhole: false });
});

test("a preview without the resources that stay is refused", () => {
  const without = { ...printed, changeSummary: { same: 40 } };
  expect(() => readPreview(JSON.stringify(without))).toThrow("make it with --show-sames");
});

test("what is no preview is refused", () => {
  expect(() => readPreview("Previewing update")).toThrow("it is not JSON");
  expect(() => readPreview('{"steps": [{"op": 1}]}')).toThrow("✖ Invalid input: expected string, received number");
});
