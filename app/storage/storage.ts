/** An object with its content. */
export interface StoredObject {
  readonly bytes: Uint8Array;
  /** Media type, for example `image/png`. */
  readonly contentType: string;
}

/** What is known of an object without reading it. */
export interface ObjectDetail {
  /** Bytes. */
  readonly size: number;
  readonly contentType: string;
  readonly modifiedAt: Date;
}

/**
 * A store of objects by key, for example `pictures/1099511627777`. Every method throws StorageUnavailable when the store
 * does not answer or does not let us in.
 */
export interface ObjectStorage {
  /** Stores an object; one that has the key already is overwritten. It is there once this resolves. */
  put(key: string, object: StoredObject): Promise<void>;
  /** The object, or undefined where there is none with this key. */
  get(key: string): Promise<StoredObject | undefined>;
  head(key: string): Promise<ObjectDetail | undefined>;
  /** Deletes an object. One that is not there is a success. */
  delete(key: string): Promise<void>;
  /** An address at which whoever has it may read the object for so many seconds, whether or not it is there. */
  link(key: string, seconds: number): Promise<string>;
  /** Resolves when the store answers and lets us in. */
  check(): Promise<void>;
  close(): void;
}

/** The store of objects did not answer, or did not let us in. */
export class StorageUnavailable extends Error {
  override readonly name = "StorageUnavailable";
}
