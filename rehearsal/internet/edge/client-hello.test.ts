import { createServer, type AddressInfo, type Socket } from "node:net";
import { once } from "node:events";
import { connect } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readClientHello } from "./client-hello.ts";

const listener = createServer();

beforeAll(async () => {
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
});

afterAll(() => {
  listener.close();
});

/** What a real client says first. */
async function helloOf(servername: string): Promise<Buffer> {
  const { port } = listener.address() as AddressInfo;
  const accepted = once(listener, "connection") as Promise<[Socket]>;
  const client = connect({ port, host: "127.0.0.1", servername, minVersion: "TLSv1.2" });
  client.on("error", () => undefined);
  const [socket] = await accepted;
  const [bytes] = (await once(socket, "data")) as [Buffer];
  client.destroy();
  socket.destroy();
  return bytes;
}

test("the name that a client wants is read", async () => {
  expect(readClientHello(await helloOf("WWW.Example.com"))).toEqual({ serverName: "www.example.com" });
});

test("a client may leave the name out", async () => {
  expect(readClientHello(await helloOf(""))).toEqual({ serverName: undefined });
});

test("a message that comes in pieces is waited for", async () => {
  const bytes = await helloOf("www.example.com");
  for (const length of [0, 1, 4, 5, 9, 60, bytes.length - 1]) {
    expect(readClientHello(bytes.subarray(0, length))).toBeUndefined();
  }
});

test("a message that is split over records is put together", async () => {
  const bytes = await helloOf("www.example.com");
  const message = bytes.subarray(5);
  const recordOf = (part: Buffer): Buffer => {
    const head = Buffer.from([22, 3, 1, 0, 0]);
    head.writeUInt16BE(part.length, 3);
    return Buffer.concat([head, part]);
  };
  const split = Buffer.concat([recordOf(message.subarray(0, 50)), recordOf(message.subarray(50))]);
  expect(readClientHello(split)).toEqual({ serverName: "www.example.com" });
});

test("what is no TLS is refused", () => {
  expect(() => readClientHello(Buffer.from("GET / HTTP/1.1\r\n"))).toThrow("does not speak TLS");
});
