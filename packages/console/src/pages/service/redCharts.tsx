import type { ReactNode } from 'react';
import { useMessages, useNotation } from '../../app/preferences.tsx';
import { Chart } from '../../components/chart/chart.tsx';
import type { ChartData } from '../../components/chart/chartData.ts';
import { formatDuration, formatRate, formatRatio } from '../../model/format.ts';
import { type AnsweredPoint, type ServicePoint, servicePoints } from '../../model/servicePoints.ts';
import type { ResolvedRange } from '../../model/timeRange.ts';

interface RedChartsProps {
  readonly points: readonly AnsweredPoint[];
  readonly range: ResolvedRange;
}

const height = 150;

/** Rate, errors and duration side by side, with one cursor. */
export function RedCharts({ points: answered, range }: RedChartsProps): ReactNode {
  const text = useMessages();
  const notation = useNotation();
  const points = servicePoints(answered, range);
  const data = (label: string, color: string, value: (point: ServicePoint) => number | null): ChartData => ({
    times: points.map((point) => point.timeUnixSeconds),
    series: [{ label, color, values: points.map(value), isFilled: true }],
    ...range,
  });
  const look = { kind: 'line', height, syncKey: 'red' } as const;
  return (
    <div className="red">
      <section className="card">
        <h2>{text.rate}</h2>
        <Chart
          {...look}
          label={text.rate}
          data={data(text.rate, '--accent', (point) => point.requestsPerSecond)}
          format={(value) => formatRate(value, notation)}
        />
      </section>
      <section className="card">
        <h2>{text.errorRatio}</h2>
        <Chart
          {...look}
          emptyTop={0.1}
          label={text.errorRatio}
          data={data(text.errorRatio, '--error', (point) => point.errorRatio)}
          format={(value) => formatRatio(value, notation)}
        />
      </section>
      <section className="card">
        <h2>{text.p95}</h2>
        <Chart
          {...look}
          emptyTop={1e6}
          label={text.p95}
          data={data('p95', '--series-8', (point) => point.p95Nanos)}
          format={formatDuration}
        />
      </section>
    </div>
  );
}
