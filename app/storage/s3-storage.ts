import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { BucketAddress } from "../configuration/media.ts";
import { answered, found, s3Client } from "./s3-client.ts";
import type { ObjectStorage } from "./storage.ts";

const patience = { connectMilliseconds: 3_000, answerMilliseconds: 10_000, attempts: 2 };

const unknownType = "application/octet-stream";

/** A bucket of any storage that speaks S3. The bucket stands in the path, which every such storage takes. */
export function s3Storage(address: BucketAddress): ObjectStorage {
  const { bucket } = address;
  const client = s3Client(address, patience);
  const place = (key: string) => ({ Bucket: bucket, Key: key });
  return {
    async put(key, { bytes, contentType }) {
      const request = { ...place(key), Body: bytes, ContentType: contentType };
      await answered(() => client.send(new PutObjectCommand(request)));
    },
    get: (key) =>
      found(async () => {
        const { Body: body, ContentType: contentType = unknownType } = await client.send(
          new GetObjectCommand(place(key)),
        );
        return { bytes: (await body?.transformToByteArray()) ?? new Uint8Array(), contentType };
      }),
    head: (key) =>
      found(async () => {
        const answer = await client.send(new HeadObjectCommand(place(key)));
        const { ContentLength: size = 0, ContentType: contentType = unknownType } = answer;
        return { size, contentType, modifiedAt: answer.LastModified ?? new Date(0) };
      }),
    async delete(key) {
      await found(() => client.send(new DeleteObjectCommand(place(key))));
    },
    link: (key, seconds) => getSignedUrl(client, new GetObjectCommand(place(key)), { expiresIn: seconds }),
    async check() {
      await answered(() => client.send(new HeadBucketCommand({ Bucket: bucket })));
    },
    close: () => {
      client.destroy();
    },
  };
}
