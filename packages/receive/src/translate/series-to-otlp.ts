import {
  concat,
  doubleField,
  fixed64,
  fixed64Field,
  lengthDelimited,
  stringField,
  tag,
  varintField,
  wireType,
} from '@maru/otlp';
import { exponentialMetric, isExpressible, nativeMetric } from './histogram-to-otlp.ts';
import { joined } from './message.ts';
import { cumulative, nanos, noRecordedValue, staleBits, startNanos } from './otlp-values.ts';
import type { Sample, WrittenExemplar, WrittenHistogram, WrittenSeries } from './series.ts';

/** What remote write's answer counts. */
export interface WrittenCounts {
  readonly samples: number;
  readonly histograms: number;
  readonly exemplars: number;
}

export interface TranslatedSeries extends WrittenCounts {
  /** An ExportMetricsServiceRequest. */
  readonly request: Uint8Array;
}

const noBytes = new Uint8Array(0);

/**
 * Prometheus series as OTLP metrics, so that the query side shows the same names and labels: every label is an attribute of
 * the point (`job` and `instance` too) and the resource has none, for its attributes would become labels that were not
 * sent. A series whose metadata says counter and whose name ends in `_total` becomes a sum, every other a gauge.
 * Exemplars go with the last sample or histogram of the same series in the request; one without is not written.
 */
export function seriesToOtlp(series: readonly WrittenSeries[]): TranslatedSeries {
  const merged = mergeBySeries(series);
  const metrics = merged.flatMap(metricsOf);
  const counted = (of: (one: WrittenSeries) => number): number =>
    merged.reduce((sum, one) => sum + of(one), 0);
  return {
    request:
      metrics.length === 0 ? new Uint8Array(0) : lengthDelimited(1, lengthDelimited(2, joined(metrics))),
    samples: counted(({ samples }) => samples.length),
    histograms: counted(({ histograms }) => histograms.length),
    exemplars: counted(({ samples, histograms, exemplars }) =>
      samples.length + histograms.length > 0 ? exemplars.length : 0,
    ),
  };
}

/** Senders write one entry for each sample or exemplar: those of one series belong together. */
function mergeBySeries(series: readonly WrittenSeries[]): readonly WrittenSeries[] {
  const byLabels = Map.groupBy(series, ({ labels }) => JSON.stringify(labels));
  return [...byLabels.values()].map((same) => ({
    labels: same[0]?.labels ?? [],
    help: same.find(({ help }) => help !== '')?.help ?? '',
    isCounter: same.some(({ isCounter }) => isCounter),
    samples: same.flatMap(({ samples }) => samples),
    histograms: same.flatMap(({ histograms }) => histograms),
    exemplars: same.flatMap(({ exemplars }) => exemplars),
  }));
}

function metricsOf(series: WrittenSeries): readonly Uint8Array[] {
  const name = series.labels.find(([label]) => label === '__name__')?.[1] ?? '';
  const attributes = (field: number): Uint8Array =>
    joined(
      series.labels
        .filter(([label]) => label !== '__name__')
        .map(([label, value]) => textAttribute(field, label, value)),
    );
  const metric = (data: Uint8Array): Uint8Array =>
    lengthDelimited(2, stringField(1, name), stringField(2, series.help), varintField(28, 1), data);
  const { samples, histograms } = series;
  const exponential = histograms.filter(isExpressible);
  const native = histograms.filter((one) => !isExpressible(one));
  const exemplars = joined(samples.length > 0 ? [] : series.exemplars.map((one) => exemplar(11, one)));
  const fields = (one: WrittenHistogram): Uint8Array =>
    one === histograms.at(-1) ? concat(attributes(1), exemplars) : attributes(1);
  return [
    ...(samples.length === 0 ? [] : [metric(numbers(series, name, attributes(7)))]),
    ...(exponential.length === 0 ? [] : [metric(exponentialMetric(exponential, fields))]),
    ...(native.length === 0 ? [] : [metric(nativeMetric(native, fields))]),
  ];
}

function numbers(series: WrittenSeries, name: string, attributes: Uint8Array): Uint8Array {
  const last = series.samples.length - 1;
  const points = series.samples.map((sample, index) =>
    lengthDelimited(
      1,
      numberPoint(sample),
      attributes,
      index === last ? joined(series.exemplars.map((one) => exemplar(5, one))) : noBytes,
    ),
  );
  return series.isCounter && name.endsWith('_total')
    ? lengthDelimited(7, joined(points), varintField(2, cumulative), varintField(3, 1))
    : lengthDelimited(5, joined(points));
}

function numberPoint({ bits, timeMs, startMs }: Sample): Uint8Array {
  const value =
    bits === staleBits ? varintField(8, noRecordedValue) : concat(tag(4, wireType.fixed64), fixed64(bits));
  return concat(fixed64Field(2, startNanos(startMs)), fixed64Field(3, nanos(timeMs)), value);
}

function exemplar(field: number, { labels, value, timeMs }: WrittenExemplar): Uint8Array {
  const id = (name: string, digits: number): string | undefined =>
    labels.find(
      ([label, text]) => label === name && text.length === digits && /^[0-9a-fA-F]+$/.test(text),
    )?.[1];
  const [traceId, spanId] = [id('trace_id', 32), id('span_id', 16)];
  const others = labels.filter(
    ([label]) =>
      !(label === 'trace_id' && traceId !== undefined) && !(label === 'span_id' && spanId !== undefined),
  );
  return lengthDelimited(
    field,
    fixed64Field(2, nanos(timeMs)),
    doubleField(3, value),
    ...(spanId === undefined ? [] : [lengthDelimited(4, Buffer.from(spanId, 'hex'))]),
    ...(traceId === undefined ? [] : [lengthDelimited(5, Buffer.from(traceId, 'hex'))]),
    joined(others.map(([label, text]) => textAttribute(7, label, text))),
  );
}

function textAttribute(field: number, key: string, value: string): Uint8Array {
  return lengthDelimited(field, stringField(1, key), lengthDelimited(2, stringField(1, value)));
}
