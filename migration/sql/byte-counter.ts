import { Transform, type TransformCallback } from "node:stream";

/** Counts the bytes that pass. */
export class ByteCounter extends Transform {
  bytes = 0;

  override _transform(data: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += data.length;
    done(null, data);
  }
}
