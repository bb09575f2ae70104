import { gzipSync } from 'node:zlib';
import { tarOf } from '@maru/cluster';

/** A layer of an image with one file in it. */
export function layer(path: string, content: Buffer): Buffer {
  return gzipSync(tarOf([{ path, bytes: content }], new Date(0)));
}

/** As much of an ELF file as tells its machine. */
export function elf(machine: number): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.write('\u007fELF\u0002\u0001', 0, 'latin1');
  bytes.writeUInt16LE(machine, 18);
  return bytes;
}
