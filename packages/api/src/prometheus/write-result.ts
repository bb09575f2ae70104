import type { ResultSeries, ResultValue } from '@maru/promql';
import { type Labels, printFloat } from '@maru/query-core';
import { printTime } from './print-time.ts';
import { writeHistogramSample } from './write-histogram.ts';

/** Series whose text is written before it is handed on; a piece is then some hundred kilobytes. */
const samplesPerPiece = 4096;

/** A result as `{"resultType":…,"result":…}`, in pieces, without an object per sample. */
export function* writeResult(value: ResultValue): Iterable<string> {
  yield `{"resultType":"${value.type}","result":`;
  switch (value.type) {
    case 'scalar':
      yield `[${printTime(value.timeMs)},"${printFloat(value.value)}"]`;
      break;
    case 'string':
      yield `[${printTime(value.timeMs)},${JSON.stringify(value.value)}]`;
      break;
    case 'vector':
      yield* writeList(value.series, (series) => [vectorItem(series)]);
      break;
    case 'matrix':
      yield* writeList(value.series, matrixItem);
  }
  yield '}';
}

/** Small items are joined to larger pieces: a piece each would cost more to send than to write. */
function* writeList(
  series: readonly ResultSeries[],
  write: (one: ResultSeries) => Iterable<string>,
): Iterable<string> {
  let text = '[';
  let separator = '';
  for (const one of series) {
    text += separator;
    separator = ',';
    for (const piece of write(one)) {
      text += piece;
      if (text.length < samplesPerPiece * 8) continue;
      yield text;
      text = '';
    }
  }
  yield `${text}]`;
}

function vectorItem({ labels, times, values, histograms }: ResultSeries): string {
  const histogram = histograms?.samples[0];
  if (histogram !== undefined) {
    const written = writeHistogramSample(histograms?.times[0] ?? 0, histogram);
    return `{"metric":${writeLabels(labels)},"histogram":${written}}`;
  }
  return `{"metric":${writeLabels(labels)},"value":${sample(times, values, 0)}}`;
}

function* matrixItem({ labels, times, values, histograms }: ResultSeries): Iterable<string> {
  yield `{"metric":${writeLabels(labels)}`;
  if (times.length > 0) yield* writeValues(times, values);
  if (histograms !== undefined) {
    const samples = histograms.samples.map((one, index) =>
      writeHistogramSample(histograms.times[index] ?? 0, one),
    );
    yield `,"histograms":[${samples.join(',')}]`;
  }
  yield '}';
}

function* writeValues(times: Float64Array, values: Float64Array): Iterable<string> {
  let text = ',"values":[';
  for (let index = 0; index < times.length; index += 1) {
    text += (index === 0 ? '' : ',') + sample(times, values, index);
    if (index % samplesPerPiece !== samplesPerPiece - 1) continue;
    yield text;
    text = '';
  }
  yield `${text}]`;
}

function sample(times: Float64Array, values: Float64Array, index: number): string {
  return `[${printTime(times[index] ?? 0)},"${printFloat(values[index] ?? Number.NaN)}"]`;
}

/** Labels as a JSON object. Written by hand: `Object.fromEntries` would move names such as "1" to the front. */
export function writeLabels(labels: Labels): string {
  const members: string[] = [];
  for (const [name, value] of labels) members.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `{${members.join(',')}}`;
}
