import type { Columns, NumberQuery } from '../reader.ts';
import { floatColumn, smallColumn, uintColumn } from './typed-columns.ts';

/** Rows of `number_points`, as arrays. */
export interface Rows {
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** Empty when no sample has a flag. */
  readonly flags: Uint8Array;
  readonly starts: Float64Array | undefined;
}

/** Chunks, as arrays; the bytes of chunk i end at `ends[i]` and begin where those of the one before end. */
export interface Chunks {
  readonly firsts: Float64Array;
  readonly lasts: Float64Array;
  readonly counts: ArrayLike<number>;
  readonly ends: Float64Array;
  readonly bytes: Uint8Array;
}

/** Neighbouring rows of one series in one block, or one chunk. */
export type Run =
  | { readonly rows: Rows; readonly from: number; readonly to: number; readonly firstMs: number }
  | { readonly chunks: Chunks; readonly at: number; readonly firstMs: number };

/** The runs of each series, in the order in which they were found. */
export type RunsBySeries = Map<bigint, Run[]>;

/** Adds rows of the columns of `rowsQuery`. */
export function addRows(runs: RunsBySeries, block: Columns, withStarts: boolean): void {
  if (block.rowCount === 0) return;
  const rows = rowsOf(block, withStarts);
  eachSeries(uintColumn(block, 'series_id'), (seriesId, from, to) =>
    runsOf(runs, seriesId).push({ rows, from, to, firstMs: rows.times[from] ?? 0 }),
  );
}

/** The time that samples are wanted of. */
export type TimeSpan = Pick<NumberQuery, 'afterMs' | 'untilMs'>;

/** Adds the chunks of a span out of the columns of `chunksQuery`, which hold those of its whole hours. */
export function addChunks(runs: RunsBySeries, block: Columns, span: TimeSpan): void {
  if (block.rowCount === 0) return;
  const chunks = block.made(chunksOf);
  eachSeries(uintColumn(block, 'series_id'), (seriesId, from, to) => {
    let known: Run[] | undefined;
    for (let at = from; at < to; at += 1) {
      if (!reachesInto(chunks, at, span)) continue;
      known ??= runsOf(runs, seriesId);
      known.push({ chunks, at, firstMs: chunks.firsts[at] ?? 0 });
    }
  });
}

/** How many of a block's packed samples lie in a span, if those of each chunk are evenly spread. */
export function samplesWithin(block: Columns, span: TimeSpan): number {
  if (block.rowCount === 0) return 0;
  const chunks = block.made(chunksOf);
  const { firsts, lasts, counts } = chunks;
  const { afterMs, untilMs } = span;
  let sum = 0;
  for (let at = 0; at < firsts.length; at += 1) {
    if (!reachesInto(chunks, at, span)) continue;
    const [first, last, count] = [firsts[at] ?? 0, lasts[at] ?? 0, counts[at] ?? 0];
    const within = Math.min(last, untilMs) - Math.max(first, afterMs);
    sum += last > first ? Math.min(count, Math.ceil((count * within) / (last - first))) : count;
  }
  return sum;
}

function reachesInto({ firsts, lasts }: Chunks, at: number, { afterMs, untilMs }: TimeSpan): boolean {
  return (lasts[at] ?? 0) > afterMs && (firsts[at] ?? 0) <= untilMs;
}

function runsOf(runs: RunsBySeries, seriesId: bigint): Run[] {
  const known = runs.get(seriesId);
  if (known !== undefined) return known;
  const made: Run[] = [];
  runs.set(seriesId, made);
  return made;
}

function rowsOf(block: Columns, withStarts: boolean): Rows {
  const flags = smallColumn(block.column('flags'));
  return {
    times: floatColumn(block, 'times'),
    values: floatColumn(block, 'values'),
    flags: flags.some((flag) => flag !== 0) ? Uint8Array.from(flags) : noFlags,
    starts: withStarts ? floatColumn(block, 'starts') : undefined,
  };
}

const noFlags: Uint8Array = new Uint8Array();

/** The columns of `chunksQuery`. */
export function chunksOf(block: Columns): Chunks {
  const samples = block.column('samples');
  if (samples.kind !== 'array') throw new TypeError(`expected samples to be arrays, got ${samples.kind}`);
  const bytes = smallColumn(samples.items);
  if (!(bytes instanceof Uint8Array)) throw new TypeError('expected samples to be bytes');
  return {
    firsts: floatColumn(block, 'firsts'),
    lasts: floatColumn(block, 'lasts'),
    counts: smallColumn(block.column('sample_count')),
    ends: numbersOf(samples.offsets),
    bytes,
  };
}

/** Offsets as numbers, by their halves: to read a `bigint` makes an object, and each chunk's are read several times. */
function numbersOf(offsets: BigUint64Array): Float64Array {
  const halves = new Uint32Array(offsets.buffer, offsets.byteOffset, offsets.length * 2);
  const numbers = new Float64Array(offsets.length);
  for (let at = 0; at < numbers.length; at += 1)
    numbers[at] = (halves[at * 2] ?? 0) + (halves[at * 2 + 1] ?? 0) * 2 ** 32;
  return numbers;
}

/** Where a chunk's bytes begin. */
export function chunkBegin({ ends }: Chunks, at: number): number {
  return at === 0 ? 0 : (ends[at - 1] ?? 0);
}

/** Calls `use` for each run of neighbouring rows of one series. */
function eachSeries(ids: BigUint64Array, use: (seriesId: bigint, from: number, to: number) => void): void {
  const halves = new Uint32Array(ids.buffer, ids.byteOffset, ids.length * 2);
  for (let from = 0; from < ids.length; ) {
    const to = endOfRun(halves, from);
    use(ids[from] ?? 0n, from, to);
    from = to;
  }
}

/** Ids are compared as halves, which are numbers: a `bigint` a row would be an object a row. */
function endOfRun(halves: Uint32Array, from: number): number {
  const [low, high] = [halves[from * 2], halves[from * 2 + 1]];
  let at = from * 2 + 2;
  while (at < halves.length && halves[at] === low && halves[at + 1] === high) at += 2;
  return at / 2;
}
