import {
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
import type { LabelPair } from '@maru/otlp/prometheus';
import type {
  Bucket,
  MetricType,
  SeriesMetadata,
  WriteExemplar,
  WriteHistogram,
  WriteSample,
  WriteSeries,
} from './series.ts';

/** Numbers of the types, the same in both versions. */
const types: Readonly<Record<MetricType, number>> = {
  unknown: 0,
  counter: 1,
  gauge: 2,
  histogram: 3,
  summary: 5,
};

/** A `prometheus.WriteRequest` (remote write 1.0), with the metadata of its metrics behind the series. */
export function writeRequest1(series: readonly WriteSeries[]): Uint8Array {
  const families = new Map(series.map(({ metadata }) => [metadata.family, metadata]));
  return Buffer.concat([
    ...series.map((one) =>
      lengthDelimited(
        1,
        textLabels(one.labels),
        ...one.samples.map((sample) => lengthDelimited(2, sampleFields(sample))),
        ...one.exemplars.map((exemplar) =>
          lengthDelimited(3, textLabels(exemplar.labels), exemplarFields(exemplar)),
        ),
        ...one.histograms.map((histogram) => lengthDelimited(4, histogramFields(histogram))),
      ),
    ),
    ...[...families.values()].map((metadata) => lengthDelimited(3, metadataFields1(metadata))),
  ]);
}

function textLabels(labels: readonly LabelPair[]): Uint8Array {
  return Buffer.concat(
    labels.map(([name, value]) => lengthDelimited(1, stringField(1, name), stringField(2, value))),
  );
}

function metadataFields1({ family, type, help, unit }: SeriesMetadata): Uint8Array {
  return Buffer.concat([
    varintField(1, types[type]),
    stringField(2, family),
    stringField(4, help),
    stringField(5, unit),
  ]);
}

/** An `io.prometheus.write.v2.Request` (remote write 2.0): every text once, in a table, of which the first is empty. */
export function writeRequest2(series: readonly WriteSeries[]): Uint8Array {
  const symbols = new Symbols();
  const messages = series.map((one) =>
    lengthDelimited(
      5,
      lengthDelimited(1, symbols.references(one.labels)),
      ...one.samples.map((sample) =>
        lengthDelimited(2, sampleFields(sample), varintField(3, sample.startMs)),
      ),
      ...one.histograms.map((histogram) =>
        lengthDelimited(3, histogramFields(histogram), varintField(17, histogram.startMs)),
      ),
      ...one.exemplars.map((exemplar) =>
        lengthDelimited(4, lengthDelimited(1, symbols.references(exemplar.labels)), exemplarFields(exemplar)),
      ),
      lengthDelimited(5, metadataFields2(one.metadata, symbols)),
    ),
  );
  return Buffer.concat([...symbols.texts.map((text) => stringField(4, text)), ...messages]);
}

function metadataFields2({ type, help, unit }: SeriesMetadata, symbols: Symbols): Uint8Array {
  return Buffer.concat([
    varintField(1, types[type]),
    varintField(3, symbols.number(help)),
    varintField(4, symbols.number(unit)),
  ]);
}

class Symbols {
  readonly #numbers: Map<string, number> = new Map([['', 0]]);

  get texts(): readonly string[] {
    return [...this.#numbers.keys()];
  }

  number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  references(labels: readonly LabelPair[]): Uint8Array {
    return Buffer.concat(labels.flat().map((text) => varint(this.number(text))));
  }
}

function sampleFields({ value, timeMs }: WriteSample): Uint8Array {
  return Buffer.concat([doubleBytesField(1, value), varintField(2, timeMs)]);
}

function exemplarFields({ value, timeMs }: WriteExemplar): Uint8Array {
  return Buffer.concat([doubleBytesField(2, value), varintField(3, timeMs)]);
}

function doubleBytesField(field: number, value: Uint8Array): Uint8Array {
  return Buffer.concat([tag(field, wireType.fixed64), value]);
}

/** Where counts stand, which depends on whether they are whole: of histogram, zero bucket, negative and positive buckets. */
const integerFields = { count: 1, zeroCount: 6, negative: 9, positive: 12 } as const;
const floatFields = { count: 2, zeroCount: 7, negative: 10, positive: 13 } as const;

function histogramFields(histogram: WriteHistogram): Uint8Array {
  const { isFloat, negative, positive, customBounds } = histogram;
  const at = isFloat ? floatFields : integerFields;
  const count = isFloat ? doubleField : varintField;
  const counts = isFloat ? absoluteCounts : countDeltas;
  return Buffer.concat([
    count(at.count, histogram.count),
    doubleBytesField(3, histogram.sum),
    zigzagField(4, histogram.schema),
    doubleField(5, histogram.zeroThreshold),
    count(at.zeroCount, histogram.zeroCount),
    spanFields(8, negative),
    lengthDelimited(at.negative, ...counts(negative)),
    spanFields(11, positive),
    lengthDelimited(at.positive, ...counts(positive)),
    varintField(14, histogram.resetHint),
    varintField(15, histogram.timeMs),
    ...(customBounds.length === 0 ? [] : [lengthDelimited(16, ...customBounds.map(double))]),
  ]);
}

/** One span a run of neighbouring buckets; each says how far it begins after the end of the last. */
function spanFields(field: number, buckets: readonly Bucket[]): Uint8Array {
  const spans: Uint8Array[] = [];
  let end = 0;
  for (let at = 0; at < buckets.length; ) {
    const first = buckets[at]?.[0] ?? 0;
    let length = 1;
    while (buckets[at + length]?.[0] === first + length) length += 1;
    spans.push(lengthDelimited(field, zigzagField(1, first - end), varintField(2, length)));
    end = first + length;
    at += length;
  }
  return Buffer.concat(spans);
}

function absoluteCounts(buckets: readonly Bucket[]): readonly Uint8Array[] {
  return buckets.map(([, count]) => double(count));
}

/** Each count as its difference to the one before, zigzag. */
function countDeltas(buckets: readonly Bucket[]): readonly Uint8Array[] {
  return buckets.map(([, count], place) => {
    const delta = BigInt(count) - BigInt(buckets[place - 1]?.[1] ?? 0);
    return varint(delta < 0n ? -2n * delta - 1n : 2n * delta);
  });
}
