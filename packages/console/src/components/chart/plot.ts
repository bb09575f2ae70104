import uPlot from 'uplot';
import { formatTick, type Notation } from '../../model/format.ts';
import { stacked } from '../../model/series.ts';
import { resolvedColor } from '../color.ts';
import type { ChartData, ChartLook } from './chartData.ts';

/** uPlot's columns. Stacked series are handed over from the total down, so that the lower ones are drawn over it. */
export function plotColumns(data: ChartData, isStacked: boolean): uPlot.AlignedData {
  const rows = data.series.map(({ values, isHidden }) =>
    isHidden && isStacked ? values.map(() => 0) : values,
  );
  const drawn = isStacked ? stacked(rows).toReversed() : rows;
  return [data.times as number[], ...drawn.map((row) => row as (number | null)[])];
}

interface PlotEvents {
  readonly onZoom: (startMillis: number, endMillis: number) => void;
  readonly onCursor: (index: number | null) => void;
}

/** Everything uPlot needs to know but the data. */
export function plotOptions(
  host: HTMLElement,
  data: ChartData,
  look: ChartLook,
  notation: Notation,
  events: PlotEvents,
): uPlot.Options {
  const color = (property: string): string => resolvedColor(host, property);
  return {
    width: host.clientWidth,
    height: look.height,
    legend: { show: false },
    // On the right half a label of the time axis may stand out.
    padding: [8, 20, 0, 0],
    ...(notation.timeZone
      ? { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1e3), 'Etc/UTC') }
      : {}),
    cursor: {
      y: false,
      points: { size: 6 },
      drag: { x: true, y: false, setScale: false },
      ...sync(look.syncKey),
    },
    scales: {
      x: { time: true, range: () => [data.startMillis / 1e3, data.endMillis / 1e3] },
      y: look.kind === 'points' ? { distr: 3, range: decades } : { range: yRange(look) },
    },
    axes: axes(look, notation, color),
    series: [{}, ...seriesOptions(data, look, color)],
    hooks: {
      setSelect: [(plot) => zoomTo(plot, events)],
      setCursor: [(plot) => events.onCursor(plot.cursor.idx ?? null)],
    },
  };
}

function sync(key: string | undefined): Pick<uPlot.Cursor, 'sync'> {
  return key ? { sync: { key, setSeries: false } } : {};
}

/** From zero, so that a small wobble does not look like a mountain; below only when values are negative. */
function yRange(look: ChartLook): uPlot.Range.Function {
  return (_plot, low, high) => {
    const top = Number.isFinite(high) && high > 0 ? high * 1.08 : (look.emptyTop ?? 1);
    return [Number.isFinite(low) && low < 0 ? low * 1.08 : 0, top];
  };
}

/** Whole powers of ten around the values: durations of one search easily differ by a factor of a thousand. */
function decades(_plot: uPlot, low: number, high: number): uPlot.Range.MinMax {
  const bottom = Number.isFinite(low) && low > 0 ? Math.floor(Math.log10(low)) : 6;
  const top = Number.isFinite(high) && high > 0 ? Math.ceil(Math.log10(high)) : 9;
  return [10 ** bottom, 10 ** Math.max(top, bottom + 1)];
}

function axes(look: ChartLook, notation: Notation, color: (property: string) => string): uPlot.Axis[] {
  const font = `11px ${getComputedStyle(document.body).fontFamily}`;
  const shared = { font, stroke: color('--text-faint'), ticks: { show: false } };
  return [
    {
      ...shared,
      space: 76,
      size: 26,
      grid: { show: false },
      values: (_plot, splits, _axis, _space, increment) =>
        splits.map((seconds) => formatTick(seconds * 1e3, increment, notation)),
    },
    {
      ...shared,
      space: 32,
      size: axisSize,
      grid: { stroke: color('--line-faint'), width: 1 },
      ...(look.kind === 'points'
        ? { splits: wholeDecades, filter: (_plot: uPlot, splits: number[]) => splits }
        : {}),
      values: (_plot, splits) => splits.map((value) => look.format(value)),
    },
  ];
}

/** On the logarithmic axis only whole powers of ten have a line; uPlot's own nine lines a decade are a thicket here. */
function wholeDecades(plot: uPlot): number[] {
  const { min = 1, max = 10 } = plot.scales.y ?? {};
  const [first, last] = [Math.log10(min ?? 1), Math.log10(max ?? 10)].map(Math.round) as [number, number];
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
}

/** As wide as the longest label needs: units differ too much for one figure. */
function axisSize(plot: uPlot, values: string[] | null): number {
  const longest = (values ?? []).reduce((best, value) => (value.length > best.length ? value : best), '');
  if (longest === '') return 40;
  plot.ctx.font = '11px sans-serif';
  return Math.ceil(plot.ctx.measureText(longest).width) + 20;
}

function seriesOptions(
  data: ChartData,
  look: ChartLook,
  color: (property: string) => string,
): uPlot.Series[] {
  const options = data.series.map((series) => {
    const stroke = color(series.color);
    return {
      label: series.label,
      show: !series.isHidden,
      stroke,
      ...seriesShape(look.kind, stroke, series.isFilled),
    };
  });
  return look.kind === 'bars' ? options.toReversed() : options;
}

function seriesShape(kind: ChartLook['kind'], stroke: string, isFilled = false): uPlot.Series {
  if (kind === 'points')
    return { paths: () => null, points: { show: true, size: 6, width: 0, fill: stroke } };
  if (kind === 'line') {
    const points = { show: false, filter: lonelyPoints, size: 5, fill: stroke };
    return { width: 1.5, points, ...(isFilled ? { fill: faded(stroke) } : {}) };
  }
  const bars = uPlot.paths.bars?.({ size: [0.82, 40], align: 1 });
  return { width: 0, fill: stroke, points: { show: false }, ...(bars ? { paths: bars } : {}) };
}

/** The points that a line would not show: those between two gaps. */
function lonelyPoints(plot: uPlot, seriesIndex: number): number[] {
  const values = plot.data[seriesIndex] ?? [];
  const isGap = (index: number): boolean => values[index] === null || values[index] === undefined;
  const indices = Array.from(values, (_, index) => index);
  return indices.filter((index) => !isGap(index) && isGap(index - 1) && isGap(index + 1));
}

function faded(color: string): string {
  return `color-mix(in oklab, ${color} 14%, transparent)`;
}

function zoomTo(plot: uPlot, events: PlotEvents): void {
  const { left, width } = plot.select;
  // A click moves a pixel or two; that is no selection.
  if (width > 4) events.onZoom(plot.posToVal(left, 'x') * 1e3, plot.posToVal(left + width, 'x') * 1e3);
  if (width > 0) plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}
