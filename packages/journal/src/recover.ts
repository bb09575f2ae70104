import { open, readFile, rename, truncate, unlink } from 'node:fs/promises';
import { syncDirectory, syncFile } from './durable.ts';
import { recordFacts } from './record.ts';
import { isTornTail, type Scan, scanSegment } from './scan.ts';
import { listFiles, type SegmentFile, segmentPath } from './segment.ts';

/** A sealed segment that waits to be loaded. */
export interface WaitingSegment {
  readonly number: number;
  readonly bytes: number;
  readonly items: number;
}

/** What a recovery found and did. */
export interface Recovery {
  /** What had to be repaired, each as one sentence for the log. */
  readonly messages: readonly string[];
  readonly segments: readonly WaitingSegment[];
  /** Segments of which sound records were saved: offsets in them are no longer what they were. */
  readonly rewritten: readonly number[];
  /** Number of the next segment to write. */
  readonly next: number;
}

/** A segment after its inspection: sealed when it holds anything. */
interface Inspected {
  readonly message?: string;
  readonly segment?: WaitingSegment;
  readonly rewritten?: number;
}

/**
 * Puts a directory in order after a crash: an open segment becomes a sealed one, without the write that the crash
 * cut off. Damage never stops the start: sound records go to a clean segment and the original is set aside.
 */
export async function recover(directory: string): Promise<Recovery> {
  const files = await listFiles(directory);
  for (const file of files.filter(({ kind }) => kind === 'clean')) await finishRepair(directory, file, files);
  const inspected: Inspected[] = [];
  for (const file of await listFiles(directory)) {
    if (file.kind === 'open' || file.kind === 'segment') inspected.push(await inspect(directory, file));
  }
  await syncDirectory(directory);
  return {
    messages: inspected.flatMap(({ message }) => (message === undefined ? [] : [message])),
    segments: inspected.flatMap(({ segment }) => (segment === undefined ? [] : [segment])),
    rewritten: inspected.flatMap(({ rewritten }) => (rewritten === undefined ? [] : [rewritten])),
    next: await nextNumber(directory),
  };
}

/** An empty open segment is written on; else the highest number that was ever used decides. */
async function nextNumber(directory: string): Promise<number> {
  const last = (await listFiles(directory)).at(-1);
  if (last === undefined) return 1;
  return last.kind === 'open' ? last.number : last.number + 1;
}

/** A crash within `rewrite` left the clean copy: it counts only when the original was already set aside. */
async function finishRepair(
  directory: string,
  file: SegmentFile,
  files: readonly SegmentFile[],
): Promise<void> {
  const unfinished = files.some(
    ({ number, kind }) => number === file.number && (kind === 'open' || kind === 'segment'),
  );
  if (unfinished) await unlink(file.path);
  else await rename(file.path, segmentPath(directory, file.number));
}

async function inspect(directory: string, file: SegmentFile): Promise<Inspected> {
  const bytes = await readFile(file.path);
  const scan = scanSegment(bytes);
  if (bytes.length === 0) return emptySegment(file);
  if (scan.damage.length === 0) return sealSound(directory, file, bytes, scan);
  if (file.kind === 'open' && isTornTail(scan)) return cutTail(directory, file, bytes, scan);
  return rewrite(directory, file, bytes, scan);
}

async function emptySegment(file: SegmentFile): Promise<Inspected> {
  if (file.kind === 'segment') await unlink(file.path);
  return {};
}

async function sealSound(
  directory: string,
  file: SegmentFile,
  bytes: Uint8Array,
  scan: Scan,
): Promise<Inspected> {
  if (file.kind === 'open') {
    await syncFile(file.path);
    await rename(file.path, segmentPath(directory, file.number));
  }
  return { segment: waitingSegment(file.number, bytes, scan) };
}

/** Nobody was told that a cut-off write succeeded, so nothing is lost with it. */
async function cutTail(
  directory: string,
  file: SegmentFile,
  bytes: Uint8Array,
  scan: Scan,
): Promise<Inspected> {
  const end = scan.records.at(-1)?.end ?? 0;
  await truncate(file.path, end);
  const message =
    `cut ${bytes.length - end} bytes that were never acknowledged from the end of ${file.path} ` +
    `(at byte ${end}): a write was cut off by a crash`;
  return end === 0 ? { message } : { message, ...(await sealSound(directory, file, bytes, scan)) };
}

async function rewrite(
  directory: string,
  file: SegmentFile,
  bytes: Uint8Array,
  scan: Scan,
): Promise<Inspected> {
  const clean = segmentPath(directory, file.number, 'clean');
  const bad = segmentPath(directory, file.number, 'bad');
  await writeDurably(
    clean,
    scan.records.map(({ start, end }) => bytes.subarray(start, end)),
  );
  await rename(file.path, bad);
  if (scan.records.length > 0) await rename(clean, segmentPath(directory, file.number));
  else await unlink(clean);
  const lost = scan.damage.reduce((sum, { start, end }) => sum + end - start, 0);
  const message =
    `${lost} bytes of ${file.path} are damaged (at byte ${scan.damage.map(({ start }) => start).join(', ')}): ` +
    `${scan.records.length} sound requests were saved, and the original is kept as ${bad} for inspection`;
  return scan.records.length === 0
    ? { message }
    : { message, segment: waitingSegment(file.number, bytes, scan), rewritten: file.number };
}

function waitingSegment(number: number, bytes: Uint8Array, { records }: Scan): WaitingSegment {
  return {
    number,
    bytes: records.reduce((sum, { start, end }) => sum + end - start, 0),
    items: records.reduce((sum, record) => sum + recordFacts(bytes, record).account.items, 0),
  };
}

async function writeDurably(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const handle = await open(path, 'w');
  try {
    for (const part of parts) await handle.writeFile(part);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
