/** What a client says first over TLS, as far as a server is chosen by it. */
export interface ClientHello {
  /** Name that the client wants to reach, lower case; undefined when it does not say. */
  readonly serverName: string | undefined;
}

const handshakeRecord = 22;
const clientHello = 1;
const serverNameExtension = 0;
/** A client hello larger than this is none. */
const greatest = 64 * 1024;

/**
 * Reads the name out of the first bytes of a TLS connection (RFC 8446, 4.1.2 and 5.1; RFC 6066, 3).
 *
 * @returns undefined while more bytes are needed
 * @throws when it is no TLS
 */
export function readClientHello(bytes: Buffer): ClientHello | undefined {
  const message = joinRecords(bytes);
  if (message === undefined) return undefined;
  if (message[0] !== clientHello) throw new Error("The first message is no client hello.");
  // Type and length, version, random.
  let at = 4 + 2 + 32;
  at += 1 + message.readUInt8(at);
  at += 2 + message.readUInt16BE(at);
  at += 1 + message.readUInt8(at);
  if (at + 2 > message.length) return { serverName: undefined };
  const end = at + 2 + message.readUInt16BE(at);
  at += 2;
  while (at + 4 <= end) {
    const type = message.readUInt16BE(at);
    const length = message.readUInt16BE(at + 2);
    // List length, kind of name (0: host), length of the name.
    if (type === serverNameExtension) {
      const size = message.readUInt16BE(at + 4 + 3);
      return { serverName: message.toString("ascii", at + 4 + 5, at + 4 + 5 + size).toLowerCase() };
    }
    at += 4 + length;
  }
  return { serverName: undefined };
}

/** The first handshake message out of the records that carry it; undefined while some of it is missing. */
function joinRecords(bytes: Buffer): Buffer | undefined {
  let message = Buffer.alloc(0);
  for (let at = 0; ;) {
    if (bytes.length > at && bytes[at] !== handshakeRecord) throw new Error("The connection does not speak TLS.");
    if (bytes.length > greatest) throw new Error("The client hello is too large.");
    if (bytes.length < at + 5) return undefined;
    const length = bytes.readUInt16BE(at + 3);
    message = Buffer.concat([message, bytes.subarray(at + 5, at + 5 + length)]);
    if (message.length >= 4 && message.length >= 4 + message.readUIntBE(1, 3)) return message;
    if (bytes.length < at + 5 + length) return undefined;
    at += 5 + length;
  }
}
