import { expect, test } from "vitest";
import { hasProviderCrashed } from "./provider-crash.ts";

const recorded = `error: Detected that /plugins/resource-docker-v5.2.0/pulumi-resource-docker exited prematurely.
goroutine 89 [running]:
google.golang.org/grpc.(*Server).GetServiceInfo(...)
github.com/moby/buildkit/session.(*Session).Run(0x23b9fccac690, {0x3405978?, 0x23b9fcc970a0?}, 0x23b9fd5a1ae0)`;

test("the provider's own crash is known by its trace, and no other end of a plugin is taken for it", () => {
  expect(hasProviderCrashed(recorded)).toBe(true);
  expect(hasProviderCrashed("pulumi-resource-docker exited prematurely.\npanic: something else")).toBe(false);
  expect(hasProviderCrashed("error: update failed")).toBe(false);
});
