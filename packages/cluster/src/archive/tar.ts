const block = 512;

/** A file as it stands in an archive. */
export interface ArchivedFile {
  /** Without the slash at the start. */
  readonly path: string;
  readonly bytes: Buffer;
}

/**
 * The regular files of a tar archive in its order; a link, and what has a path longer than a header holds, is left out. A
 * cut-off archive is read as far as it goes.
 */
export function filesInTar(archive: Buffer): readonly ArchivedFile[] {
  const files: ArchivedFile[] = [];
  for (let at = 0; at + block <= archive.length; ) {
    const header = archive.subarray(at, at + block);
    const size = sizeOf(header);
    const path = pathOf(header);
    const isFile = ['', '0'].includes(text(header, 156, 1));
    if (isFile && path !== '') files.push({ path, bytes: archive.subarray(at + block, at + block + size) });
    at += block + Math.ceil(size / block) * block;
  }
  return files;
}

/** A tar archive (ustar) of files with paths of at most 100 bytes, readable by their owner alone. */
export function tarOf(files: readonly ArchivedFile[], modified: Date): Buffer {
  const parts = files.flatMap(({ path, bytes }) => [
    headerOf(path, bytes.length, modified),
    bytes,
    Buffer.alloc((block - (bytes.length % block)) % block),
  ]);
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

function headerOf(path: string, size: number, modified: Date): Buffer {
  const header = Buffer.alloc(block);
  if (Buffer.byteLength(path) > 100) throw new RangeError(`the path ${path} is too long for a tar header`);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
  header.write(path, 0);
  header.write(`${octal(0o600, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100);
  header.write(`${octal(size, 11)}\0${octal(Math.floor(modified.getTime() / 1_000), 11)}\0`, 124);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148);
  return header;
}

/** Octal digits. What is garbled counts as empty, so that reading always goes on. */
function sizeOf(header: Buffer): number {
  const digits = text(header, 124, 12);
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : 0;
}

/** POSIX ustar: up to 155 bytes of directories stand in a field of their own. */
function pathOf(header: Buffer): string {
  const prefix = text(header, 257, 5) === 'ustar' ? text(header, 345, 155) : '';
  const path = prefix === '' ? text(header, 0, 100) : `${prefix}/${text(header, 0, 100)}`;
  return path.replace(/^(?:\.?\/)+/, '');
}

function text(header: Buffer, start: number, length: number): string {
  const [value = ''] = header.toString('utf8', start, start + length).split('\0');
  return value.trim();
}
