import bcrypt from "bcryptjs";
import { expect, test } from "vitest";
import { drawResource, RandomProvider } from "./provider.ts";
import { secret, unwrap } from "./values.ts";

test("a password and its hash are secrets, and belong together", async () => {
  const { id, outs } = await drawResource("RandomPassword", { length: 20, special: false });
  const values = unwrap(outs) as { result: string; bcryptHash: string };
  expect(id).toBe("none");
  expect(outs["result"]).toEqual(secret(values.result));
  expect(outs["bcryptHash"]).toEqual(secret(values.bcryptHash));
  expect(await bcrypt.compare(values.result, values.bcryptHash)).toBe(true);
});

test("an input that is a secret stays one in the outputs", async () => {
  const keepers = { a: secret("hidden") };
  const { outs } = await drawResource("RandomPassword", { length: 20, keepers });
  expect(outs["keepers"]).toEqual(keepers);
});

test("an id has the same bytes in every form", async () => {
  const { outs } = await drawResource("RandomId", { byteLength: 9, prefix: "p-" });
  const { hex, dec, b64Std, b64Url } = outs as Record<string, string>;
  const bytes = Buffer.from(hex?.slice(2) ?? "", "hex");
  expect(bytes).toHaveLength(9);
  expect(b64Std).toBe(`p-${bytes.toString("base64")}`);
  expect(b64Url).toBe(`p-${bytes.toString("base64url")}`);
  expect(dec).toBe(`p-${String(BigInt(`0x${bytes.toString("hex")}`))}`);
});

test("a type that it does not have is refused in every call", async () => {
  const provider = new RandomProvider("1.0.0");
  const urn = "urn:pulumi:s::p::random:index/randomPet:RandomPet::x";
  await expect(provider.create(urn, {})).rejects.toThrow('no resource type "random:index/randomPet:RandomPet"');
  expect(await provider.check(urn, {}, {})).toMatchObject({ failures: [{ property: "" }] });
});
