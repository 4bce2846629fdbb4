import { beforeAll, expect, test } from "vitest";
import { engineAtHand } from "../testing/engine-at-hand.ts";
import { mockEngine, valueOf, type RegisteredResource } from "../testing/mocks.ts";
import type { ImageSource } from "./image-source.ts";
import type { Server } from "./server.ts";

let registered: RegisteredResource[];
let serverWith: (generation: string, images: ImageSource) => Server;
let source: (registry: boolean) => ImageSource;

const named = (name: string): RegisteredResource[] => registered.filter((resource) => resource.name === name);

beforeAll(async () => {
  registered = await mockEngine();
  const { Server: Component } = await import("./server.ts");
  const { BuildEngine } = await import("./build-engine.ts");
  const { images } = await import("../settings/images.ts");
  const pulumi = await import("@pulumi/pulumi");
  serverWith = (generation, from) =>
    new Component({
      ...engineAtHand,
      generation,
      engine: "ssh://deploy@198.51.100.7:22?identity=test&hostKey=ssh-ed25519+AAAA",
      images: from,
    });
  source = (registry) => {
    const given = registry ? { registry: { address: "registry.example.com", username: "landfall" } } : {};
    const builder = new BuildEngine({ settings: images.parse(given), registryPassword: pulumi.secret("a password") });
    return { kind: registry ? "registry" : "streamed", builder };
  };
});

test("without a registry an image is built here and streamed to the server's engine", async () => {
  const server = serverWith("streamed-g1", source(false));
  expect(await valueOf(server.image("redis").imageId)).toBe("sha256:streamed-g1-redis");
  expect(named("streamed-g1-redis").map(({ type }) => type)).toEqual(["pulumi-nodejs:dynamic/delivery:ImageDelivery"]);
  expect(named("streamed-g1-redis")[0]?.inputs).toMatchObject({
    from: "unix:///var/run/docker.sock",
    reference: server.image("redis").reference,
    imageId: "sha256:build-redis",
  });
});

test("with a registry it is pushed under the hash of its content, and pulled by the digest that the registry gave", async () => {
  const server = serverWith("pulled-g1", source(true));
  const { reference, imageId } = server.image("redis");
  await valueOf(imageId);
  const target = `registry.example.com/landfall/${reference.replace("landfall/", "")}`;
  expect(named("tag-redis")[0]?.inputs).toMatchObject({ targetImage: target });
  expect(named("push-redis")[0]?.inputs).toMatchObject({ name: target, keepRemotely: true });
  expect(named("pulled-g1-redis")[0]).toMatchObject({
    type: "docker:index/remoteImage:RemoteImage",
    inputs: { name: `${target}@sha256:push-redis` },
  });
});

test("the server logs in to the registry as the one user that is set", async () => {
  const server = serverWith("login-g1", source(true));
  await valueOf(server.provider.urn);
  const [provider] = named("login-g1").filter(({ type }) => type === "pulumi:providers:docker");
  expect(JSON.stringify(provider?.inputs["registryAuth"])).toContain("registry.example.com");
});
