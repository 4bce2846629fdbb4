import requests from "@pulumi/pulumi/proto/provider_pb.js";
import { expect, test } from "vitest";
import { allowAbsentProperties } from "./absent-properties.ts";

test("a request without properties has none, and others keep theirs", () => {
  allowAbsentProperties();
  expect(new requests.ReadRequest().getProperties()?.toJavaScript()).toEqual({});
  expect(new requests.CheckRequest().getOlds()?.toJavaScript()).toEqual({});
  const request = new requests.DiffRequest();
  const olds = request.getOlds();
  request.setOlds(olds);
  expect(request.getOlds()).toBe(olds);
});
