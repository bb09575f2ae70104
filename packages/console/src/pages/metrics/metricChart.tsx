import { type ReactNode, useMemo } from 'react';
import { queryRange } from '../../api/prometheus.ts';
import { useMessages, useNotation } from '../../app/preferences.tsx';
import { useRangedQuery, useRefreshMillis } from '../../app/range.ts';
import { Chart } from '../../components/chart/chart.tsx';
import { Notice } from '../../components/notice.tsx';
import { QueryError } from '../../components/queryError.tsx';
import { formatValue } from '../../model/format.ts';
import { type MetricAnswer, metricLines } from '../../model/metricLines.ts';
import { seriesColor } from '../../model/palette.ts';
import { type MetricDescription, unitOf } from '../../model/promql.ts';
import { type ResolvedRange, stepSeconds } from '../../model/timeRange.ts';
import { chartPoints } from './chartPoints.ts';

interface MetricChartProps {
  readonly queries: readonly string[];
  readonly metric: MetricDescription | undefined;
  /** The queries are the user's own: the unit of the metric may then not be that of the result. */
  readonly isByHand: boolean;
}

/** More lines than this cannot be told apart. */
const shownSeries = 40;

/** The queries' answers on one time axis. */
export function MetricChart({ queries, metric, isByHand }: MetricChartProps): ReactNode {
  const text = useMessages();
  const notation = useNotation();
  const answer = useRangedQuery({
    key: ['chart', queries],
    fetch: (range, signal) => fetchAnswers(queries, range, signal),
    refreshMillis: useRefreshMillis(false),
  });
  const lines = useMemo(
    () => answer.data && metricLines(answer.data.value, answer.data.range, metric?.name),
    [answer.data, metric],
  );
  const unit = metric && !isByHand ? unitOf(metric) : '';
  if (answer.error) return <QueryError error={answer.error} />;
  if (!answer.data || !lines) return <p className="faint">{text.loading}…</p>;
  if (lines.series.length === 0) return <Notice title={text.noSamples} />;
  const shown = lines.series.slice(0, shownSeries);
  const series = shown.map((line, index) => ({ ...line, color: seriesColor(index) }));
  return (
    <section className={answer.isPlaceholderData ? 'card stale' : 'card'}>
      <Chart
        kind="line"
        height={320}
        label={metric?.name ?? text.query}
        data={{ times: lines.times, series, ...answer.data.range }}
        format={(value) => formatValue(value, unit, notation)}
        testId="metric-chart"
      />
      {lines.series.length > shownSeries && (
        <p className="faint small">{text.seriesCut(String(shownSeries), String(lines.series.length))}</p>
      )}
      {answer.data.value
        .flatMap(({ warnings }) => warnings)
        .map((warning) => (
          <p key={warning} className="warn small">
            {warning}
          </p>
        ))}
    </section>
  );
}

async function fetchAnswers(
  queries: readonly string[],
  range: ResolvedRange,
  signal: AbortSignal,
): Promise<readonly MetricAnswer[]> {
  const step = stepSeconds(range, chartPoints);
  return Promise.all(
    queries.map(async (query) => ({ query, step, ...(await queryRange(query, range, step, signal)) })),
  );
}
