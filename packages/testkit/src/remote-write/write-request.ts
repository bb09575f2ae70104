import { concat, lengthDelimited, stringField } from '@maru/otlp';
import type { Point, SeriesLine } from '@maru/promql';
import type { StartFinder } from '../promqltest/start-times.ts';
import { histogramMessage, sampleMessage } from './samples.ts';
import { Symbols } from './symbols.ts';

/** A request of remote write 2.0 with the points of series, point k at k steps after 1970. */
export function writeRequest2(
  series: readonly SeriesLine[],
  stepMs: number,
  startAt: StartFinder,
): Uint8Array {
  const symbols = new Symbols();
  const messages = series.map(({ labels, points }) =>
    lengthDelimited(
      5,
      lengthDelimited(1, symbols.references([...labels].flat())),
      ...points.map((point, index) =>
        pointField(point, { timeMs: index * stepMs, startMs: startAt(labels, index) }),
      ),
    ),
  );
  return concat(...symbols.texts.map((text) => stringField(4, text)), ...messages);
}

function pointField(point: Point, time: Parameters<typeof sampleMessage>[1]): Uint8Array {
  if (point === 'none') return new Uint8Array(0);
  if (typeof point === 'object') return lengthDelimited(3, histogramMessage(point.histogram, time));
  return lengthDelimited(2, sampleMessage(point, time));
}
