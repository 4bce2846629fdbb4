import { Readable } from "node:stream";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startObjectStorage, type TestObjectStorage } from "../../test/services/object-storage.ts";
import { digest, keysOf, MediaGround, row } from "../test/media-ground.ts";
import { dirfinalFiles, landFiles, listcutterFiles, TransferChild, unpackMedia } from "../test/media.ts";
import { openStore, type StoreAddress } from "./store-address.ts";

let server: TestObjectStorage;
let ground: MediaGround;

beforeAll(async () => {
  server = await startObjectStorage();
}, 600_000);
afterAll(() => server.close());
beforeEach(async () => {
  ground = await MediaGround.open();
});
afterEach(() => ground.close());

describe.each<[string, () => StoreAddress]>([
  ["a folder", () => ({ kind: "folder", directory: join(ground.folder, "objects") })],
  ["a bucket", () => ({ kind: "bucket", ...server })],
])("into %s", (_name, addressOf) => {
  test("the files of dirfinal land, but for those that are gone, which are named", async () => {
    const files = dirfinalFiles(ground.folder);
    await landFiles(ground.target, "dirfinal", files);
    const store = await openStore(addressOf());
    const report = await ground.transfer({ system: "dirfinal", media: unpackMedia("dirfinal", ground.folder), store });
    expect(report).toMatchObject({
      rows: 150,
      waiting: 0,
      landed: 147,
      missing: 3,
      damaged: 0,
      unreferenced: { files: 0 },
    });
    const gone = report.faults.map(({ legacyId }) => legacyId);
    expect(report.faults.every(({ state, reason }) => state === "missing" && reason === "there is no such file")).toBe(
      true,
    );
    const landed = files.filter(({ legacyId }) => !gone.includes(legacyId));
    expect(await keysOf(store, "dirfinal/")).toEqual(landed.map(({ path }) => `dirfinal/${path ?? ""}`).sort());
    expect(report.moved).toBe(landed.reduce((sum, { size }) => sum + (size ?? 0), 0));
    expect(await ground.verify("dirfinal", store)).toEqual({ checked: 147, bytes: report.bytes, differences: [] });
    store.close();
  });

  test("a transfer that is killed goes on, and ends as an undisturbed one", async () => {
    const files = await listcutterFiles();
    await landFiles(ground.target, "listcutter", files);
    const unpacked = unpackMedia("listcutter", ground.folder);
    const [address, { host, port, user, password, database }] = [addressOf(), ground.target];
    const job = {
      target: { host, port, user, password, database },
      system: "listcutter",
      media: unpacked,
      store: address,
    };
    let settled = 0;
    for (const count of [20, 60, 130]) {
      const child = new TransferChild(job);
      await child.settles(count);
      child.child.kill("SIGKILL");
      await child.exit;
      expect(child.child.signalCode).toBe("SIGKILL");
      expect(child.settled).toBeGreaterThan(settled);
      settled = child.settled;
    }
    const store = await openStore(address);
    const report = await ground.transfer({ system: "listcutter", media: unpacked, store });
    expect(report).toMatchObject({ rows: files.length, waiting: 0, damaged: 0, unreferenced: { files: 0 } });
    expect(report.landed + report.missing).toBe(files.length);
    expect(report.missing).toBeGreaterThan(0);
    expect(report.bytes).toBeGreaterThan(report.moved);
    expect(await keysOf(store, "listcutter/")).toHaveLength(report.landed);
    expect(await ground.verify("listcutter", store)).toEqual({
      checked: report.landed,
      bytes: report.bytes,
      differences: [],
    });
    const again = await ground.transfer({ system: "listcutter", media: unpacked, store });
    expect(again).toEqual({ ...report, moved: 0 });
    store.close();
  });

  test("whole objects that nobody has written down are not sent again", async () => {
    await landFiles(ground.target, "dirfinal", [
      row("1", "a", "first"),
      row("2", "b", "other"),
      row("3", "c", "third"),
    ]);
    const store = await openStore(addressOf());
    await ground.transfer({
      system: "dirfinal",
      media: await ground.media({ a: "first", b: "other", c: "third" }),
      store,
    });
    await ground.withTarget(({ client }) => client.query("DELETE FROM media.transfers"));
    await store.write("dirfinal/b", Readable.from([Buffer.from("0ther")]), { size: 5, digest: () => undefined });
    const report = await ground.transfer({ system: "dirfinal", media: await ground.media({}), store });
    expect(report).toMatchObject({ landed: 3, moved: 5 });
    expect((await ground.verify("dirfinal", store)).differences).toEqual([]);
    store.close();
  });

  test("an object that was changed, cut or removed since is found, and named", async () => {
    await landFiles(ground.target, "dirfinal", [
      row("1", "a", "first"),
      row("2", "b", "other"),
      row("3", "c", "third"),
      row("4", "d", ""),
    ]);
    const store = await openStore(addressOf());
    await ground.transfer({
      system: "dirfinal",
      media: await ground.media({ a: "first", b: "other", c: "third", d: "" }),
      store,
    });
    await store.write("dirfinal/a", Readable.from([Buffer.from("First")]), { size: 5, digest: () => undefined });
    await store.write("dirfinal/b", Readable.from([Buffer.from("oth")]), { size: 3, digest: () => undefined });
    await store.delete("dirfinal/c");
    const { differences } = await ground.verify("dirfinal", store);
    expect(differences.toSorted((one, other) => Number(one.legacyId) - Number(other.legacyId))).toEqual([
      {
        legacyId: "1",
        path: "a",
        key: "dirfinal/a",
        expected: `sha256 ${digest("first")}`,
        found: `sha256 ${digest("First")}`,
      },
      { legacyId: "2", path: "b", key: "dirfinal/b", expected: "5 bytes", found: "3 bytes" },
      { legacyId: "3", path: "c", key: "dirfinal/c", expected: "5 bytes", found: "nothing" },
    ]);
    store.close();
  });
});
