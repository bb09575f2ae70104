import { type FileHandle, open } from 'node:fs/promises';

/** Kept while nothing is read: a trickle's segments fit, and it costs an idle process nothing to speak of. */
const keptBytes = 1024 * 1024;

/**
 * Memory that one segment after the other is read into. A new buffer for each made Node collect all garbage each time
 * (external memory counts): 12 ms a segment of 16 MiB on the main thread, and as much again beside it.
 */
export class SegmentBuffer {
  #memory: Buffer = Buffer.alloc(0);

  /** The file's bytes, in memory that the next read takes over. */
  async read(path: string): Promise<Uint8Array> {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (this.#memory.length < size) this.#memory = Buffer.allocUnsafeSlow(size);
      return await readWhole(file, this.#memory.subarray(0, size));
    } finally {
      await file.close();
    }
  }

  /** Gives large memory back: to be called when no segment waits. Takes what was read along. */
  rest(): void {
    if (this.#memory.length > keptBytes) this.#memory = Buffer.alloc(0);
  }
}

/** A read may give less than was asked for. */
async function readWhole(file: FileHandle, bytes: Uint8Array): Promise<Uint8Array> {
  let position = 0;
  while (position < bytes.length) {
    const { bytesRead } = await file.read(bytes, position, bytes.length - position, position);
    if (bytesRead === 0) break;
    position += bytesRead;
  }
  return bytes.subarray(0, position);
}
