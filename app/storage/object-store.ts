/** What files are digested by, here and in the legacy systems. */
export const digestAlgorithms = ["sha256", "sha1", "md5"] as const;
export type DigestAlgorithm = (typeof digestAlgorithms)[number];

/** The digest of a content, as lower-case hexadecimal digits. */
export interface ContentDigest {
  readonly algorithm: DigestAlgorithm;
  readonly value: string;
}

/** What is said of an object that is written. */
export interface ObjectFigures {
  /** Bytes, exactly. */
  readonly size: number;
  /** Media type, for example `image/png`; without it the bytes are of no known kind. */
  readonly contentType?: string;
  /** The digest as far as it is known by now: asked before the first byte, and again after the last. */
  digest(): ContentDigest | undefined;
}

export interface ListedObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * A store of objects of any size, which pass through it as streams. Methods throw StorageUnavailable when the store does
 * not do what it was asked, and ObjectRefused where only this object is at fault.
 */
export interface ObjectStore {
  /** Where it is, for people; without secrets. */
  readonly place: string;
  /** Size of an object in bytes, or undefined where there is none with this key. */
  size(key: string): Promise<number | undefined>;
  /** Whether the object is there as described. False also where the store could tell only by handing over all the bytes. */
  holds(key: string, of: { size: number; digest: ContentDigest }): Promise<boolean>;
  /**
   * Writes an object; one that has the key already is replaced. It is there, whole and lasting, once this resolves. When
   * `content` throws, that error comes back and nothing has changed. A chunk is done with before the next is asked for,
   * so that one buffer may serve for all.
   */
  write(key: string, content: AsyncIterable<Uint8Array>, of: ObjectFigures): Promise<void>;
  /** The bytes of an object, or undefined where there is none with this key. */
  read(key: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Every object whose key begins with `prefix`, in no certain order. */
  list(prefix?: string): AsyncIterable<ListedObject>;
  /** Deletes an object. One that is not there is a success. */
  delete(key: string): Promise<void>;
  /** Resolves when the store can be read and written. */
  check(): Promise<void>;
  close(): void;
}

/** The store works, but cannot keep this object, for example because of its key. */
export class ObjectRefused extends Error {
  override readonly name = "ObjectRefused";
}
