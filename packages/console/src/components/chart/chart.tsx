import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import '../../styles/chart.css';
import { useEffectiveTheme, useMessages, useNotation } from '../../app/preferences.tsx';
import { useZoom } from '../../app/range.ts';
import type { ChartData, ChartLook } from './chartData.ts';
import { Legend } from './legend.tsx';
import { plotColumns, plotOptions } from './plot.ts';

interface ChartProps extends ChartLook {
  readonly label: string;
  readonly data: ChartData;
  readonly legend?: 'below' | 'none';
  readonly testId?: string;
}

/** A time series chart: the legend shows the values under the cursor (else the last ones), dragging zooms. */
export function Chart({ label, data, legend = 'below', testId, ...look }: ChartProps): ReactNode {
  const text = useMessages();
  const host = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const [isolated, setIsolated] = useState<string | null>(null);
  const shown = isolate(data, isolated);
  usePlot(host, shown, look, setCursor);
  return (
    <figure className="chart" data-testid={testId}>
      <div
        ref={host}
        className="plot"
        role="img"
        aria-label={label}
        title={text.chartHint}
        style={{ height: look.height }}
      />
      {legend === 'below' && (
        <Legend
          data={shown}
          onPick={(label) => setIsolated(label === isolated ? null : label)}
          cursor={cursor}
          format={look.format}
          idle={look.kind === 'bars' ? 'total' : 'last'}
        />
      )}
    </figure>
  );
}

/** The same data with only the series of that name in sight; all of them when there is none of that name (any more). */
function isolate(data: ChartData, label: string | null): ChartData {
  if (!data.series.some((series) => series.label === label)) return data;
  return { ...data, series: data.series.map((series) => ({ ...series, isHidden: series.label !== label })) };
}

type Latest<Value> = { readonly current: Value };

function useLatest<Value>(value: Value): Latest<Value> {
  const latest = useRef(value);
  latest.current = value;
  return latest;
}

/** Keeps a plot in the host: made anew when its structure or colours change, fed when only its data do. */
function usePlot(
  host: RefObject<HTMLDivElement | null>,
  data: ChartData,
  look: ChartLook,
  onCursor: (index: number | null) => void,
): void {
  const theme = useEffectiveTheme();
  const notation = useNotation();
  const zoom = useZoom();
  const latest = useLatest({ data, look, zoom, onCursor });
  const plot = useRef<uPlot | null>(null);
  const structure = JSON.stringify([
    data.series.map(({ label, color, isHidden }) => [label, color, isHidden]),
    [data.startMillis, data.endMillis, look.height, look.kind, theme, notation],
  ]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `structure` stands for everything that the options are made of.
  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const now = latest.current;
    const events = {
      onZoom: (start: number, end: number) => latest.current.zoom(start, end),
      onCursor: (index: number | null) => latest.current.onCursor(index),
    };
    const options = plotOptions(element, now.data, now.look, notation, events);
    plot.current = new uPlot(options, plotColumns(now.data, now.look.kind === 'bars'), element);
    return () => {
      plot.current?.destroy();
      plot.current = null;
    };
  }, [structure]);
  useEffect(
    () => plot.current?.setData(plotColumns(data, latest.current.look.kind === 'bars')),
    [data, latest],
  );
  useResize(host, (width) => plot.current?.setSize({ width, height: latest.current.look.height }));
}

function useResize(host: RefObject<HTMLElement | null>, onWidth: (width: number) => void): void {
  const latest = useLatest(onWidth);
  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => latest.current(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [host, latest]);
}
