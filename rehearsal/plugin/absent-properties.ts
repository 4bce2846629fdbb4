import requests from "@pulumi/pulumi/proto/provider_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";

type Getter = (this: unknown) => struct.Struct | undefined;

/**
 * Lets requests of the engine's that come without properties have none, instead of failing: an import has no old ones,
 * and the SDK's server for providers reads them without a look (@pulumi/pulumi, provider/server.js).
 */
export function allowAbsentProperties(): void {
  const { CheckRequest, DiffRequest, ReadRequest } = requests;
  replaceGetter(CheckRequest.prototype, "getOlds");
  replaceGetter(DiffRequest.prototype, "getOlds");
  replaceGetter(ReadRequest.prototype, "getProperties");
}

function replaceGetter(prototype: object, name: string): void {
  const original = Reflect.get(prototype, name) as Getter;
  const getter: Getter = function () {
    return original.call(this) ?? new struct.Struct();
  };
  Reflect.set(prototype, name, getter);
}
