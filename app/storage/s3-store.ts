import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3ServiceException,
  UploadPartCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { BucketAddress } from "../configuration/media.ts";
import { ObjectRefused, type ListedObject, type ObjectFigures, type ObjectStore } from "./object-store.ts";
import { answered, found, s3Client } from "./s3-client.ts";
import { StorageUnavailable } from "./storage.ts";

const patience = { connectMilliseconds: 5_000, answerMilliseconds: 120_000, attempts: 5 };

/** Bytes of a part, and the largest object that goes in one piece. A store takes 10,000 parts, none but the last smaller. */
const partSize = 5 * 1024 * 1024;
const mostParts = 10_000;

const unknownType = "application/octet-stream";
/** What may stand in a header; legacy rows hold other things too. */
const mediaType = /^[\w.+-]+\/[\w.+-]+(;[ -~]*)?$/;
/** Under which name an object's metadata holds its digest, as `sha256:0123…`. */
const digestName = "landfall-digest";
const refusals = ["KeyTooLongError", "KeyTooLong", "InvalidURI", "InvalidArgument", "InvalidObjectName"];

/** A bucket of a storage that speaks S3. Of an object, one part of 5 MB is in memory (or a 10,000th). */
export function s3Store(address: BucketAddress): ObjectStore {
  const client = s3Client(address, patience);
  const place = (key: string) => ({ Bucket: address.bucket, Key: key });
  const writer = { client, place };
  return {
    place: `${address.endpoint}/${address.bucket}`,
    size: async (key) =>
      (await found(() => client.send(new HeadObjectCommand(place(key)))).then((answer) => answer?.ContentLength)) ??
      undefined,
    async holds(key, { size, digest }) {
      const answer = await found(() => client.send(new HeadObjectCommand(place(key))));
      return answer?.ContentLength === size && answer.Metadata?.[digestName] === `${digest.algorithm}:${digest.value}`;
    },
    write: (key, content, of) => (of.size <= partSize ? writePiece : writeParts)(writer, { key, content, of }),
    async read(key) {
      const answer = await found(() => client.send(new GetObjectCommand(place(key))));
      if (answer === undefined) return undefined;
      if (!(answer.Body instanceof Readable)) throw new StorageUnavailable("The object storage sent no body");
      return received(answer.Body);
    },
    list: (prefix = "") => listed(client, address.bucket, prefix),
    async delete(key) {
      await found(() => client.send(new DeleteObjectCommand(place(key))));
    },
    async check() {
      await answered(() => client.send(new HeadBucketCommand({ Bucket: address.bucket })));
    },
    close: () => {
      client.destroy();
    },
  };
}

interface Writer {
  readonly client: S3Client;
  readonly place: (key: string) => { Bucket: string; Key: string };
}

interface Writing {
  readonly key: string;
  readonly content: AsyncIterable<Uint8Array>;
  readonly of: ObjectFigures;
}

async function writePiece({ client, place }: Writer, { key, content, of }: Writing): Promise<void> {
  let body: Buffer = Buffer.alloc(0);
  for await (const part of inParts(content, Math.max(of.size, 1))) {
    if (body.length > 0) throw new ObjectRefused(`"${key}" is longer than its ${of.size.toString()} bytes`);
    body = part;
  }
  await asked(() =>
    client.send(new PutObjectCommand({ ...place(key), ...described(of), Body: body, ContentMD5: checksum(body) })),
  );
}

async function writeParts({ client, place }: Writer, { key, content, of }: Writing): Promise<void> {
  await abandonEarlier({ client, place }, key);
  const begun = await asked(() => client.send(new CreateMultipartUploadCommand({ ...place(key), ...described(of) })));
  const upload = { ...place(key), UploadId: begun.UploadId };
  try {
    const parts: { PartNumber: number; ETag: string | undefined }[] = [];
    for await (const body of inParts(content, Math.max(partSize, Math.ceil(of.size / mostParts)))) {
      const part = { ...upload, PartNumber: parts.length + 1, Body: body, ContentMD5: checksum(body) };
      const answer = await asked(() => client.send(new UploadPartCommand(part)));
      parts.push({ PartNumber: part.PartNumber, ETag: answer.ETag });
    }
    await asked(() =>
      client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts } })),
    );
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}

/** Parts of an upload that was killed are paid for until somebody gives them up. */
async function abandonEarlier({ client, place }: Writer, key: string): Promise<void> {
  const { Bucket } = place(key);
  const answer = await asked(() => client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: key })));
  for (const upload of answer.Uploads ?? []) {
    if (upload.Key !== key) continue;
    await found(() => client.send(new AbortMultipartUploadCommand({ ...place(key), UploadId: upload.UploadId })));
  }
}

/** Parts of a content, each in the same memory as the one before. */
async function* inParts(content: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  const part = Buffer.allocUnsafe(size);
  let filled = 0;
  for await (const chunk of content) {
    for (let start = 0; start < chunk.length;) {
      const taken = Math.min(size - filled, chunk.length - start);
      part.set(chunk.subarray(start, start + taken), filled);
      start += taken;
      filled += taken;
      if (filled < size) continue;
      yield part;
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

function described(of: ObjectFigures) {
  const digest = of.digest();
  return {
    ContentType: mediaType.test(of.contentType ?? "") ? of.contentType : unknownType,
    ...(digest === undefined ? {} : { Metadata: { [digestName]: `${digest.algorithm}:${digest.value}` } }),
  };
}

// MD5, because every such storage checks it; it guards the way there, and nothing else rests on it.
const checksum = (body: Buffer): string => createHash("md5").update(body).digest("base64");

async function* received(body: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* body as AsyncIterable<Buffer>;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StorageUnavailable(`The object storage broke off: ${reason}`, { cause: error });
  }
}

async function* listed(client: S3Client, bucket: string, prefix: string): AsyncGenerator<ListedObject> {
  let next: string | undefined;
  do {
    const page = { Bucket: bucket, Prefix: prefix, EncodingType: "url" as const, ContinuationToken: next };
    const answer = await answered(() => client.send(new ListObjectsV2Command(page)));
    const plain = (key: string): string =>
      answer.EncodingType === "url" ? decodeURIComponent(key.replaceAll("+", " ")) : key;
    for (const { Key: key, Size: size } of answer.Contents ?? []) {
      if (key !== undefined) yield { key: plain(key), size: size ?? 0 };
    }
    next = answer.IsTruncated === true ? answer.NextContinuationToken : undefined;
  } while (next !== undefined);
}

async function asked<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await answered(ask);
  } catch (error) {
    if (error instanceof StorageUnavailable && error.cause instanceof S3ServiceException) {
      if (refusals.includes(error.cause.name)) throw new ObjectRefused(error.message, { cause: error.cause });
    }
    throw error;
  }
}
