import { readFileSync } from "node:fs";
import { Resolver } from "node:dns/promises";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { addressOf, places, rootsFile, type Cloud } from "../cloud/cloud.ts";
import { awaitState, type AwaitedState } from "../cloud/wait.ts";
import { hooksName } from "./names/vendor-zones.ts";

/** For a part to answer after its start. */
const seconds = 60;

/**
 * Waits until every part of a cloud's internet answers.
 *
 * @throws when one does not in time, with why, and with the last lines of its container
 */
export async function awaitInternet(cloud: Cloud, zones: readonly string[]): Promise<void> {
  await Promise.all(partsOf(cloud, zones).map((part) => awaitState(cloud, { ...part, seconds })));
}

function partsOf(cloud: Cloud, zones: readonly string[]): Omit<AwaitedState, "seconds">[] {
  const edge = addressOf(cloud, places.edge);
  const api = { address: edge, host: "api.cloudflare.com", path: "/client/v4/ips" };
  const linodeNames = addressOf(cloud, places.linodeNames);
  const hooks = { address: addressOf(cloud, places.hooks), host: hooksName, path: "/" };
  const acme = { address: addressOf(cloud, places.pebble), host: "acme-v02.api.letsencrypt.org", path: "/directory" };
  return [
    {
      noun: "resolver",
      what: "the resolver",
      works: () => resolves(addressOf(cloud, places.resolver), zones, ...vendorHosts),
    },
    { noun: "cloudflare", what: "Cloudflare's DNS", works: () => resolves(edge, zones, "api.cloudflare.com") },
    { noun: "linode-names", what: "Linode's DNS", works: () => resolves(linodeNames, [], "api.linode.com") },
    { noun: "hooks", what: "the receiver of webhooks", works: () => answers(cloud, hooks) },
    { noun: "cloudflare", what: "Cloudflare's API", works: () => answers(cloud, api) },
    { noun: "cloudflare", what: "Cloudflare's edge", works: () => answersPlainly(edge) },
    { noun: "acme", what: "the ACME server", works: () => answers(cloud, acme) },
  ];
}

/** A name that each of the authoritative servers answers for. */
const vendorHosts = ["api.cloudflare.com", "api.linode.com"] as const;

async function resolves(server: string, zones: readonly string[], ...hosts: readonly string[]): Promise<void> {
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  resolver.setServers([server]);
  await Promise.all([
    ...zones.map((zone) => resolver.resolveSoa(zone)),
    ...hosts.map((host) => resolver.resolve4(host)),
  ]);
}

interface Address {
  readonly address: string;
  readonly host: string;
  readonly path: string;
}

function answers(cloud: Cloud, { address, host, path }: Address): Promise<void> {
  const ca = readFileSync(rootsFile(cloud));
  return new Promise((resolve, reject) => {
    const call = httpsRequest(
      { host: address, servername: host, path, ca, agent: false, timeout: 1000, headers: { host } },
      (answer) => {
        answer.resume();
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`HTTP status ${String(answer.statusCode)}`));
      },
    );
    call.on("timeout", () => call.destroy(new Error("no answer within a second")));
    call.on("error", reject);
    call.end();
  });
}

/** Any answer will do: the edge refuses hosts that it does not know. */
function answersPlainly(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = httpRequest({ host: address, agent: false, timeout: 1000 }, (answer) => {
      answer.resume();
      resolve();
    });
    call.on("timeout", () => call.destroy(new Error("no answer within a second")));
    call.on("error", reject);
    call.end();
  });
}
