const block = 512;

/** A file as it stands in an archive. */
export interface ArchivedFile {
  /** Without the slash at the start. */
  readonly path: string;
  readonly bytes: Buffer;
}

/**
 * The first regular file in a tar archive whose path is one of `paths` (without the slash at the start).
 * Undefined when it is not there, is a link, or has a path longer than a header holds. A cut-off archive is read as far
 * as it goes.
 */
export function fileInTar(archive: Buffer, paths: ReadonlySet<string>): ArchivedFile | undefined {
  for (let at = 0; at + block <= archive.length; ) {
    const header = archive.subarray(at, at + block);
    const size = sizeOf(header);
    const isFile = ['', '0'].includes(text(header, 156, 1));
    const path = pathOf(header);
    if (isFile && paths.has(path)) return { path, bytes: archive.subarray(at + block, at + block + size) };
    at += block + Math.ceil(size / block) * block;
  }
  return undefined;
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
