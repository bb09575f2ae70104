import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { filesInTar } from '../archive/tar.ts';
import { gap } from '../gap.ts';
import { joinSeen, type Seen } from '../seen.ts';
import { bundleHead, readHead } from './head.ts';
import { readText } from './text.ts';

/** How much of a bundle is read; a bundle of 2,000 pods as JSON is about 30 MB. */
export interface BundleLimits {
  readonly files: number;
  readonly bytesPerFile: number;
  readonly bytes: number;
}

const bundleLimits: BundleLimits = { files: 5_000, bytesPerFile: 64 * 2 ** 20, bytes: 256 * 2 ** 20 };

/** One text and the name it is quoted under. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** A file of a bundle, before it is known to be text. */
interface BundledFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/**
 * Reads a directory (recursively), a .tar.gz or .tar archive, or one file as a dump of a cluster. Rejects only when the path
 * cannot be read at all; what is too large or no text becomes a gap.
 */
export async function readBundle(path: string, limits: BundleLimits = bundleLimits): Promise<Seen> {
  const parts: Seen[] = [];
  let left = limits.bytes;
  for await (const { name, bytes } of filesOf(path, limits)) {
    const used = bytes.subarray(0, Math.min(limits.bytesPerFile, left));
    left -= used.length;
    if (used.length < bytes.length) parts.push(tooLarge(name, limits));
    parts.push(readFileOfBundle(name, used));
  }
  return joinSeen(parts);
}

function readFileOfBundle(name: string, bytes: Uint8Array): Seen {
  const text = decoded(bytes);
  if (text === undefined)
    return onlyGap(`${name} is no text and was left out`, `${name}은(는) 텍스트가 아니어서 제외했습니다`);
  return basename(name) === bundleHead ? readHead(text) : readNamedText({ name, text });
}

function tooLarge(name: string, limits: BundleLimits): Seen {
  const limit = `${limits.bytesPerFile / 2 ** 20} MiB`;
  return onlyGap(
    `${name} is larger than the ${limit} that are read of a file; its end was left out`,
    `${name}이(가) 파일당 한도 ${limit}보다 커서 뒷부분은 읽지 않았습니다`,
  );
}

async function* filesOf(path: string, limits: BundleLimits): AsyncGenerator<BundledFile> {
  if ((await stat(path)).isDirectory()) {
    for (const file of await filesBelow(path, limits.files))
      yield { name: relative(path, file), bytes: await readFile(file) };
    return;
  }
  const content = await readFile(path);
  const bytes = content[0] === 0x1f && content[1] === 0x8b ? await unpacked(content, limits) : content;
  if (bytes.toString('latin1', 257, 262) !== 'ustar') yield { name: basename(path), bytes };
  else
    for (const file of filesInTar(bytes).slice(0, limits.files)) yield { name: file.path, bytes: file.bytes };
}

/** A packed file that grows beyond the limit is a mistake or an attack: it is not read. */
function unpacked(content: Buffer, { bytes }: BundleLimits): Promise<Buffer> {
  return promisify(gunzip)(content, { maxOutputLength: bytes });
}

/** Reads one text of any form; the name tells whose log it is (`board-api-7f9.log`, `logs/board-api-7f9/api.log`). */
export function readNamedText({ name, text }: NamedText): Seen {
  return readText(text, { file: name, namespace: '', owner: ownerOf(name), container: '', kind: '' });
}

function onlyGap(en: string, ko: string): Seen {
  return { objects: [], lines: [], gaps: [gap(en, ko)] };
}

async function filesBelow(path: string, limit: number): Promise<readonly string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .slice(0, limit);
}

/** UTF-8, or the UTF-16 that PowerShell's `>` writes; undefined for what is no text. */
function decoded(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes.subarray(0, 8_192).includes(0)) return undefined;
  return new TextDecoder().decode(bytes);
}

/** Words of file names that tell the form or the age of a log, and not whose it is. */
const noOwner =
  /^(?:logs?|describe|events?|pods?|nodes?|previous|prev|current|get|all|output|bundle|dump|paste|stdout|stderr|env)$/i;

function ownerOf(name: string): string {
  const parts = name.replace(/\.(?:log|txt|out|json|ya?ml)$/i, '').split(/[/\\]/);
  const named = parts.map((part) =>
    part.replace(/[._-](?:previous|prev|logs?|describe|describe-pod|pod|events)$/i, ''),
  );
  return named.toReversed().find((part) => part !== '' && !noOwner.test(part)) ?? '';
}
