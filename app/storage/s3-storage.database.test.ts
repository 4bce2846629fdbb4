import { afterAll, beforeAll, expect, test } from "vitest";
import { startObjectStorage, type TestObjectStorage } from "../../test/services/object-storage.ts";
import { s3Storage } from "./s3-storage.ts";
import { StorageUnavailable, type ObjectStorage } from "./storage.ts";

let server: TestObjectStorage;
let storage: ObjectStorage;

beforeAll(async () => {
  server = await startObjectStorage();
  storage = s3Storage(server);
}, 600_000);

afterAll(async () => {
  storage.close();
  await server.close();
});

const text = (content: string) => ({ bytes: Buffer.from(content), contentType: "text/plain; charset=utf-8" });

test("what was put is got back as it was, and its detail without it", async () => {
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
  await storage.put("pictures/ü & ?#/1.png", { bytes, contentType: "image/png" });
  const got = await storage.get("pictures/ü & ?#/1.png");
  expect(got?.contentType).toBe("image/png");
  expect(Buffer.compare(Buffer.from(got?.bytes ?? []), bytes)).toBe(0);
  const detail = await storage.head("pictures/ü & ?#/1.png");
  expect(detail).toMatchObject({ size: 300_000, contentType: "image/png" });
  expect(Math.abs(Date.now() - Number(detail?.modifiedAt))).toBeLessThan(60_000);
});

test("a key that is there already is overwritten, and an empty object is one", async () => {
  await storage.put("one", text("first"));
  await storage.put("one", text(""));
  expect(await storage.head("one")).toMatchObject({ size: 0 });
  expect((await storage.get("one"))?.bytes).toHaveLength(0);
});

test("what is not there is undefined, and deleting it is a success", async () => {
  await storage.put("gone", text("x"));
  await storage.delete("gone");
  await storage.delete("gone");
  expect([await storage.get("gone"), await storage.head("gone")]).toEqual([undefined, undefined]);
});

test("a link opens one object for whoever has it, and nothing else", async () => {
  await storage.put("linked", text("for you"));
  const ask = async (address: string) => {
    const { get } = await import("node:https");
    return new Promise<{ status: number; body: string }>((resolve, reject) => {
      get(address, { ca: server.authority }, (answer) => {
        let body = "";
        answer.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
        answer.on("end", () => {
          resolve({ status: answer.statusCode ?? 0, body });
        });
      }).on("error", reject);
    });
  };
  const link = await storage.link("linked", 60);
  expect(await ask(link)).toEqual({ status: 200, body: "for you" });
  expect((await ask(link.replace("/linked", "/one"))).status).toBe(403);
  expect((await ask(new URL(link).origin + new URL(link).pathname)).status).toBe(403);
});

test("a wrong key, a bucket that is not there and an unknown root are faults, not missing objects", async () => {
  for (const wrong of [{ secretKey: "wrong" }, { bucket: "nowhere" }]) {
    const other = s3Storage({ ...server, ...wrong });
    await expect(other.get("one")).rejects.toThrow(StorageUnavailable);
    await expect(other.check()).rejects.toThrow(StorageUnavailable);
    other.close();
  }
  const { authority: _authority, ...untrusting } = server;
  await expect(s3Storage(untrusting).check()).rejects.toThrow(/unable to verify|self-signed|UNABLE/i);
});

test("a storage that is away fails its check, and passes it once it is back", async () => {
  await storage.check();
  await server.stop();
  await expect(storage.check()).rejects.toThrow("The object storage did not do what it was asked");
  await server.start();
  await storage.check();
});
