import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { knownServers, machines, silentServers } from "./silent-servers.ts";

test("servers are known by their gates, machines by what they are", () => {
  const engine = "ssh://deploy@198.51.100.7:22?identity=staging&hostKey=ssh-ed25519+AAAA";
  const checkpoint = {
    pending: [],
    resources: [
      {
        urn: "urn:gate",
        type: "pulumi-nodejs:dynamic/gate:ServerGate",
        outputs: { engine },
      },
      { urn: "urn:closed", type: "pulumi-nodejs:dynamic/gate:ServerGate", outputs: {} },
      { urn: "urn:machine", type: "linode:index/instance:Instance", outputs: {} },
    ],
  };
  expect(knownServers(checkpoint)).toEqual([{ host: "198.51.100.7", port: 22, engine }]);
  expect(machines(checkpoint)).toEqual(["urn:machine"]);
});

test("a server at whose port nobody answers is silent", async () => {
  const listening = createServer();
  listening.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const { port } = listening.address() as AddressInfo;
  const answering = { host: "127.0.0.1", port, engine: "" };
  const silent = { host: "127.0.0.1", port: 1, engine: "" };
  try {
    expect(await silentServers([answering, silent])).toEqual([silent]);
  } finally {
    listening.close();
  }
});
