import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { BucketAddress } from "../configuration/media.ts";
import { StorageUnavailable, type ObjectStorage } from "./storage.ts";

const connectTimeoutMilliseconds = 3_000;
const answerTimeoutMilliseconds = 10_000;
const attempts = 2;

const unknownType = "application/octet-stream";

/** A bucket of any storage that speaks S3. The bucket stands in the path, which every such storage takes. */
export function s3Storage(address: BucketAddress): ObjectStorage {
  const { endpoint, bucket, region, accessKey, secretKey, authority } = address;
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    // Storages other than Amazon's refuse checksums in a trailer: https://github.com/aws/aws-sdk-js-v3/issues/6810
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    maxAttempts: attempts,
    requestHandler: {
      connectionTimeout: connectTimeoutMilliseconds,
      requestTimeout: answerTimeoutMilliseconds,
      throwOnRequestTimeout: true,
      httpsAgent: { keepAlive: true, ...(authority === undefined ? {} : { ca: authority }) },
    },
  });
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

/** The answer, or undefined when there is no such object. A bucket that is not there is a fault. */
async function found<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof S3ServiceException && ["NoSuchKey", "NotFound"].includes(error.name)) return undefined;
    throw unavailable(error);
  }
}

async function answered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    throw unavailable(error);
  }
}

function unavailable(error: unknown): StorageUnavailable {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new StorageUnavailable(`The object storage did not do what it was asked: ${reason}`, { cause: error });
}
