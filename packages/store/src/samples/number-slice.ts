import type { NumberQuery, NumberSamples, NumberSlice, SampleShape } from '../reader.ts';
import { chunkHasFlags, chunkIsEven, decodeChunk, type SampleSink } from './codec/decode.ts';
import { chunkBegin, type Run, type RunsBySeries } from './number-runs.ts';

/** What a reader holds unpacked at a time: half a megabyte, which stays in the processor's cache. */
const samplesAtOnce = 32_768;

/** The span of what was read. */
export type SliceSpan = Pick<NumberQuery, 'afterMs' | 'untilMs' | 'withStarts'>;

/**
 * Puts series together from their runs. Most are one run of rows, which is a view without a copy, or chunks one after
 * another, which are unpacked next to each other.
 */
export function sliceOf(runs: RunsBySeries, span: SliceSpan): NumberSlice {
  return {
    *batches() {
      const unpacker = new Unpacker(span);
      let batch: NumberSamples[] = [];
      for (const [seriesId, own] of runs) {
        if (batch.length > 0 && !unpacker.hasRoom(own)) {
          yield batch;
          batch = [];
          unpacker.reset();
        }
        const samples = unpacker.unpack(seriesId, own);
        if (samples.times.length > 0) batch.push(samples);
      }
      if (batch.length > 0) yield batch;
    },
  };
}

/** Unpacks runs into memory that it uses again. */
class Unpacker {
  readonly #span: SliceSpan;
  #sink: SampleSink;
  #used = 0;

  constructor(span: SliceSpan) {
    this.#span = span;
    this.#sink = sinkOf(samplesAtOnce, span.withStarts);
  }

  hasRoom(runs: readonly Run[]): boolean {
    return this.#used + countOf(runs) <= this.#sink.times.length;
  }

  reset(): void {
    this.#used = 0;
  }

  unpack(seriesId: bigint, runs: Run[]): NumberSamples {
    const [first] = runs;
    if (runs.length === 1 && first !== undefined && 'rows' in first)
      return { seriesId, ...cut(first), isAscending: false, shape: unknownShape };
    const count = countOf(runs);
    if (this.#used + count > this.#sink.times.length) this.#sink = sinkOf(count, this.#span.withStarts);
    return { seriesId, ...this.#join(inOrder(runs), count) };
  }

  /** The runs one after another, the earlier first: what is in order stays in order. */
  #join(runs: readonly Run[], count: number): Omit<NumberSamples, 'seriesId'> {
    const from = this.#used;
    const { times, values, flags, starts } = this.#sink;
    const isFlagged = runs.some(hasFlags);
    if (isFlagged) flags.fill(0, from, from + count);
    starts?.fill(0, from, from + count);
    let isAscending = true;
    let distanceMs: number | undefined;
    let neverFalls = true;
    for (const run of runs) {
      const at = this.#used;
      this.#used += 'rows' in run ? copyRows(run, this.#sink, at) : this.#unpackChunk(run);
      // Chunks are in order inside.
      isAscending &&= 'chunks' in run && (at === from || this.#used === at || isLater(times, at));
      if (this.#used === at) continue;
      distanceMs = distanceWith(run, times, { from, at, to: this.#used, distanceMs });
      neverFalls &&= 'chunks' in run && this.#sink.neverFalls && (at === from || !isLess(values, at));
    }
    const to = this.#used;
    return {
      times: times.subarray(from, to),
      values: values.subarray(from, to),
      flags: isFlagged ? flags.subarray(from, to) : noFlags,
      starts: starts?.subarray(from, to),
      isAscending,
      shape: { distanceMs: Number.isNaN(distanceMs) ? undefined : distanceMs, neverFalls },
    };
  }

  /** A chunk at the span's border has samples beyond it. */
  #unpackChunk({ chunks, at }: ChunkRun): number {
    const count = decodeChunk(
      chunks.bytes,
      chunkBegin(chunks, at),
      chunks.ends[at] ?? 0,
      this.#sink,
      this.#used,
    );
    const { afterMs, untilMs } = this.#span;
    if ((chunks.firsts[at] ?? 0) > afterMs && (chunks.lasts[at] ?? 0) <= untilMs) return count;
    return keepWithin(this.#sink, this.#used, count, afterMs, untilMs);
  }
}

type RowRun = Extract<Run, { readonly rows: unknown }>;
type ChunkRun = Extract<Run, { readonly chunks: unknown }>;

const noFlags: Uint8Array = new Uint8Array();

const unknownShape: SampleShape = { distanceMs: undefined, neverFalls: false };

export function sinkOf(count: number, withStarts: boolean): SampleSink {
  const values = new Float64Array(count);
  return {
    times: new Float64Array(count),
    values,
    valueWords: new Uint32Array(values.buffer),
    flags: new Uint8Array(count),
    starts: withStarts ? new Float64Array(count) : undefined,
    neverFalls: false,
  };
}

function countOf(runs: readonly Run[]): number {
  let count = 0;
  for (const run of runs) count += 'rows' in run ? run.to - run.from : (run.chunks.counts[run.at] ?? 0);
  return count;
}

function inOrder(runs: Run[]): readonly Run[] {
  const isInOrder = runs.every((run, index) => index === 0 || run.firstMs >= (runs[index - 1]?.firstMs ?? 0));
  return isInOrder ? runs : runs.toSorted((left, right) => left.firstMs - right.firstMs);
}

function hasFlags(run: Run): boolean {
  if ('rows' in run) return run.rows.flags.length > 0;
  return chunkHasFlags(run.chunks.bytes, chunkBegin(run.chunks, run.at));
}

/** Samples of one series up to `at`, of one distance if they have one, and those up to `to` of a run that come behind them. */
interface Joined {
  readonly from: number;
  readonly at: number;
  readonly to: number;
  readonly distanceMs: number | undefined;
}

/** How far all samples lie apart, those of one more run with them. NaN when not alike or not known, undefined while there is but one of them. */
function distanceWith(
  run: Run,
  times: Float64Array,
  { from, at, to, distanceMs }: Joined,
): number | undefined {
  if ('rows' in run || !isEven(run)) return Number.NaN;
  const own = to - at > 1 ? (times[at + 1] ?? 0) - (times[at] ?? 0) : undefined;
  if (at === from) return own;
  const between = (times[at] ?? 0) - (times[at - 1] ?? 0);
  return (distanceMs ?? between) === between && (own ?? between) === between ? between : Number.NaN;
}

function isEven({ chunks, at }: ChunkRun): boolean {
  return chunkIsEven(chunks.bytes, chunkBegin(chunks, at));
}

function isLess(values: Float64Array, at: number): boolean {
  return (values[at] ?? 0) < (values[at - 1] ?? 0);
}

function isLater(times: Float64Array, at: number): boolean {
  return (times[at] ?? 0) > (times[at - 1] ?? 0);
}

function cut({ rows, from, to }: RowRun): Omit<NumberSamples, 'seriesId' | 'isAscending' | 'shape'> {
  const { times, values, flags, starts } = rows;
  return {
    times: times.subarray(from, to),
    values: values.subarray(from, to),
    flags: flags.length === 0 ? flags : flags.subarray(from, to),
    starts: starts?.subarray(from, to),
  };
}

function copyRows(run: RowRun, sink: SampleSink, at: number): number {
  const { times, values, flags, starts } = cut(run);
  sink.times.set(times, at);
  sink.values.set(values, at);
  if (flags.length > 0) sink.flags.set(flags, at);
  if (starts !== undefined) sink.starts?.set(starts, at);
  return times.length;
}

/** Moves the samples of a span, which are in order of time, to the place where they all begin, and says how many these are. */
function keepWithin(sink: SampleSink, at: number, count: number, afterMs: number, untilMs: number): number {
  const from = firstLater(sink.times, at, at + count, afterMs);
  const to = firstLater(sink.times, from, at + count, untilMs);
  const kept = to - from;
  for (const list of [sink.times, sink.values, sink.flags, sink.starts]) list?.copyWithin(at, from, to);
  // These two are written only where there is something, so what was left behind must not stay.
  sink.flags.fill(0, at + kept, at + count);
  sink.starts?.fill(0, at + kept, at + count);
  return kept;
}

/** The first place from `from` up to `to` whose time is later. */
export function firstLater(times: Float64Array, from: number, to: number, timeMs: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) > timeMs) high = middle;
    else low = middle + 1;
  }
  return low;
}
