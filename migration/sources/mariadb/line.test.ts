import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { copyLine, hashesOf, rowOf, textsOf } from "./line.ts";

const cell = (name: string, kind: "text" | "bytes") => ({ name, kind, own: "", text: "", stored: "", notNull: false });
const cells = [cell("a", "text"), cell("b", "text"), cell("c", "bytes")];

test("a line is read back as the bytes that it was made of", () => {
  const texts = fc.string({ unit: "binary" }).map((text) => Buffer.from(text.replaceAll("\0", "")));
  const bytes = fc.uint8Array().map((value) => Buffer.from(value));
  const missing = fc.constant(null);
  fc.assert(
    fc.property(fc.oneof(texts, missing), fc.oneof(texts, missing), fc.oneof(bytes, missing), (...row) => {
      expect(rowOf(cells, copyLine(textsOf(cells, row)))).toEqual(row);
    }),
  );
});

test("bytes that PostgreSQL does not take as text stand in ~odd as hex", () => {
  const row = [Buffer.from("a\0b"), Buffer.from("61EDA080", "hex"), Buffer.from([0, 255])];
  expect(textsOf(cells, row)).toEqual(["ab", "a\uFFFD\uFFFD\uFFFD", "00FF", '{"a":"610062","b":"61eda080"}']);
  expect(textsOf(cells, [null, Buffer.from("x"), null])).toEqual([null, "x", null, null]);
});

test("hashes are the halves of the MD5 of the canonical text", () => {
  const digest = createHash("md5").update("a\\p\\\\|\\N").digest("hex");
  const { first, second } = hashesOf(["a|\\", null]);
  expect(first.toString(16)).toBe(digest.slice(0, 15).replace(/^0+/, ""));
  expect(second.toString(16)).toBe(digest.slice(16, 31).replace(/^0+/, ""));
});
