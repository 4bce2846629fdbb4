import { execFileSync } from "node:child_process";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { folderStore } from "@landfall/app/storage/folder-store";
import type { ObjectStore } from "@landfall/app/storage/object-store";
import { StorageUnavailable } from "@landfall/app/storage/storage";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Interrupted } from "../engine/outcome.ts";
import { digest, keysOf, MediaGround, row } from "../test/media-ground.ts";
import { landFiles } from "../test/media.ts";
import type { FileProgress } from "./transfer.ts";

let ground: MediaGround;

beforeEach(async () => {
  ground = await MediaGround.open();
});
afterEach(() => ground.close());

test("paths that lead elsewhere, are nobody's or are not a file's are told, and nothing outside is read", async () => {
  const root = await ground.media({ "kept.txt": "kept", "folder/x": "x" });
  await writeFile(join(ground.folder, "secret"), "secret");
  await symlink(join(ground.folder, "secret"), join(root, "link"));
  await symlink(join(root, "kept.txt"), join(root, "inner"));
  execFileSync("mkfifo", [join(root, "pipe")]);
  const paths = [
    "kept.txt",
    "../secret",
    join(ground.folder, "secret"),
    "folder\\x",
    "link",
    "inner",
    "folder",
    "pipe",
    null,
    "",
    "a".repeat(3000),
  ];
  await landFiles(
    ground.target,
    "dirfinal",
    paths.map((path, index) => row(index.toString(), path)),
  );
  const store = folderStore(join(ground.folder, "objects"));
  const report = await ground.transfer({ system: "dirfinal", media: root, store });
  expect(report.faults.map(({ legacyId, state, reason }) => `${legacyId} ${state}: ${reason}`)).toEqual([
    "1 damaged: the path leads out of its folder",
    "2 damaged: the path is absolute",
    "3 damaged: the path holds a backslash",
    "4 damaged: the path is a link out of the folder",
    "6 damaged: the path is not a file's",
    "7 damaged: the path is not a file's",
    "8 missing: the row names no file",
    "9 missing: the row names no file",
    "10 missing: there is no such file",
  ]);
  expect(await keysOf(store)).toEqual(["dirfinal/inner", "dirfinal/kept.txt"]);
  expect(report.unreferenced).toEqual({ files: 1, paths: ["folder/x"] });
});

test("a file that is another than its row says is damaged, and does not get into the store", async () => {
  const files = {
    size: "four",
    content: "content",
    sha1: "sha1",
    md5: "md5",
    upper: "upper",
    odd: "odd",
    unsaid: "unsaid",
  };
  await landFiles(ground.target, "dirfinal", [
    { legacyId: "1", path: "size", size: 5, digest: digest("four") },
    { legacyId: "2", path: "content", size: 7, digest: digest("contenT") },
    { legacyId: "3", path: "sha1", size: 4, digest: digest("sha1", "sha1"), algorithm: "sha1" },
    { legacyId: "4", path: "md5", size: 3, digest: digest("md5", "md5"), algorithm: "md5" },
    { legacyId: "5", path: "upper", size: 5, digest: ` ${digest("upper").toUpperCase()} ` },
    { legacyId: "6", path: "odd", size: 3, digest: "not a digest" },
    { legacyId: "7", path: "unsaid" },
    { legacyId: "8", path: "unsaid", size: -1 },
  ]);
  const store = folderStore(join(ground.folder, "objects"));
  const report = await ground.transfer({ system: "dirfinal", media: await ground.media(files), store });
  expect(report.faults.map(({ legacyId, reason }) => `${legacyId}: ${reason}`)).toEqual([
    "1: the row says 5 bytes, the file has 4 bytes",
    `2: the row's sha256 is ${digest("contenT")}, the file's ${digest("content")}`,
    "6: the row's digest is not one of sha256",
    "8: the row says -1 bytes, the file has 6 bytes",
  ]);
  expect(await keysOf(store)).toEqual(["md5", "sha1", "unsaid", "upper"].map((name) => `dirfinal/${name}`));
  expect((await ground.verify("dirfinal", store)).differences).toEqual([]);
});

test("what is told on the way adds up: files, bytes, missing and damaged ones", async () => {
  await landFiles(ground.target, "dirfinal", [
    row("1", "a", "first"),
    row("2", "gone", "a hundred"),
    { ...row("3", "b", "other"), size: -7 },
    row("4", "unsaid"),
  ]);
  const told: FileProgress[] = [];
  const store = folderStore(join(ground.folder, "objects"));
  const media = await ground.media({ a: "first", b: "other", unsaid: "12345678" });
  const onProgress = (progress: FileProgress) => told.push(progress);
  await ground.transfer({ system: "dirfinal", media, store, atOnce: 1, onProgress });
  expect(told).toEqual([
    { files: 0, of: 4, bytes: 0, ofBytes: 14, missing: 0, damaged: 0 },
    { files: 1, of: 4, bytes: 5, ofBytes: 14, missing: 0, damaged: 0 },
    { files: 2, of: 4, bytes: 5, ofBytes: 5, missing: 1, damaged: 0 },
    { files: 3, of: 4, bytes: 5, ofBytes: 5, missing: 1, damaged: 1 },
    { files: 4, of: 4, bytes: 13, ofBytes: 13, missing: 1, damaged: 1 },
  ]);
});

test("a missing file that is handed over later lands then, and a damaged one once it is whole", async () => {
  await landFiles(ground.target, "dirfinal", [row("1", "late", "late"), row("2", "whole", "whole")]);
  const store = folderStore(join(ground.folder, "objects"));
  const first = await ground.transfer({ system: "dirfinal", media: await ground.media({ whole: "broken" }), store });
  expect(first).toMatchObject({ landed: 0, missing: 1, damaged: 1 });
  const second = await ground.transfer({
    system: "dirfinal",
    media: await ground.media({ whole: "whole", "media/late": "late" }),
    store,
  });
  expect(second).toMatchObject({ landed: 2, missing: 0, damaged: 0, faults: [], unreferenced: { files: 0 } });
});

test("names are found however their accents are written, below the bucket's name too, and bytes stay bytes", async () => {
  const marked = "\ufeffid;name\r\n1;x\r\n";
  const root = await ground.media({
    "e\u0301.csv": marked,
    "b\u00e9.csv": marked,
    "store/v/1.mp4": "film",
    "store/2.mp4": "two",
  });
  await landFiles(ground.target, "unpuzzle", [
    row("1", "\u00e9.csv", marked),
    row("2", "be\u0301.csv", marked),
    { ...row("3", "./v//1.mp4", "film"), bucket: "store" },
    { ...row("4", "2.mp4", "two"), bucket: "store" },
  ]);
  const store = folderStore(join(ground.folder, "objects"));
  const report = await ground.transfer({ system: "unpuzzle", media: root, store });
  expect(report).toMatchObject({ landed: 4, faults: [], unreferenced: { files: 0 } });
  expect(await keysOf(store)).toEqual(
    ["be\u0301.csv", "store/2.mp4", "store/v/1.mp4", "\u00e9.csv"].map((name) => `unpuzzle/${name}`).sort(),
  );
});

test("a store that fails ends the run with its own words; what had landed stays", async () => {
  await landFiles(
    ground.target,
    "dirfinal",
    Array.from({ length: 20 }, (_, index) => row(index.toString(), `f${index.toString()}`)),
  );
  const root = await ground.media(
    Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index.toString()}`, "x"])),
  );
  const whole = folderStore(join(ground.folder, "objects"));
  let left = 5;
  const failing: ObjectStore = {
    ...whole,
    write: async (key, content, of) => {
      if (left-- <= 0) throw new StorageUnavailable("The disk is full");
      await whole.write(key, content, of);
    },
  };
  await expect(ground.transfer({ system: "dirfinal", media: root, store: failing })).rejects.toThrow(
    "The disk is full",
  );
  const report = await ground.transfer({ system: "dirfinal", media: root, store: whole });
  expect(report.landed).toBe(20);
  // Up to three others were on their way.
  expect(report.moved).toBeGreaterThanOrEqual(15);
  expect(report.moved).toBeLessThanOrEqual(18);
});

test("a transfer that is asked to stop says so, and the next one goes on", async () => {
  await landFiles(
    ground.target,
    "dirfinal",
    Array.from({ length: 50 }, (_, index) => row(index.toString(), `f${index.toString()}`)),
  );
  const root = await ground.media(
    Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`f${index.toString()}`, "x"])),
  );
  const store = folderStore(join(ground.folder, "objects"));
  const stopping = new AbortController();
  const onProgress = ({ files }: { files: number }) => {
    if (files === 10) stopping.abort();
  };
  const stopped = ground.transfer({ system: "dirfinal", media: root, store, signal: stopping.signal, onProgress });
  await expect(stopped).rejects.toThrow(Interrupted);
  const report = await ground.transfer({ system: "dirfinal", media: root, store });
  expect(report.landed).toBe(50);
  expect(report.moved).toBeLessThan(50);
  expect(report.moved).toBeGreaterThan(0);
});

test("a folder that is not there is told before anything is asked of the store", async () => {
  await landFiles(ground.target, "dirfinal", [row("1", "a")]);
  const store = folderStore(join(ground.folder, "objects"));
  const nowhere = ground.transfer({ system: "dirfinal", media: join(ground.folder, "nowhere"), store });
  await expect(nowhere).rejects.toThrow("The folder of the media cannot be read");
  expect(await keysOf(store)).toEqual([]);
});
