import { beforeAll, expect, test } from "vitest";
import { proxy as proxySettings, type ProxyServer } from "../settings/proxy.ts";
import { engineAtHand } from "../testing/engine-at-hand.ts";
import { inputsIn, mockEngine, valueOf, type RegisteredResource } from "../testing/mocks.ts";
import type { ProxySite, ProxySiteArgs } from "./proxy-site.ts";

interface Wish {
  readonly generation: string;
  readonly kind?: ProxyServer;
  readonly public?: boolean;
  readonly balanced?: boolean;
  readonly site?: Partial<ProxySiteArgs>;
}

let registered: RegisteredResource[];
let serve: (wish: Wish) => Promise<ProxySite>;

const inputsOf = (type: string, name: string): RegisteredResource["inputs"] => inputsIn(registered, type, name);
const configurationOf = (generation: string): Readonly<Record<string, unknown>> =>
  inputsOf("pulumi-nodejs:dynamic/delivery:ProxyConfiguration", `${generation}-proxy-site`);
const gateOf = (generation: string): Readonly<Record<string, unknown>> =>
  inputsOf("pulumi-nodejs:dynamic/gate:HealthGate", `${generation}-proxy-healthy`);

beforeAll(async () => {
  registered = await mockEngine();
  const pulumi = await import("@pulumi/pulumi");
  const { CertificateAuthority } = await import("./certificate-authority.ts");
  const { Certificate } = await import("./certificate.ts");
  const { Network } = await import("./network.ts");
  const { Proxy } = await import("./proxy.ts");
  const { ProxySite: Component } = await import("./proxy-site.ts");
  const { Server } = await import("./server.ts");
  const authority = new CertificateAuthority("authority", { commonName: "Test" });
  const certificate = new Certificate("certificate", {
    authority,
    dnsNames: ["learn.example.com"],
    ipAddresses: [],
    validityDays: 90,
    renewalDays: 30,
  });
  serve = async (wish) => {
    const publicAddress = wish.public === true ? pulumi.output("198.51.100.7") : undefined;
    const server = new Server({ ...engineAtHand, generation: wish.generation, publicAddress });
    const settings = proxySettings.parse({ server: wish.kind ?? "nginx", maintenance: true });
    const balanced = wish.balanced === true;
    const network = new Network({ server });
    const proxy = new Proxy({ server, network, certificates: undefined, balanced, settings, after: [] });
    const site = new Component({
      server,
      proxy,
      upstream: { kind: "container", host: "app-1", port: 8000 },
      upstreamAuthority: authority.certificate,
      release: "1",
      checks: ["database"],
      certificate,
      hosts: ["learn.example.com"],
      settings,
      clientAddress: undefined,
      proxyProtocol: balanced ? { networks: ["192.168.255.0/24"] } : undefined,
      ...wish.site,
    });
    await valueOf(site.gate.urn);
    return site;
  };
});

test("the server of the settings runs, with the configuration in its language", async () => {
  await serve({ generation: "n" });
  await serve({ generation: "a", kind: "apache" });
  expect(inputsOf("docker:index/container:Container", "n-proxy")["image"]).toBe("sha256:n-nginx");
  expect(inputsOf("docker:index/container:Container", "a-proxy")["image"]).toBe("sha256:a-apache");
  expect(configurationOf("n")["configuration"]).toContain("worker_processes auto;");
  expect(configurationOf("a")["configuration"]).toContain("mpm_event_module");
});

test("settings reach the configuration in its units", async () => {
  await serve({ generation: "units" });
  const text = String(configurationOf("units")["configuration"]);
  expect(text).toContain("rate=6000r/m");
  expect(text).toContain("client_max_body_size 2097152;");
  expect(text).toContain("proxy_read_timeout 60s;");
  expect(text).toContain("location @maintenance");
});

test("the root of app servers is delivered where they are asked, and nowhere else", async () => {
  const servers = [{ address: "10.77.0.21", port: 8443 }];
  await serve({ generation: "many", site: { upstream: { kind: "servers", servers } } });
  expect(configurationOf("many")["authority"]).toBe("certificate of authority");
  await serve({ generation: "one" });
  expect(configurationOf("one")["authority"]).toBeUndefined();
});

test("a proxy on this machine is asked from outside, one elsewhere from within", async () => {
  await serve({ generation: "here" });
  expect(gateOf("here")["probe"]).toMatchObject({ kind: "outside", address: "127.0.0.1", port: 443 });
  await serve({ generation: "there", public: true });
  expect(gateOf("there")["probe"]).toMatchObject({ kind: "within", port: 8443, proxyProtocol: false });
  expect(gateOf("there")).toMatchObject({ release: "1", checks: ["database"] });
});

test("behind a balancer it has ports for it, where its gate asks as the balancer does", async () => {
  await serve({ generation: "balanced", public: true, balanced: true });
  expect(gateOf("balanced")["probe"]).toMatchObject({ kind: "within", port: 9443, proxyProtocol: true });
  expect(inputsOf("docker:index/container:Container", "balanced-proxy")["ports"]).toEqual([
    { internal: 8080, external: 80, ip: "127.0.0.1" },
    { internal: 8443, external: 443, ip: "127.0.0.1" },
    { internal: 9080, external: 10_080, ip: "127.0.0.1" },
    { internal: 9443, external: 10_443, ip: "127.0.0.1" },
  ]);
  expect(configurationOf("balanced")["configuration"]).toContain("set_real_ip_from 192.168.255.0/24;");
});
