import type { ResultSeries, ResultValue } from '@maru/promql';
import { type Labels, printFloat } from '@maru/query-core';

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

function vectorItem({ labels, times, values }: ResultSeries): string {
  return `{"metric":${writeLabels(labels)},"value":${sample(times, values, 0)}}`;
}

function* matrixItem({ labels, times, values }: ResultSeries): Iterable<string> {
  let text = `{"metric":${writeLabels(labels)},"values":[`;
  for (let index = 0; index < times.length; index += 1) {
    text += (index === 0 ? '' : ',') + sample(times, values, index);
    if (index % samplesPerPiece !== samplesPerPiece - 1) continue;
    yield text;
    text = '';
  }
  yield `${text}]}`;
}

function sample(times: Float64Array, values: Float64Array, index: number): string {
  return `[${printTime(times[index] ?? 0)},"${printFloat(values[index] ?? Number.NaN)}"]`;
}

/** Seconds with up to three decimals. */
export function printTime(milliseconds: number): string {
  return String(milliseconds / 1000);
}

/** Labels as a JSON object. Written by hand: `Object.fromEntries` would move names such as "1" to the front. */
export function writeLabels(labels: Labels): string {
  const members: string[] = [];
  for (const [name, value] of labels) members.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `{${members.join(',')}}`;
}
