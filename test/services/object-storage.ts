import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { createAuthority, issueCertificate } from "../../infra/certificates/authority.ts";
import { gatewayProgram, objectStorageGateway } from "../../rehearsal/storage/gateway.ts";
import { prepareGround } from "../../tools/ground.ts";

/** A storage that speaks S3, with one bucket, over TLS on the loopback interface. */
export interface TestObjectStorage {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** The root of its certificate, PEM. */
  readonly authority: string;
  /** Ends it; what it holds stays. */
  stop(): Promise<void>;
  /** Starts it anew where it was. */
  start(): Promise<void>;
  /** Ends it and removes what it holds. */
  close(): Promise<void>;
}

/** How long it may take until it answers, in milliseconds. */
const limit = 30_000;

/** Starts Versity's S3 gateway on a folder of its own; builds it first where that was never done. */
export async function startObjectStorage(): Promise<TestObjectStorage> {
  await prepareGround([objectStorageGateway()]);
  const folder = mkdtempSync(join(tmpdir(), "object-storage-"));
  for (const name of ["data", "versions"]) mkdirSync(join(folder, name));
  const root = await createAuthority({ commonName: "Object storage of tests", validityDays: 1 });
  const request = { commonName: "storage", dnsNames: ["localhost"], ipAddresses: ["127.0.0.1"], validityDays: 1 };
  const { certificate, privateKey } = await issueCertificate(root, request);
  writeFileSync(join(folder, "server.crt"), certificate);
  writeFileSync(join(folder, "server.key"), privateKey, { mode: 0o600 });
  const port = String(await freePort());
  const address = {
    endpoint: `https://localhost:${port}`,
    bucket: "media",
    region: "eu-central",
    accessKey: "key-of-tests",
    secretKey: "secret-of-tests",
    authority: root.certificate,
  };
  const credentials = { ROOT_ACCESS_KEY_ID: address.accessKey, ROOT_SECRET_ACCESS_KEY: address.secretKey };
  const tls = ["--cert", join(folder, "server.crt"), "--key", join(folder, "server.key")];
  const backend = ["posix", "--versioning-dir", join(folder, "versions"), join(folder, "data")];
  let running: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    if (running === undefined) return;
    const ended = once(running, "exit");
    running.kill();
    await ended;
    running = undefined;
  };
  const start = async (): Promise<void> => {
    const args = ["--port", `127.0.0.1:${port}`, "--region", address.region, ...tls, ...backend];
    const child = spawn(gatewayProgram, args, { env: { ...credentials }, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data.toString()));
    running = child;
    await untilAnswers(port, child, () => output);
  };
  await start();
  await makeBucket(address);
  return {
    ...address,
    stop,
    start,
    async close() {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
}

async function makeBucket(address: Omit<TestObjectStorage, "stop" | "start" | "close">): Promise<void> {
  const client = new S3Client({
    endpoint: address.endpoint,
    region: address.region,
    forcePathStyle: true,
    credentials: { accessKeyId: address.accessKey, secretAccessKey: address.secretKey },
    requestHandler: { httpsAgent: { ca: address.authority } },
  });
  await client.send(new CreateBucketCommand({ Bucket: address.bucket }));
  client.destroy();
}

async function untilAnswers(port: string, child: ChildProcess, output: () => string): Promise<void> {
  const deadline = performance.now() + limit;
  for (;;) {
    const socket = connect(Number(port), "127.0.0.1");
    try {
      await once(socket, "connect");
      return;
    } catch {
      if (child.exitCode !== null || performance.now() > deadline) {
        throw new Error(
          `The object storage for the tests does not get ready on port ${port}:\n${output().slice(-2000)}`,
        );
      }
      await pause(50);
    } finally {
      socket.destroy();
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
