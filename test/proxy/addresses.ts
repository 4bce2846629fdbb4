import type { TLSSocket } from "node:tls";
import { expect, test } from "vitest";
import { containerPorts, type ClientAddress } from "../../infra/proxy/site.ts";
import { ask, connectAs, type Place } from "./client.ts";
import type { Estate } from "./estate.ts";

const edge = "198.51.100.33";
const visitor = "203.0.113.9";
const clientAddress: ClientAddress = { header: "CF-Connecting-IP", networks: ["198.51.100.32/28"] };

/** Whose address is believed. */
export function believesAddresses(estate: () => Estate): void {
  const balanced = (): Place => ({ ...estate().place, port: containerPorts.balancedHttps });
  const own = (): string => `${estate().ownAddress}/32`;

  /** The client's address as the service is told it, over a connection of a balancer's. */
  async function seen(socket: TLSSocket, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const answer = await ask(balanced(), { headers, connection: { createConnection: () => socket } });
    const { headers: told } = answer.json() as { headers: Record<string, string> };
    expect(told["x-real-ip"]).toBe(told["x-forwarded-for"]);
    return told["x-forwarded-for"];
  }

  test("a balancer's word for the client is taken, in both versions of the PROXY protocol", async () => {
    await estate().deliver(estate().site({ proxyProtocol: { networks: [own()] }, clientAddress: undefined }));
    expect(await seen(await connectAs(balanced(), visitor, 1))).toBe(visitor);
    expect(await seen(await connectAs(balanced(), visitor, 2))).toBe(visitor);
    expect(await seen(await connectAs(balanced(), "2001:db8::9", 1))).toBe("2001:db8::9");
    expect(await seen(await connectAs(balanced(), visitor), { "cf-connecting-ip": "192.0.2.66" })).toBe(visitor);
  });

  test("an edge's word is taken where the balancer names the edge, and only there", async () => {
    await estate().deliver(estate().site({ proxyProtocol: { networks: [own()] }, clientAddress }));
    const named = { "cf-connecting-ip": visitor };
    expect(await seen(await connectAs(balanced(), edge), named)).toBe(visitor);
    expect(await seen(await connectAs(balanced(), edge), { "cf-connecting-ip": "2001:db8::9" })).toBe("2001:db8::9");
    expect(await seen(await connectAs(balanced(), edge), { "cf-connecting-ip": "nobody" })).toBe(edge);
    expect(await seen(await connectAs(balanced(), "192.0.2.66"), named)).toBe("192.0.2.66");
    const direct = await ask(estate().place, { headers: named });
    expect(direct.json()["headers"]).toMatchObject({ "x-forwarded-for": estate().ownAddress });
  });

  test("who is not the balancer is not believed by its protocol", async () => {
    await estate().deliver(estate().site({ proxyProtocol: { networks: ["192.168.255.0/24"] }, clientAddress }));
    const forged = async (): Promise<unknown> =>
      seen(await connectAs(balanced(), edge), { "cf-connecting-ip": visitor });
    // Either it is refused, or its own address is what counts.
    expect(await forged().catch(() => "refused")).toEqual(expect.toBeOneOf(["refused", estate().ownAddress]));
    await estate().deliver(estate().site());
  });
}
