import { connect, type Socket } from "node:net";
import { once } from "node:events";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { putFiles } from "../infra/engine/archive.ts";
import { execute } from "../infra/engine/execute.ts";
import { balancerImage } from "../rehearsal/balancer/image.ts";
import { addressOf, nameOf, places } from "../rehearsal/cloud/cloud.ts";
import { databaseImage } from "../rehearsal/database/image.ts";
import { serverImage } from "../rehearsal/images/build.ts";
import { storageImage } from "../rehearsal/storage/image.ts";
import { openEngine } from "../tools/engine.ts";
import { until } from "./stacks/until.ts";
import { VendorCloud, type Made } from "./stacks/vendor.ts";

/** Answers each line with its name, whose connection it is by the PROXY protocol, and who has connected. */
const program = `
import socket, struct, sys, threading
def serve(c, peer):
    head = c.recv(16)
    if len(head) < 16: return
    rest = c.recv(struct.unpack(">H", head[14:16])[0])
    text = "%s %s %s " % (sys.argv[1], socket.inet_ntoa(rest[:4]), peer[0])
    while True:
        line = c.recv(4096)
        if not line: return
        c.sendall(text.encode() + line)
s = socket.socket(); s.bind(("0.0.0.0", 8080)); s.listen(100)
while True: threading.Thread(target=serve, args=s.accept(), daemon=True).start()
`;

const region = "us-ord";
let vendor: VendorCloud;
let servers: readonly Made[];
let balancer: Made;
let port: Made;

beforeAll(async () => {
  vendor = await VendorCloud.open("vendors-test", "198.18.9", [
    serverImage,
    balancerImage,
    databaseImage,
    storageImage,
  ]);
  const plan = { region, type: "g6-nanode-1", image: "linode/debian13", privateIp: true };
  servers = await Promise.all(["a", "b"].map((name) => vendor.create("Instance", { label: `test-${name}`, ...plan })));
  await Promise.all(servers.map(answerLines));
  balancer = await vendor.create("NodeBalancer", { label: "test", region });
  const check = { check: "connection", checkInterval: 2, checkTimeout: 1, checkAttempts: 2 };
  const inputs = { nodebalancerId: Number(balancer.id), port: 80, protocol: "tcp", proxyProtocol: "v2", ...check };
  port = await vendor.create("NodeBalancerConfig", inputs);
});
afterAll(async () => {
  expect(await vendor.close()).toEqual([]);
});

async function answerLines({ id, outputs }: Made): Promise<void> {
  const container = nameOf(vendor.cloud, `linode-${id}`);
  await putFiles(
    openEngine(),
    { container, folder: "/root" },
    { "lines.py": { content: program, mode: 0o644, owner: 0 } },
  );
  const command = ["sh", "-c", `python3 /root/lines.py ${String(outputs["label"])} > /dev/null 2>&1 &`];
  await execute(openEngine(), { container, command, signal: AbortSignal.timeout(30_000) });
}

function nodeInputs(server: Made, mode: "accept" | "drain"): Record<string, unknown> {
  const ids = { nodebalancerId: Number(balancer.id), configId: Number(port.id) };
  return { ...ids, label: "node", address: `${String(server.outputs["privateIpAddress"])}:8080`, mode };
}

function open(): Socket {
  return connect(80, String(balancer.outputs["ipv4"]));
}

async function say(socket: Socket, line: string): Promise<string> {
  socket.write(line);
  const [answer] = (await once(socket, "data", { signal: AbortSignal.timeout(10_000) })) as [Buffer];
  return answer.toString();
}

async function ask(): Promise<string> {
  const socket = open();
  try {
    return await say(socket, "hello");
  } finally {
    socket.destroy();
  }
}

async function isUp(up: number, down: number): Promise<boolean> {
  const { outputs } = await vendor.read("NodeBalancerConfig", port);
  return JSON.stringify(outputs["nodeStatuses"]) === JSON.stringify([{ up, down }]);
}

/** The element at a place. @throws when there is none */
function at<T>(list: readonly T[], place: number): T {
  const found = list[place];
  if (found === undefined) throw new Error(`there is none at ${String(place)}`);
  return found;
}

test("a NodeBalancer says whose a connection is, drains a node and loses nothing by a change", async () => {
  const nodes = await Promise.all(
    servers.map((server) => vendor.create("NodeBalancerNode", nodeInputs(server, "accept"))),
  );
  await until("both nodes to be up", () => isUp(2, 0));
  const own = addressOf(vendor.cloud, places.operator);
  const answers = [await ask(), await ask()].map((line) => line.split(" ").slice(0, 3).join(" "));
  const source = `192.168.255.${at(String(balancer.outputs["ipv4"]).split("."), 3)}`;
  expect(answers.sort()).toEqual(["test-a", "test-b"].map((name) => `${name} ${own} ${source}`));

  const lasting = open();
  const first = (await say(lasting, "one")).startsWith("test-a") ? 0 : 1;
  await vendor.update("NodeBalancerNode", at(nodes, first), nodeInputs(at(servers, first), "drain"));
  const other = first === 0 ? "test-b" : "test-a";
  for (let asked = 0; asked < 4; asked += 1) expect(await ask()).toContain(other);
  expect(await say(lasting, "two")).toContain("two");
  lasting.destroy();

  let changing = true;
  let failed = 0;
  let asked = 0;
  const load = Array.from({ length: 4 }, async () => {
    while (changing) {
      asked += 1;
      await ask().catch(() => {
        failed += 1;
      });
    }
  });
  try {
    for (const mode of ["accept", "drain", "accept"] as const) {
      await vendor.update("NodeBalancerNode", at(nodes, first), nodeInputs(at(servers, first), mode));
    }
  } finally {
    changing = false;
    await Promise.all(load);
  }
  expect(asked).toBeGreaterThan(10);
  expect(failed).toBe(0);
});

test("the firewall of a node decides whether the NodeBalancer finds it", async () => {
  const wall = { label: "test", inboundPolicy: "DROP", outboundPolicy: "ACCEPT", linodes: [Number(at(servers, 0).id)] };
  const rule = { label: "balancer", action: "ACCEPT", protocol: "TCP", ports: "8080", ipv4s: ["192.168.255.0/24"] };
  const made = await vendor.create("Firewall", wall);
  await until("the node to be down", () => isUp(1, 1));
  await vendor.update("Firewall", made, { ...wall, inbounds: [rule] });
  await until("the node to be up again", () => isUp(2, 0));
});

test("a managed database is open to who is on its list, over TLS, and keeps its data on another plan", async () => {
  const plan = { label: "test", region, type: "g6-nanode-1", engineId: "postgresql/17" };
  const database = await vendor.create("DatabasePostgresqlV2", plan);
  const { outputs } = database;
  const login = (ssl: pg.ClientConfig["ssl"]): pg.ClientConfig => ({
    host: addressOf(vendor.cloud, 208),
    port: Number(outputs["port"]),
    user: String(outputs["rootUsername"]),
    password: String(outputs["rootPassword"]),
    database: "defaultdb",
    connectionTimeoutMillis: 2000,
    ssl: ssl ?? false,
  });
  const ask = async (statement: string, ssl: pg.ClientConfig["ssl"]): Promise<unknown> => {
    const client = new pg.Client(login(ssl));
    try {
      await client.connect();
      return (await client.query<Record<string, unknown>>({ text: statement })).rows[0];
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  const trusted = { ca: String(outputs["caCert"]), servername: String(outputs["hostPrimary"]) };
  await expect(ask("SELECT 1", trusted)).rejects.toThrow("timeout");
  const allowed = { ...plan, allowLists: [`${addressOf(vendor.cloud, places.operator)}/32`] };
  await vendor.update("DatabasePostgresqlV2", database, allowed);
  await ask("CREATE TABLE kept (note text)", trusted);
  await ask("INSERT INTO kept VALUES ('here')", trusted);
  await expect(ask("SELECT 1", false)).rejects.toThrow("no encryption");
  await vendor.update("DatabasePostgresqlV2", database, { ...allowed, type: "g6-dedicated-2" });
  expect(await ask("SELECT note FROM kept", trusted)).toEqual({ note: "here" });
  expect(await ask("SHOW max_connections", trusted)).toEqual({ max_connections: "100" });
});

test("a key opens the bucket that it is for, as far as it may", async () => {
  const bucketName = "landfall-test-media";
  await vendor.create("ObjectStorageBucket", { label: bucketName, region });
  await vendor.create("ObjectStorageBucket", { label: "landfall-test-other", region });
  const keyFor = (permissions: string): Promise<Made> =>
    vendor.create("ObjectStorageKey", { label: permissions, bucketAccesses: [{ bucketName, region, permissions }] });
  const [reader, writer] = [await keyFor("read_only"), await keyFor("read_write")];
  const status = async ({ outputs }: Made, method: string, path: string): Promise<string> => {
    const host = "us-ord-1.linodeobjects.com";
    const user = `${String(outputs["accessKey"])}:${String(outputs["secretKey"])}`;
    const signed = ["--aws-sigv4", `aws:amz:${region}:s3`, "--user", user, "--insecure", "--data-binary", "hello"];
    const to = ["--connect-to", "::127.0.0.1:443", "--request", method, `https://${host}/${path}`];
    const command = ["curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", ...signed, ...to];
    const container = nameOf(vendor.cloud, `storage-${region}`);
    return (await execute(openEngine(), { container, command, signal: AbortSignal.timeout(30_000) })).stdout;
  };
  expect(await status(writer, "PUT", `${bucketName}/a.txt`)).toBe("200");
  expect(await status(reader, "GET", `${bucketName}/a.txt`)).toBe("200");
  expect(await status(reader, "PUT", `${bucketName}/b.txt`)).toBe("403");
  expect(await status(writer, "PUT", "landfall-test-other/a.txt")).toBe("403");
  await vendor.remove("ObjectStorageKey", writer);
  expect(await status(writer, "GET", `${bucketName}/a.txt`)).toBe("403");
});
