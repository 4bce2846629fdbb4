import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { openRedis, RedisTimeout, type Redis } from "./redis.ts";

const sockets = new Set<Socket>();
let server: Server | undefined;
let redis: Redis | undefined;

afterEach(() => {
  redis?.close();
  for (const socket of sockets) socket.destroy();
  server?.close();
});

test("without a connection a command fails at once", async () => {
  redis = openRedis({ host: "127.0.0.1", port: 1, password: "password", database: 0, tls: false }, () => undefined);
  await expect(redis.ask((client) => client.ping())).rejects.toThrow("offline");
});

test("a server that answers no more is given up, and asked again on a new connection", async () => {
  let connections = 0;
  const again = Promise.withResolvers<number>();
  const ready = Promise.withResolvers<true>();
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    connections += 1;
    if (connections === 2) again.resolve(connections);
    // Answers the greeting (AUTH, CLIENT SETINFO) and nothing else.
    socket.on("data", (data) => {
      const commands = data.toString().match(/^\*\d+\r\n/gm) ?? [];
      if (/AUTH|CLIENT|HELLO/.test(data.toString())) socket.write("+OK\r\n".repeat(commands.length));
      ready.resolve(true);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  redis = openRedis({ host: "127.0.0.1", port, password: "password", database: 0, tls: false }, () => undefined);
  await ready.promise;
  await expect
    .poll(async () => redis?.ask((client) => client.ping(), 50).catch((error: unknown) => error))
    .toBeInstanceOf(RedisTimeout);
  expect(await again.promise).toBe(2);
});
