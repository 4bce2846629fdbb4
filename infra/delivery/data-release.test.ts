import { expect, test, vi } from "vitest";
import type { RemoteResult } from "../ssh/run.ts";
import { handVolumeOver, type VolumeHandoverInputs } from "./data-release.ts";

const before: VolumeHandoverInputs = {
  volume: "landfall-staging-data",
  instance: 101,
  engine: "ssh://deploy@198.51.100.64:22?identity=staging&hostKey=ssh-ed25519+AAAA",
};
const inputs: VolumeHandoverInputs = {
  ...before,
  instance: 102,
  engine: "ssh://deploy@198.51.100.65:22?identity=staging&hostKey=ssh-ed25519+BBBB",
};

const silence: RemoteResult = { exitCode: 255, stdout: "", stderr: "ssh: No route to host" };

function server(results: readonly RemoteResult[]) {
  const asked: [string, string][] = [];
  const left = [...results];
  const run = (engine: string, { command }: { command: string }): Promise<RemoteResult> => {
    asked.push([engine, command]);
    return Promise.resolve((left.length > 1 ? left.shift() : left[0]) ?? silence);
  };
  return { means: { run, clock: { now: () => 0, wait: () => Promise.resolve() } }, asked };
}

test("the server before lets go of the volume before another gets it", async () => {
  const { means, asked } = server([{ exitCode: 0, stdout: "", stderr: "" }]);
  await handVolumeOver(inputs, before, means);
  expect(asked).toEqual([[before.engine, "sudo -n /usr/local/sbin/landfall-data release"]]);
});

test("a volume that stays where it is is not touched", async () => {
  const { means, asked } = server([]);
  await handVolumeOver({ ...before, force: true }, before, means);
  expect(asked).toEqual([]);
});

test("a server that answers only later is waited for", async () => {
  const { means, asked } = server([silence, silence, { exitCode: 0, stdout: "", stderr: "" }]);
  await handVolumeOver(inputs, before, means);
  expect(asked).toHaveLength(3);
});

test("a server that cannot let go keeps the volume, even by force", async () => {
  const { means } = server([{ exitCode: 1, stdout: "", stderr: "landfall-data: /srv/data is still in use" }]);
  await expect(handVolumeOver({ ...inputs, force: true }, before, means)).rejects.toThrow(
    'The server at 198.51.100.64 does not let go of the volume "landfall-staging-data": landfall-data: /srv/data is still in use',
  );
});

test("a server that stays silent keeps the volume, unless force is allowed", async () => {
  const { means, asked } = server([silence]);
  await expect(handVolumeOver(inputs, before, means)).rejects.toThrow(
    /does not answer: ssh: No route to host\n.*nothing was changed\.\n.*its Linode \(id 101\)/,
  );
  expect(asked).toHaveLength(5);
  const told = vi.spyOn(console, "log").mockReturnValue();
  await handVolumeOver({ ...inputs, force: true }, before, means);
  expect(told).toHaveBeenCalledOnce();
});
