import { expect, test } from "vitest";
import type { RemoteCommand, RemoteResult } from "../ssh/run.ts";
import { deliverHostFirewall, hasHostFirewall, type FirewallMeans } from "./host-firewall.ts";

const engine = "ssh://deploy@198.51.100.64:22?identity=staging&hostKey=ssh-ed25519+AAAA";
const ruleset = "table inet landfall\n";

const ok = (stdout = ""): RemoteResult => ({ exitCode: 0, stdout, stderr: "" });
const failed = (exitCode: number, stderr: string): RemoteResult => ({ exitCode, stdout: "", stderr });

function server(results: readonly RemoteResult[]) {
  const steps: (string | RemoteCommand)[] = [];
  const left = [...results];
  let now = 0;
  const means: FirewallMeans = {
    run: (_engine, command) => {
      steps.push(command);
      return Promise.resolve(left.shift() ?? ok());
    },
    leaveSharedConnection: () => {
      steps.push("leave");
      return Promise.resolve();
    },
    clock: {
      now: () => now,
      wait: (milliseconds) => {
        now += milliseconds;
        return Promise.resolve();
      },
    },
  };
  return { means, steps, seconds: () => now / 1000 };
}

test("rules are tried first, and kept only over a connection that came through them", async () => {
  const { means, steps } = server([ok("abc\n"), ok()]);
  expect(await deliverHostFirewall({ engine, ruleset }, means)).toBe("abc");
  expect(steps).toEqual([
    { command: "sudo -n /usr/local/sbin/landfall-firewall try 30", seconds: 20, input: ruleset },
    "leave",
    { command: "sudo -n /usr/local/sbin/landfall-firewall keep", seconds: 20 },
  ]);
});

test("rules that the server refuses change nothing", async () => {
  const { means, steps } = server([failed(1, "landfall-firewall: nft refuses these rules; nothing was changed")]);
  await expect(deliverHostFirewall({ engine, ruleset }, means)).rejects.toThrow(
    "The server at 198.51.100.64 did not take its firewall's rules: landfall-firewall: nft refuses these rules",
  );
  expect(steps).toHaveLength(1);
});

test("rules that shut this machine out fail after the server has taken them back", async () => {
  const { means, seconds } = server([ok("abc"), failed(255, "ssh: connect to host: Connection timed out")]);
  await expect(deliverHostFirewall({ engine, ruleset }, means)).rejects.toThrow(
    /would shut this machine out of the server at 198\.51\.100\.64, so the server has taken them back: .*timed out/,
  );
  expect(seconds()).toBeGreaterThan(30);
});

test("drift is told by what the kernel has, and a silent server tells nothing", async () => {
  const delivered = { engine, ruleset, loaded: "abc" };
  expect(await hasHostFirewall(delivered, () => Promise.resolve(ok("abc\n")))).toBe(true);
  expect(await hasHostFirewall(delivered, () => Promise.resolve(ok("def\n")))).toBe(false);
  expect(await hasHostFirewall(delivered, () => Promise.resolve(failed(255, "no route")))).toBeUndefined();
});
