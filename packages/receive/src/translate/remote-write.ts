import { Malformed } from '@maru/otlp';
import { readHistogram } from './histogram.ts';
import { bitsOf, doubleOf, type Field, fieldsOf, signedOf, textOf, textPair, varintsOf } from './message.ts';
import type { Sample, WrittenExemplar, WrittenSeries } from './series.ts';

type Labels = WrittenSeries['labels'];

interface Metadata {
  readonly help: string;
  readonly isCounter: boolean;
}

const noMetadata: Metadata = { help: '', isCounter: false };
const counterType = 1n;

/** Reads a `prometheus.WriteRequest` (remote write 1.0). Its metadata is of use for series of the same request only. */
export function readWriteRequest1(message: Uint8Array): readonly WrittenSeries[] {
  const fields = [...fieldsOf(message)];
  const metadata = new Map(
    fields.filter(({ number }) => number === 3).map(({ bytes }) => readMetadata1(bytes)),
  );
  return fields
    .filter(({ number }) => number === 1)
    .map(({ bytes }) => {
      const labels = [...fieldsOf(bytes)]
        .filter(({ number }) => number === 1)
        .map((field) => textPair(field.bytes));
      return readSeries(bytes, labels, metadata.get(familyOf(labels)) ?? noMetadata, {
        sample: 2,
        exemplar: 3,
        histogram: 4,
        exemplarLabels: (exemplar) =>
          [...fieldsOf(exemplar)].filter(({ number }) => number === 1).map((field) => textPair(field.bytes)),
      });
    });
}

function familyOf(labels: Labels): string {
  return labels.find(([name]) => name === '__name__')?.[1] ?? '';
}

function readMetadata1(message: Uint8Array): readonly [string, Metadata] {
  let [name, help, isCounter] = ['', '', false];
  for (const field of fieldsOf(message)) {
    if (field.number === 1) isCounter = field.value === counterType;
    else if (field.number === 2) name = textOf(field);
    else if (field.number === 4) help = textOf(field);
  }
  return [name, { help, isCounter }];
}

/** Reads an `io.prometheus.write.v2.Request` (remote write 2.0), whose texts are a table of symbols. */
export function readWriteRequest2(message: Uint8Array): readonly WrittenSeries[] {
  const fields = [...fieldsOf(message)];
  const symbols = fields.filter(({ number }) => number === 4).map(textOf);
  if (symbols[0] !== '')
    throw new Malformed(0, 'the first symbol of a remote write 2.0 request must be empty');
  return fields.filter(({ number }) => number === 5).map(({ bytes }) => readSeries2(bytes, symbols));
}

function readSeries2(message: Uint8Array, symbols: readonly string[]): WrittenSeries {
  const fields = [...fieldsOf(message)];
  const metadata = fields.find(({ number }) => number === 5);
  return readSeries(message, labelsByReference(fields, symbols), readMetadata2(metadata, symbols), {
    sample: 2,
    histogram: 3,
    exemplar: 4,
    exemplarLabels: (exemplar) => labelsByReference([...fieldsOf(exemplar)], symbols),
  });
}

function labelsByReference(fields: readonly Field[], symbols: readonly string[]): Labels {
  const references = fields.filter(({ number }) => number === 1).flatMap(varintsOf);
  if (references.length % 2 !== 0)
    throw new Malformed(0, 'a label without a value in a remote write 2.0 request');
  return Array.from({ length: references.length / 2 }, (_, index) => [
    symbolAt(symbols, references[index * 2]),
    symbolAt(symbols, references[index * 2 + 1]),
  ]);
}

function symbolAt(symbols: readonly string[], reference: bigint | undefined): string {
  const symbol = symbols[Number(reference)];
  if (symbol === undefined) throw new Malformed(0, `symbol ${reference} where there are ${symbols.length}`);
  return symbol;
}

function readMetadata2(field: Field | undefined, symbols: readonly string[]): Metadata {
  let [help, isCounter] = ['', false];
  for (const { number, value } of fieldsOf(field?.bytes ?? new Uint8Array(0))) {
    if (number === 1) isCounter = value === counterType;
    if (number === 3) help = symbolAt(symbols, value);
  }
  return { help, isCounter };
}

/** Where the parts of a series stand, which differs by version. */
interface Layout {
  readonly sample: number;
  readonly histogram: number;
  readonly exemplar: number;
  readonly exemplarLabels: (message: Uint8Array) => Labels;
}

function readSeries(message: Uint8Array, labels: Labels, metadata: Metadata, layout: Layout): WrittenSeries {
  const parts = (wanted: number): Uint8Array[] =>
    [...fieldsOf(message)].filter(({ number }) => number === wanted).map(({ bytes }) => bytes);
  return {
    ...metadata,
    labels,
    samples: parts(layout.sample).map(readSample),
    histograms: parts(layout.histogram).map(readHistogram),
    exemplars: parts(layout.exemplar).map((bytes) => readExemplar(bytes, layout.exemplarLabels(bytes))),
  };
}

function readSample(message: Uint8Array): Sample {
  let [bits, timeMs, startMs] = [0n, 0n, 0n];
  for (const field of fieldsOf(message)) {
    if (field.number === 1) bits = bitsOf(field);
    else if (field.number === 2) timeMs = signedOf(field);
    else if (field.number === 3) startMs = signedOf(field);
  }
  return { bits, timeMs, startMs };
}

function readExemplar(message: Uint8Array, labels: Labels): WrittenExemplar {
  let [value, timeMs] = [0, 0n];
  for (const field of fieldsOf(message)) {
    if (field.number === 2) value = doubleOf(field);
    else if (field.number === 3) timeMs = signedOf(field);
  }
  return { labels, value, timeMs };
}
