import { createSecureServer, type Http2SecureServer } from "node:http2";
import { createServer, type Server, type Socket } from "node:net";
import type { SecureVersion } from "node:tls";
import { ciphers, type Certificates } from "./certificates.ts";
import { readClientHello } from "./client-hello.ts";

/** TLS versions that a host accepts, from the oldest to the newest. */
export interface TlsVersions {
  readonly min: SecureVersion;
  readonly max: SecureVersion;
}

/** What a TLS server does by the name that a client asks for. */
export interface TlsHosts {
  readonly certificates: Certificates;
  versions(serverName: string): TlsVersions;
  /** Gives a new server what it does with requests. */
  serve(server: Http2SecureServer): void;
}

/** The alert `handshake_failure` (RFC 8446, 6.2), with which Cloudflare meets names that it has no certificate for. */
const handshakeFailure = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28]);
/** Milliseconds that a client may take for its first message. */
const patience = 10_000;

/**
 * A server for TLS with HTTP/2 and HTTP/1.1. The name in the client's first message decides which versions are
 * offered, and whether there is a handshake at all.
 */
export function tlsServer(hosts: TlsHosts): Server {
  const servers = new Map<string, Http2SecureServer>();
  const serverFor = ({ min, max }: TlsVersions): Http2SecureServer => {
    const key = `${min} ${max}`;
    const known = servers.get(key);
    if (known !== undefined) return known;
    const server = createSecureServer({
      allowHTTP1: true,
      minVersion: min,
      maxVersion: max,
      ciphers,
      SNICallback: (name, done) => {
        hosts.certificates(name).then(
          (context) => {
            if (context === undefined) done(new Error(`No certificate for ${name}.`));
            else done(null, context);
          },
          (error: unknown) => {
            done(error instanceof Error ? error : new Error(String(error)));
          },
        );
      },
    });
    hosts.serve(server);
    servers.set(key, server);
    return server;
  };
  return createServer((socket) => {
    socket.on("error", () => socket.destroy());
    readHello(socket, (serverName, bytes) => {
      void answerHello(hosts, serverName)
        .catch(() => undefined)
        .then((versions) => {
          if (versions === undefined) {
            socket.end(handshakeFailure);
            return;
          }
          socket.unshift(bytes);
          serverFor(versions).emit("connection", socket);
        });
    });
  });
}

async function answerHello(hosts: TlsHosts, serverName: string | undefined): Promise<TlsVersions | undefined> {
  if (serverName === undefined || (await hosts.certificates(serverName)) === undefined) return undefined;
  return hosts.versions(serverName);
}

function readHello(socket: Socket, done: (serverName: string | undefined, bytes: Buffer) => void): void {
  let bytes = Buffer.alloc(0);
  socket.setTimeout(patience, () => socket.destroy());
  const read = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    try {
      const hello = readClientHello(bytes);
      if (hello === undefined) return;
      socket.off("data", read);
      socket.pause();
      socket.setTimeout(0);
      done(hello.serverName, bytes);
    } catch {
      socket.destroy();
    }
  };
  socket.on("data", read);
}
