import { beforeAll, expect, test } from "vitest";
import { proxy as proxySettings } from "../settings/proxy.ts";
import { engineAtHand } from "../testing/engine-at-hand.ts";
import { inputsIn, isSecretInput, mockEngine, valueOf, type RegisteredResource } from "../testing/mocks.ts";
import type { Backend } from "./backend.ts";
import type { ServerArgs } from "./server.ts";

let registered: RegisteredResource[];
let make: (changes: Partial<ServerArgs>) => Backend;
let backend: Backend;

const inputsOf = (type: string, name: string): RegisteredResource["inputs"] => inputsIn(registered, type, name);

beforeAll(async () => {
  registered = await mockEngine();
  const { Backend: Component } = await import("./backend.ts");
  const { CertificateAuthority } = await import("./certificate-authority.ts");
  const { Network } = await import("./network.ts");
  const { Server } = await import("./server.ts");
  const authority = new CertificateAuthority("authority", { commonName: "Test" });
  make = (changes) => {
    const server = new Server({ ...engineAtHand, ...changes });
    const app = { host: "app-1", release: "1", checks: ["database"], gate: authority };
    const network = new Network({ server });
    return new Component({
      server,
      network,
      authority,
      app,
      settings: proxySettings.parse({ server: "apache" }),
      after: [],
    });
  };
  backend = make({ generation: "two", privateAddress: "10.77.0.22" });
  await valueOf(backend.gate.urn);
});

test("it is asked on the private address alone, and is Nginx whatever the edges are", () => {
  expect([backend.address, backend.port]).toEqual(["10.77.0.22", 8443]);
  const container = inputsOf("docker:index/container:Container", "two-backend");
  expect(container).toMatchObject({
    image: "sha256:two-nginx",
    ports: [{ internal: 8443, external: 8443, ip: "10.77.0.22" }],
    networksAdvanced: [{ name: "landfall-test-peers" }, { name: "landfall-test-service" }],
    readOnly: true,
  });
});

test("its certificate has its address as the common name, for Apache, and one name of all, for Nginx", () => {
  expect(inputsOf("pulumi-nodejs:dynamic/certificate:LocalCertificate", "two-backend-certificate")).toMatchObject({
    commonName: "10.77.0.22",
    dnsNames: ["app.landfall.internal"],
    ipAddresses: ["10.77.0.22"],
  });
  const configuration = inputsOf("pulumi-nodejs:dynamic/delivery:ProxyConfiguration", "two-backend-site");
  expect(configuration["configuration"]).toContain("set $upstream app-1:8000;");
  expect(isSecretInput(configuration["privateKey"])).toBe(true);
});

test("its gate asks within it for the release, as an edge does", () => {
  expect(inputsOf("pulumi-nodejs:dynamic/gate:HealthGate", "two-backend-healthy")).toMatchObject({
    probe: {
      kind: "within",
      port: 8443,
      host: "app.landfall.internal",
      trust: "certificate of authority",
      proxyProtocol: false,
    },
    release: "1",
    checks: ["database"],
  });
});

test("a server that is the only one has none", () => {
  expect(() => make({ generation: "alone", privateAddress: undefined })).toThrow("its server is the only one");
});
