import { afterAll, beforeAll, describe } from "vitest";
import { proxyServers } from "../infra/settings/proxy.ts";
import { Estate } from "./proxy/estate.ts";
import { believesAddresses } from "./proxy/addresses.ts";
import { opensItsGate } from "./proxy/gate.ts";
import { limitsAddresses } from "./proxy/limits.ts";
import { reloadsWithoutALoss } from "./proxy/reload.ts";
import { servesASite } from "./proxy/serving.ts";
import { asksAppServers } from "./proxy/upstreams.ts";

// One suite for every server that a proxy can be: what holds for one holds for the other.
describe.each(proxyServers)("%s", (server) => {
  let estate: Estate;

  beforeAll(async () => {
    estate = await Estate.start(server);
    await estate.deliver(estate.site());
  });

  afterAll(async () => {
    await estate.stop();
  });

  describe("a site", () => {
    servesASite(() => estate);
  });
  describe("a gate", () => {
    opensItsGate(() => estate);
  });
  describe("limits", () => {
    limitsAddresses(() => estate);
  });
  describe("addresses", () => {
    believesAddresses(() => estate);
  });
  describe("a change", () => {
    reloadsWithoutALoss(() => estate);
  });
  describe("app servers", () => {
    asksAppServers(() => estate);
  });
});
