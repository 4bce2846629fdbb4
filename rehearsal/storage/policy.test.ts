import { expect, test } from "vitest";
import { renderPolicy } from "./policy.ts";
import type { BucketAccess, KeyRecord } from "./record.ts";

const bucket = { label: "media", region: "us-ord", versioning: false, created: "" };

function key(accessKey: string, ...accesses: readonly BucketAccess[]): KeyRecord {
  return { id: 1, label: accessKey, accessKey, secretKey: "s", accesses, regions: [] };
}

const access = (permissions: BucketAccess["permissions"], bucketName = "media", region = "us-ord"): BucketAccess => ({
  bucketName,
  region,
  permissions,
});

interface Statement {
  readonly Principal: { readonly AWS: readonly string[] };
  readonly Action: readonly string[];
}

function statements(...keys: readonly KeyRecord[]): Statement[] {
  const text = renderPolicy(bucket, keys);
  return text === undefined ? [] : (JSON.parse(text) as { Statement: Statement[] }).Statement;
}

test("a key that may only read may neither write nor remove", () => {
  const [statement] = statements(key("READER", access("read_only")));
  expect(statement?.Principal.AWS).toEqual(["READER"]);
  expect(statement?.Action.filter((action) => !/^s3:(Get|List)/.test(action))).toEqual([]);
});

test("a key that may write may do everything with its bucket", () => {
  const found = statements(key("READER", access("read_only")), key("WRITER", access("read_write")));
  expect(found.map(({ Principal }) => Principal.AWS)).toEqual([["READER"], ["WRITER"]]);
  expect(found[1]?.Action).toEqual(["s3:*"]);
});

test("a key for another bucket, or one of another region, has no part in it", () => {
  expect(statements(key("OTHER", access("read_write", "backups")))).toEqual([]);
  expect(statements(key("OTHER", access("read_write", "media", "eu-west")))).toEqual([]);
  expect(renderPolicy(bucket, [])).toBeUndefined();
});
