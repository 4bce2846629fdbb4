import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { extract, pack } from "tar-stream";
import { expect, test } from "vitest";
import { layerFiles, readManifest, sharedStart, withEmptyFiles } from "./image-layers.ts";

const manifest = JSON.stringify([{ Config: "c.json", Layers: ["base/layer.tar", "own/layer.tar"] }]);

/** An image as an engine saves it, its manifest last. */
function saved(): Readable {
  const archive = pack();
  archive.entry({ name: "base/layer.tar" }, "all of Debian");
  archive.entry({ name: "own/layer.tar" }, "what is its own");
  archive.entry({ name: "manifest.json" }, manifest);
  archive.finalize();
  return Readable.from(archive);
}

async function contents(archive: Readable): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const reader = extract();
  reader.on("entry", (header, content, next) => {
    void text(Readable.from(content)).then((all) => {
      found[header.name] = all;
      next();
    });
  });
  await new Promise((resolve, reject) => {
    reader.on("finish", resolve as () => void);
    reader.on("error", reject);
    archive.pipe(reader);
  });
  return found;
}

test("images share what they have in common from the lowest layer on, and nothing above a difference", () => {
  expect(sharedStart(["a", "b", "c"], ["a", "b", "x", "c"])).toBe(2);
  expect(sharedStart(["a", "b"], ["a", "b", "c"])).toBe(2);
  expect(sharedStart(["a"], ["b", "a"])).toBe(0);
});

test("a layer's file is found by the layer's place in the manifest", () => {
  expect(layerFiles(manifest, ["sha256:1", "sha256:2"], ["sha256:1"])).toEqual(new Set(["base/layer.tar"]));
});

test("the manifest is read from the end of the archive", async () => {
  expect(await readManifest(saved())).toBe(manifest);
});

test("files of layers that are there travel empty, and everything else as it is", async () => {
  expect(await contents(Readable.from(withEmptyFiles(saved(), new Set(["base/layer.tar"]))))).toEqual({
    "base/layer.tar": "",
    "own/layer.tar": "what is its own",
    "manifest.json": manifest,
  });
});
