import { expect, test } from "vitest";
import { openStore, readStoreAddress } from "./store-address.ts";

const keys = { LANDFALL_STORE_ACCESS_KEY: "key", LANDFALL_STORE_SECRET_KEY: "hush" };
const read = (text: string, environment: Record<string, string> = keys) =>
  readStoreAddress(text, { environment, directory: "/from", readFile: (path) => `certificate of ${path}` });

test("a folder is relative to where the command was called", () => {
  expect(read("file:objects")).toEqual({ kind: "folder", directory: "/from/objects" });
  expect(read("file:///srv/objects")).toEqual({ kind: "folder", directory: "/srv/objects" });
  expect(read("file:/srv/objects")).toEqual({ kind: "folder", directory: "/srv/objects" });
});

test("a bucket has its place in the address and its key in the environment", () => {
  const bucket = {
    kind: "bucket",
    endpoint: "https://s3.example.org:7070",
    bucket: "media",
    accessKey: "key",
    secretKey: "hush",
  };
  expect(read("s3://media?endpoint=https://s3.example.org:7070")).toEqual({ ...bucket, region: "us-east-1" });
  expect(read("s3://media?endpoint=https://s3.example.org:7070/&region=eu&ca=root.pem")).toEqual({
    ...bucket,
    region: "eu",
    authority: "certificate of /from/root.pem",
  });
  const theirs = { AWS_ACCESS_KEY_ID: "key", AWS_SECRET_ACCESS_KEY: "hush" };
  expect(read("s3://media?endpoint=https://s3.example.org:7070", theirs)).toEqual({ ...bucket, region: "us-east-1" });
});

test.each([
  ["file:", ["names no folder"]],
  ["ftp://user:hush@host?x=hush", ['"ftp://…@host?…" is no store']],
  ["objects", ["is no store"]],
  ["s3://media", ["endpoint must be an address"]],
  [
    "s3://me:hush@media/folder?endpoint=nowhere&secret=hush",
    ["a bucket alone", "a key does not belong", '"secret" is no setting', "endpoint must"],
  ],
])("%s is refused with every fault and no secret", (text, expected) => {
  const address = read(text);
  const faults = "faults" in address ? address.faults : [];
  expect(faults).toHaveLength(expected.length);
  for (const [index, part] of expected.entries()) expect(faults[index]).toContain(part);
  expect(faults.join("\n")).not.toContain("hush");
});

test("a bucket without its key is refused", () => {
  expect(read("s3://media?endpoint=https://s3.example.org", {})).toEqual({
    faults: ["LANDFALL_STORE_ACCESS_KEY is missing", "LANDFALL_STORE_SECRET_KEY is missing"],
  });
});

test("a store says where it is, without its key", async () => {
  const address = read("s3://media?endpoint=https://s3.example.org");
  if ("faults" in address) throw new Error(address.faults.join());
  expect((await openStore(address)).place).toBe("https://s3.example.org/media");
});
