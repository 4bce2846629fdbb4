import { Agent, request, type RequestOptions } from "node:https";
import { connect as connectTcp, isIPv6, type Socket } from "node:net";
import { once } from "node:events";
import type { IncomingHttpHeaders } from "node:http";
import { connect as connectTls, type TLSSocket } from "node:tls";

/** The host that the tests' proxies serve. */
export const host = "learn.example.com";

/** Where a proxy is asked, and what is trusted. */
export interface Place {
  readonly address: string;
  readonly port: number;
  /** Root of its certificate, PEM. */
  readonly root: string;
}

/** An answer. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** Whether it came over a connection that had been used before. */
  readonly reused: boolean;
  /** Its body as JSON. */
  json(): Readonly<Record<string, unknown>>;
}

/** What is asked for. */
export interface Question {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Another host than the tests' one. */
  readonly host?: string;
  /** A connection of one's own, or one that is kept. */
  readonly connection?: Pick<RequestOptions, "agent" | "createConnection">;
}

/** Asks over HTTPS, as a client does; on a new connection unless another is given. */
export function ask({ address, port, root }: Place, question: Question = {}): Promise<Answer> {
  const { path = "/", method = "GET", headers = {}, body, connection = { agent: false } } = question;
  const named = question.host ?? host;
  const options: RequestOptions = {
    host: address,
    port,
    path,
    method,
    ca: root,
    servername: host,
    headers: { host: named, ...headers },
    signal: AbortSignal.timeout(20_000),
    ...connection,
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("error", reject);
      response.on("end", () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          rawHeaders: response.rawHeaders,
          body: text,
          reused: outgoing.reusedSocket,
          json: () => JSON.parse(text) as Readonly<Record<string, unknown>>,
        });
      });
    });
    outgoing.on("error", (error) => {
      reject(outgoing.reusedSocket ? new ConnectionEnded(error.message, { cause: error }) : error);
    });
    outgoing.end(body);
  });
}

/**
 * Asks as a client does that keeps its connection: where the server has ended it before the request came, the request is
 * sent again on a new one (RFC 9112, 9.3.1). Nothing else is tried twice.
 */
export async function askAgainAndAgain(place: Place, agent: Agent, question: Question = {}): Promise<Answer> {
  try {
    return await ask(place, { ...question, connection: { agent } });
  } catch (error) {
    if (!(error instanceof ConnectionEnded)) throw error;
    return await ask(place, { ...question, connection: { agent } });
  }
}

/** A connection that had been used before has ended without an answer. */
class ConnectionEnded extends Error {}

/** Serial number of the certificate that is shown, hexadecimal. */
export async function servedSerial({ address, port, root }: Place): Promise<string> {
  const socket = connectTls({ host: address, port, ca: root, servername: host });
  try {
    await once(socket, "secureConnect");
    return socket.getPeerCertificate().serialNumber;
  } finally {
    socket.destroy();
  }
}

/** A connection that a client keeps and asks on again and again. */
export function keptConnection(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 1 });
}

/** A TLS connection that begins as a balancer's does: with the address of the client, by the PROXY protocol. */
export async function connectAs(place: Place, client: string, version: 1 | 2 = 2): Promise<TLSSocket> {
  const socket = connectTcp(place.port, place.address);
  await once(socket, "connect");
  socket.write(version === 1 ? headerOfVersion1(client) : headerOfVersion2(client));
  return secured(socket, place.root);
}

async function secured(socket: Socket, root: string): Promise<TLSSocket> {
  const tls = connectTls({ socket, ca: root, servername: host });
  await once(tls, "secureConnect");
  return tls;
}

/** https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt, 2.1 */
function headerOfVersion1(client: string): string {
  const [family, server] = isIPv6(client) ? ["TCP6", "2001:db8::1"] : ["TCP4", "192.0.2.1"];
  return `PROXY ${family} ${client} ${server} 40000 443\r\n`;
}

/** The same text, 2.2; for IPv4. */
function headerOfVersion2(client: string): Buffer {
  const signature = Buffer.from("0d0a0d0a000d0a515549540a", "hex");
  const octets = (address: string): number[] => address.split(".").map(Number);
  return Buffer.concat([
    signature,
    Buffer.from([0x21, 0x11, 0, 12, ...octets(client), ...octets("192.0.2.1"), 0x9c, 0x40, 0x01, 0xbb]),
  ]);
}
