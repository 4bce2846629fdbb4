import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { readDeclaration } from "../plugin/declarations.ts";
import type { Property, PropertyType } from "../plugin/resource.ts";
import { emptyAccount } from "./account.ts";
import { instanceOutputs } from "./instance-outputs.ts";
import { linode } from "./vendor.ts";

/** A property as a declaration can tell it: without what replaces, is secret or filled in, and numbers alike. */
function plain(properties: Readonly<Record<string, Property>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, { shape, required }]) => [name, [required === true, plainShape(shape)]]),
  );
}

function plainShape(shape: PropertyType): unknown {
  switch (shape.type) {
    case "integer":
      return "number";
    case "array":
      return [plainShape(shape.items)];
    case "map":
      return { map: plainShape(shape.values) };
    case "object":
      return plain(shape.properties);
    default:
      return shape.type;
  }
}

const nameOf = (token: string): string => token.split(":").at(-1) ?? "";

describe.each(linode.resources.map((resource) => [nameOf(resource.token), resource] as const))(
  "%s",
  (name, resource) => {
    test("takes what the vendor's package declares, no more and no less", () => {
      expect(plain(resource.inputs)).toEqual(plain(readDeclaration("@pulumi/linode", name).inputs));
    });

    test("keeps secret what the vendor's package keeps secret", () => {
      const folder = dirname(createRequire(import.meta.url).resolve("@pulumi/linode/package.json"));
      const source = readFileSync(join(folder, `${name.charAt(0).toLowerCase()}${name.slice(1)}.js`), "utf8");
      const declared = /additionalSecretOutputs: \[(.*?)\]/.exec(source)?.[1] ?? "";
      expect([...resource.secretOutputs]).toEqual(
        declared === "" ? [] : declared.split(", ").map((one) => one.slice(1, -1)),
      );
    });
  },
);

test("a server has every output that the vendor's package says is always there", () => {
  const record = {
    id: 7,
    label: "web",
    region: "us-ord",
    type: "g6-nanode-1",
    image: "linode/debian13",
    booted: true,
    address: "198.51.100.64",
    hostUuid: "x",
  };
  const account = { ...emptyAccount, nextId: 8, instances: [record] };
  const outputs = instanceOutputs(account, record, { inputs: {}, running: true });
  for (const name of readDeclaration("@pulumi/linode", "Instance").outputs) {
    expect(outputs[name], name).toBeDefined();
  }
});
