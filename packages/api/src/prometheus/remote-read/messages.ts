import {
  concat,
  double,
  doubleField,
  lengthDelimited,
  stringField,
  tag,
  varint,
  varintField,
  wireType,
  zigzagField,
} from '@maru/otlp';
import type { NativeHistogram } from '@maru/promql';
import type { Labels } from '@maru/query-core';
import { crc32c } from './crc32c.ts';
import { xorChunk } from './xor-chunk.ts';

/** A series that was read; arrays of its own. */
export interface ReadSeries {
  readonly labels: Labels;
  readonly times: Float64Array;
  /** The bits of the values, two numbers each: the upper 32 first. A stale marker is a value like any other. */
  readonly bits: Uint32Array;
  /** The samples that are native histograms; `times` has none of theirs. */
  readonly histograms: readonly { readonly timeMs: number; readonly histogram: NativeHistogram }[];
}

/** A `prometheus.ReadResponse`: one list of series for each query. */
export function readResponse(results: readonly (readonly ReadSeries[])[]): Uint8Array {
  return concat(
    ...results.map((series) =>
      lengthDelimited(1, ...series.map((one) => lengthDelimited(1, timeSeries(one)))),
    ),
  );
}

function timeSeries({ labels, times, bits, histograms }: ReadSeries): Uint8Array {
  return Buffer.concat([
    ...labelFields(labels),
    ...Array.from(times, (time, index) =>
      lengthDelimited(2, tag(1, wireType.fixed64), bitsBytes(bits, index), varintField(2, time)),
    ),
    ...histograms.map(({ timeMs, histogram }) => lengthDelimited(4, histogramMessage(histogram, timeMs))),
  ]);
}

function labelFields(labels: Labels): readonly Uint8Array[] {
  return [...labels].map(([name, value]) => lengthDelimited(1, stringField(1, name), stringField(2, value)));
}

function bitsBytes(bits: Uint32Array, index: number): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setUint32(0, bits[2 * index + 1] ?? 0, true);
  bytes.setUint32(4, bits[2 * index] ?? 0, true);
  return new Uint8Array(bytes.buffer);
}

const hints: Readonly<Record<NativeHistogram['resetHint'], number>> = {
  unknown: 0,
  reset: 1,
  notReset: 2,
  gauge: 3,
};

/** Counts as doubles: they need not be whole. */
function histogramMessage(histogram: NativeHistogram, timeMs: number): Uint8Array {
  return concat(
    doubleField(2, histogram.count),
    doubleField(3, histogram.sum),
    zigzagField(4, histogram.schema),
    doubleField(5, histogram.zeroThreshold),
    doubleField(7, histogram.zeroCount),
    ...spans(8, histogram.negative.indexes),
    lengthDelimited(10, ...Array.from(histogram.negative.counts, double)),
    ...spans(11, histogram.positive.indexes),
    lengthDelimited(13, ...Array.from(histogram.positive.counts, double)),
    varintField(14, hints[histogram.resetHint]),
    varintField(15, timeMs),
    lengthDelimited(16, ...Array.from(histogram.customBounds, double)),
  );
}

/** A span a bucket. */
function spans(field: number, indexes: Int32Array): readonly Uint8Array[] {
  return Array.from(indexes, (index, place) => {
    const end = place === 0 ? 0 : (indexes[place - 1] ?? 0) + 1;
    return lengthDelimited(field, zigzagField(1, index - end), varintField(2, 1));
  });
}

/** As many as Prometheus puts into a chunk. */
const samplesPerChunk = 120;
const xorEncoding = 1;

/** One frame of the stream: its length, its checksum, and a `prometheus.ChunkedReadResponse` of one series. */
export function chunkedFrame(series: ReadSeries, queryIndex: number): Uint8Array {
  const message = concat(
    lengthDelimited(1, ...labelFields(series.labels), ...chunks(series)),
    varintField(2, queryIndex),
  );
  const checksum = new DataView(new ArrayBuffer(4));
  checksum.setUint32(0, crc32c(message));
  return concat(lengthPrefix(message.length), new Uint8Array(checksum.buffer), message);
}

function lengthPrefix(length: number): Uint8Array {
  return varint(length);
}

function chunks({ times, bits }: ReadSeries): readonly Uint8Array[] {
  return Array.from({ length: Math.ceil(times.length / samplesPerChunk) }, (_, chunk) => {
    const from = chunk * samplesPerChunk;
    const some = times.subarray(from, from + samplesPerChunk);
    return lengthDelimited(
      2,
      varintField(1, some[0] ?? 0),
      varintField(2, some.at(-1) ?? 0),
      varintField(3, xorEncoding),
      lengthDelimited(4, xorChunk(some, bits.subarray(2 * from, 2 * (from + samplesPerChunk)))),
    );
  });
}
