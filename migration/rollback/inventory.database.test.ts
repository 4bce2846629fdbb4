import { join } from "node:path";
import { Readable } from "node:stream";
import { folderStore } from "@landfall/app/storage/folder-store";
import type { ObjectStore } from "@landfall/app/storage/object-store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keysOf, MediaGround, row } from "../test/media-ground.ts";
import { landFiles } from "../test/media.ts";
import { postgresClient } from "../test/postgres-client.ts";
import { readManifest, type Manifest } from "./manifest.ts";
import { restoreRollbackPoint } from "./restore.ts";
import { take } from "./take.ts";

let ground: MediaGround;
let store: ObjectStore;
let path: string | undefined;

beforeEach(async () => {
  path = process.env["PATH"];
  process.env["PATH"] = `${await postgresClient()}:${path ?? ""}`;
  ground = await MediaGround.open();
  store = folderStore(join(ground.folder, "objects"));
  const files = { kept: "kept", cut: "whole", lost: "lost", turned: "turned" };
  await landFiles(
    ground.target,
    "dirfinal",
    Object.entries(files).map(([name, content], index) => row(index.toString(), name, content)),
  );
  await ground.transfer({ system: "dirfinal", media: await ground.media(files), store });
});
afterEach(async () => {
  process.env["PATH"] = path ?? "";
  await ground.close();
});

const directory = (): string => join(ground.folder, "points");

async function takePoint(): Promise<Manifest> {
  const { manifest } = await take({
    target: ground.target,
    system: "dirfinal",
    directory: directory(),
    phase: "files",
    store,
  });
  return manifest;
}

const put = (key: string, content: string) =>
  store.write(key, Readable.from([Buffer.from(content)]), { size: content.length, digest: () => undefined });

async function disturb(): Promise<void> {
  await put("dirfinal/cut", "wh");
  await put("dirfinal/turned", "denrut");
  await put("dirfinal/late", "late");
  await put("files/1", "born here");
  await store.delete("dirfinal/lost");
}

const restore = (name: string, of: { readBack?: boolean; remove?: string[] }) =>
  restoreRollbackPoint({ target: ground.target, directory: directory(), name, store, ...of });

test("objects that came, went and changed since a rollback point are listed, and stay", async () => {
  const point = await takePoint();
  expect((await readManifest(directory(), point.name)).objects).toMatchObject({ count: 4, place: store.place });
  await disturb();
  const sizes = await restore(point.name, {});
  expect(sizes).toMatchObject({
    objects: { later: ["dirfinal/late", "files/1"], missing: ["dirfinal/lost"], changed: ["dirfinal/cut"] },
    removed: [],
  });
  const contents = await restore(point.name, { readBack: true });
  expect(contents.objects?.changed.toSorted()).toEqual(["dirfinal/cut", "dirfinal/turned"]);
  expect(await keysOf(store)).toEqual(["dirfinal/cut", "dirfinal/kept", "dirfinal/late", "dirfinal/turned", "files/1"]);
});

test("only what came later and is asked for by name is deleted", async () => {
  const point = await takePoint();
  await disturb();
  const report = await restore(point.name, { remove: ["dirfinal/late", "dirfinal/kept", "nowhere"] });
  expect(report.removed).toEqual(["dirfinal/late"]);
  expect(await keysOf(store)).toEqual(["dirfinal/cut", "dirfinal/kept", "dirfinal/turned", "files/1"]);
});

test("a restore brings back what was known of the files, so that what is missing lands again", async () => {
  const point = await takePoint();
  await ground.withTarget(({ client }) => client.query("DELETE FROM media.files"));
  await restore(point.name, {});
  expect(await ground.verify("dirfinal", store)).toMatchObject({ checked: 4, differences: [] });
});
