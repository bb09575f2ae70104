import { concat, varint } from '@maru/otlp';

/** A Snappy block of literals alone: what remote write is sent in, by senders that do not mind the size. */
export function snap(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts = Array.from({ length: Math.ceil(bytes.length / 60) }, (_, index) => {
    const part = bytes.subarray(index * 60, index * 60 + 60);
    return concat(Uint8Array.of((part.length - 1) << 2), part);
  });
  return Uint8Array.from(concat(varint(bytes.length), ...parts));
}
