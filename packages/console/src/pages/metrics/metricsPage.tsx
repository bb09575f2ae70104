import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { fetchMetrics } from '../../api/prometheus.ts';
import { useMessages } from '../../app/preferences.tsx';
import { useRange, useRangedQuery } from '../../app/range.ts';
import type { MetricsState } from '../../app/state.ts';
import { Notice } from '../../components/notice.tsx';
import { firstQueries, type MetricDescription } from '../../model/promql.ts';
import { resolveRange, stepSeconds } from '../../model/timeRange.ts';
import '../../styles/metrics.css';
import { chartPoints } from './chartPoints.ts';
import { GroupBy } from './groupBy.tsx';
import { MetricChart } from './metricChart.tsx';
import { MetricList } from './metricList.tsx';
import { QueryRows } from './queryRows.tsx';

/** Metrics: pick one and see it for what it is; then group it, or write the query. */
export function MetricsPage(): ReactNode {
  const text = useMessages();
  const state = useSearch({ from: '/charts' });
  const metrics = useRangedQuery({ key: ['metrics'], fetch: fetchMetrics });
  const all = metrics.data?.value;
  if (all?.length === 0 && !state.q) return <Notice title={text.noMetrics} />;
  return (
    <div className="page metrics" data-picked={state.metric || state.q ? true : undefined}>
      <title>{`${state.metric ?? text.metrics} · Maru`}</title>
      <MetricList metrics={all ?? []} state={state} error={metrics.error} />
      <MetricView state={state} metric={describe(all, state.metric)} />
    </div>
  );
}

function describe(
  all: readonly MetricDescription[] | undefined,
  name: string | undefined,
): MetricDescription | undefined {
  if (!name || !all) return undefined;
  return all.find((metric) => metric.name === name) ?? { name, type: 'unknown', unit: '', help: '' };
}

interface MetricViewProps {
  readonly state: MetricsState;
  readonly metric: MetricDescription | undefined;
}

function MetricView({ state, metric }: MetricViewProps): ReactNode {
  const text = useMessages();
  const navigate = useNavigate({ from: '/charts' });
  const step = stepSeconds(resolveRange(useRange(), Date.now()), chartPoints);
  const queries = state.q ?? (metric ? firstQueries(metric, state.by ?? [], step) : []);
  const change = (changed: MetricsState): void =>
    void navigate({ search: (before) => ({ ...before, ...changed }), resetScroll: false });
  if (!metric && !state.q) return <Notice title={state.metric ? `${text.loading}…` : text.pickMetric} />;
  return (
    <div className="metric-view">
      {metric && <MetricHead metric={metric} />}
      {metric && !state.q && (
        <GroupBy metric={metric} chosen={state.by ?? []} onChange={(by) => change({ by })} />
      )}
      <MetricChart queries={queries} metric={metric} isByHand={state.q !== undefined} />
      <QueryRows queries={queries} isByHand={state.q !== undefined} onChange={(q) => change({ q })} />
    </div>
  );
}

function MetricHead({ metric }: { readonly metric: MetricDescription }): ReactNode {
  return (
    <header className="metric-head">
      <h1 className="telemetry mono">{metric.name}</h1>
      <span className="badge">{metric.type}</span>
      {metric.unit && <span className="badge">{metric.unit}</span>}
      {metric.help && <p className="faint telemetry">{metric.help}</p>}
    </header>
  );
}
