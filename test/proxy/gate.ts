import { expect, test } from "vitest";
import { passHealthGate, type HealthGateInputs } from "../../infra/gates/health.ts";
import type { Probe } from "../../infra/gates/probe.ts";
import { containerPorts } from "../../infra/proxy/site.ts";
import { upstreamName } from "../../infra/proxy/upstream.ts";
import { engineAddress } from "../../tools/engine.ts";
import { host } from "./client.ts";
import type { Estate } from "./estate.ts";

/** How an update asks a proxy whether it serves, from within its container. */
export function opensItsGate(estate: () => Estate): void {
  const site = (changes: Partial<Probe & { kind: "within" }> = {}): Probe => ({
    kind: "within",
    port: containerPorts.https,
    host,
    path: "/health/ready",
    trust: estate().place.root,
    proxyProtocol: false,
    ...changes,
  });
  const pass = async (noun: "proxy" | "backend-a", probe: Probe, release = "1"): Promise<unknown> => {
    const { Id: container, Image: image } = await estate().container(noun).inspect();
    const limits: Omit<HealthGateInputs, "probe" | "container" | "image" | "release"> = {
      engine: engineAddress,
      checks: ["database"],
      triggers: {},
      passes: 1,
      intervalSeconds: 1,
      deadlineSeconds: 1,
    };
    return passHealthGate({ ...limits, container, image, probe, release });
  };

  test("a gate asks for the release by the root of the certificate, or by the certificate itself", async () => {
    await estate().deliver(estate().site());
    await pass("proxy", site());
    await pass("proxy", site({ trust: "/var/lib/proxy/current/certificate.pem" }));
    await expect(pass("proxy", site(), "2")).rejects.toThrow("release '1' answered, '2' was expected");
  });

  test("a gate that trusts another certificate, or finds nobody, says so", async () => {
    const backend = site({ trust: estate().internalRoot });
    await expect(pass("proxy", backend)).rejects.toThrow(/certificate/);
    await expect(pass("proxy", site({ port: 8999 }))).rejects.toThrow(/connect/);
  });

  test("behind a balancer a gate asks as the balancer does", async () => {
    await estate().deliver(estate().site({ proxyProtocol: { networks: ["192.168.255.0/24"] } }));
    await pass("proxy", site({ port: containerPorts.balancedHttps, proxyProtocol: true }));
    await estate().deliver(estate().site());
  });

  test("a gate asks the proxy on an app server by the name that edges ask for", async () => {
    await pass("backend-a", site({ host: upstreamName, trust: estate().internalRoot }));
  });
}
