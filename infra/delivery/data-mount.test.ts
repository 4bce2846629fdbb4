import { expect, test } from "vitest";
import { engineAddress } from "../ssh/connection.ts";
import type { RemoteResult } from "../ssh/run.ts";
import { awaitMount, releaseMount } from "./data-mount.ts";

const engine = engineAddress({
  host: "198.51.100.7",
  port: 22,
  user: "deploy",
  identity: "test",
  hostKey: "ssh-ed25519 AAAA",
});
const mount = { engine, volume: "landfall-test-data" };
const answering =
  (exitCode: number, stderr = "") =>
  (): Promise<RemoteResult> =>
    Promise.resolve({ exitCode, stdout: "", stderr });

test("a volume that is not mounted in time is told of with what the server says", async () => {
  await expect(awaitMount(mount, answering(1, "landfall-data: the device is not there"))).rejects.toThrow(
    'The server at 198.51.100.7 has not mounted the volume "landfall-test-data": landfall-data: the device is not there',
  );
});

test("a server that is gone keeps nothing from being taken down", async () => {
  await expect(releaseMount(mount, answering(255, "ssh: connect: No route to host"))).resolves.toBeUndefined();
});

test("a server that answers and does not let go keeps its volume", async () => {
  await expect(releaseMount(mount, answering(1, "/srv/data is still in use"))).rejects.toThrow("is still in use");
});
