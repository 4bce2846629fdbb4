import { S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import type { BucketAddress } from "../configuration/media.ts";
import { StorageUnavailable } from "./storage.ts";

/** How long a client waits, and how often it tries. */
export interface Patience {
  readonly connectMilliseconds: number;
  readonly answerMilliseconds: number;
  readonly attempts: number;
}

/** A client of any storage that speaks S3. The bucket stands in the path, which every such storage takes. */
export function s3Client(address: BucketAddress, patience: Patience): S3Client {
  const { endpoint, region, accessKey, secretKey, authority } = address;
  return new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    // Storages other than Amazon's refuse checksums in a trailer: https://github.com/aws/aws-sdk-js-v3/issues/6810
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    // A request that waits for leave to send its body goes out by an agent of the SDK's own, which knows no authority of ours.
    expectContinueHeader: false,
    maxAttempts: patience.attempts,
    requestHandler: {
      connectionTimeout: patience.connectMilliseconds,
      requestTimeout: patience.answerMilliseconds,
      throwOnRequestTimeout: true,
      httpsAgent: { keepAlive: true, ...(authority === undefined ? {} : { ca: authority }) },
    },
  });
}

/** The answer, or undefined when there is no such object. A bucket that is not there is a fault. */
export async function found<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof S3ServiceException && ["NoSuchKey", "NotFound"].includes(error.name)) return undefined;
    throw unavailable(error);
  }
}

/** The answer; whatever goes wrong is a StorageUnavailable. */
export async function answered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
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
