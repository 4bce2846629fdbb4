import { expect, test } from "vitest";
import { being, faults, given, untold, type Mutations } from "../testing/estate.ts";
import { types } from "../resource-types.ts";
import { secret, unknown } from "../value.ts";

const digest = `sha256:${"ab".repeat(32)}`;

const broken: readonly (readonly [string, Mutations, string])[] = [
  ["D5", { "app-1": given({ image: "nginx:1.27" }) }, 'app-1 runs "nginx:1.27", a name whose content can change'],
  ["D5", { "app-1": given({ image: undefined }) }, 'app-1 runs "", a name whose content can change'],
  [
    "D5",
    { image: given({ name: "landfall/app:latest" }) },
    "image is built as landfall/app:latest, a name that does not carry the hash of what goes in",
  ],
  [
    "D5",
    { image: given({ name: "landfall/app" }) },
    "image is built as landfall/app, a name that does not carry the hash of what goes in",
  ],
  [
    "D5",
    { image: given({ name: "docker.elastic.co/elasticsearch:8", build: undefined }) },
    "image is pulled as docker.elastic.co/elasticsearch:8, a name whose content can change",
  ],
  [
    "D5",
    { image: given({ name: `nginx@${digest}`, build: undefined }) },
    "image is pulled from docker.io, a registry that the settings do not name",
  ],
  ["T6", { image: given({ keepLocally: undefined }) }, "image would be removed by name when it is replaced"],
];

test.each(broken)("%s is broken by each of its faults alone (%#)", (rule, mutations, message) => {
  expect(faults(rule, mutations)).toEqual([message]);
});

test("an image may be pulled by digest from the registry that the program pushes to", () => {
  const name = `registry.example.com:5000/landfall/app@${digest}`;
  const pushed = { type: types.tag, inputs: { targetImage: "registry.example.com:5000/landfall/app:1" } };
  expect(faults("D5", { image: given({ name, build: undefined }) })).toHaveLength(1);
  expect(faults("D5", { image: given({ name, build: undefined }), tag: pushed })).toEqual([]);
  expect(faults("D5", { image: being({ change: "delete", inputs: { name } }) })).toEqual([]);
});

test("an image that cannot be told is not evaluated", () => {
  expect(untold("D5", { "app-1": given({ image: unknown }) })).toEqual([
    "not evaluated",
    "app-1: image is not known before the change is made",
  ]);
  expect(untold("D5", { "app-1": given({ image: secret }) })).toEqual(["not evaluated", "app-1: image is a secret"]);
  expect(untold("T6", { image: given({ keepLocally: unknown }) })[0]).toBe("not evaluated");
});
