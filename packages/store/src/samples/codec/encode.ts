import type { ByteWriter } from './byte-writer.ts';
import { encodeValues } from './encode-values.ts';
import { layoutBits, maxChunkSamples, type SampleArrays, startLayouts } from './layout.ts';

/**
 * Packs samples `from` up to `to` of one series. Every bit of values and flags comes back; times and start times are
 * whole milliseconds. Best with times in order and evenly spaced, right with any.
 *
 * @throws RangeError for no sample, or more than a chunk holds
 */
export function encodeChunk(samples: SampleArrays, from: number, to: number, out: ByteWriter): void {
  const count = to - from;
  if (count < 1 || count > maxChunkSamples)
    throw new RangeError(`a chunk holds 1 to ${maxChunkSamples} samples, not ${count}`);
  const times = samples.times.subarray(from, to);
  const flags = samples.flags.subarray(from, to);
  const starts = samples.starts.subarray(from, to);
  const isUneven = !isEven(times);
  const hasFlags = flags.some((flag) => flag !== 0);
  const head = out.length;
  out.byte(0);
  out.varint(count);
  writeTimes(times, isUneven, out);
  const values = encodeValues(samples.values.subarray(from, to), out);
  if (hasFlags) writeFlags(flags, out);
  const startLayout = writeStarts(starts, times, out);
  out.written[head] =
    (isUneven ? layoutBits.unevenTimes : 0) | values | (hasFlags ? layoutBits.flags : 0) | startLayout;
}

function isEven(times: Float64Array): boolean {
  const step = (times[1] ?? 0) - (times[0] ?? 0);
  for (let index = 2; index < times.length; index += 1) {
    if ((times[index] ?? 0) - (times[index - 1] ?? 0) !== step) return false;
  }
  return true;
}

/** The first time and a distance; where distances differ, how each differs from that one. */
function writeTimes(times: Float64Array, isUneven: boolean, out: ByteWriter): void {
  out.signed(times[0] ?? 0);
  if (times.length === 1) return;
  const usual = isUneven ? usualDistance(times) : (times[1] ?? 0) - (times[0] ?? 0);
  out.signed(usual);
  if (!isUneven) return;
  for (let index = 1; index < times.length; index += 1) {
    out.signed((times[index] ?? 0) - (times[index - 1] ?? 0) - usual);
  }
}

/**
 * The middle of some distances. Of senders whose clock jitters, a distance differs from it by half of what it differs from
 * the one before; and a gap leaves no trace in its neighbours.
 */
function usualDistance(times: Float64Array): number {
  const every = Math.max(1, Math.floor(times.length / 16));
  const distances: number[] = [];
  for (let index = 1; index < times.length; index += every) {
    distances.push((times[index] ?? 0) - (times[index - 1] ?? 0));
  }
  return distances.sort((left, right) => left - right)[distances.length >> 1] ?? 0;
}

/** Pairs of how many samples follow without a flag, and the flag of the next. */
function writeFlags(flags: Uint8Array, out: ByteWriter): void {
  out.varint(flags.reduce((count, flag) => count + (flag === 0 ? 0 : 1), 0));
  let skipped = 0;
  for (const flag of flags) {
    if (flag === 0) skipped += 1;
    else {
      out.varint(skipped);
      out.byte(flag);
      skipped = 0;
    }
  }
}

/** Counters that go on have one start for long; those of deltas begin where the sample before ended. */
function writeStarts(starts: Float64Array, times: Float64Array, out: ByteWriter): number {
  if (starts.every((start) => start === 0)) return startLayouts.none;
  const begin = out.length;
  writeStartRuns(starts, out);
  if (out.length - begin <= starts.length * 2) return startLayouts.runs;
  const runs = out.written.slice(begin);
  out.truncate(begin);
  for (let index = 0; index < starts.length; index += 1) {
    out.signed((starts[index] ?? 0) - (index === 0 ? 0 : (times[index - 1] ?? 0)));
  }
  if (out.length - begin <= runs.length) return startLayouts.afterPrevious;
  out.truncate(begin);
  out.bytes(runs);
  return startLayouts.runs;
}

/** How many samples have it, and the start less the one before it. */
function writeStartRuns(starts: Float64Array, out: ByteWriter): void {
  let previous = 0;
  for (let from = 0; from < starts.length; ) {
    const start = starts[from] ?? 0;
    let to = from + 1;
    while (to < starts.length && starts[to] === start) to += 1;
    out.varint(to - from);
    out.signed(start - previous);
    previous = start;
    from = to;
  }
}
