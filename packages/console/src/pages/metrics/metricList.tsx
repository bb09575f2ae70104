import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { useMessages, useNotation } from '../../app/preferences.tsx';
import type { MetricsState } from '../../app/state.ts';
import { QueryError } from '../../components/queryError.tsx';
import { formatCount } from '../../model/format.ts';
import type { MetricDescription } from '../../model/promql.ts';

interface MetricListProps {
  readonly metrics: readonly MetricDescription[];
  readonly state: MetricsState;
  readonly error: unknown;
}

/** More names than this are not read but searched. */
const shownMetrics = 300;

/** The metrics by name, type and unit, narrowed by a text. */
export function MetricList({ metrics, state, error }: MetricListProps): ReactNode {
  const text = useMessages();
  const notation = useNotation();
  const navigate = useNavigate({ from: '/charts' });
  const [find, setFind] = useState(state.find ?? '');
  useEffect(() => setFind(state.find ?? ''), [state.find]);
  const change = (value: string): void => {
    setFind(value);
    void navigate({ search: (before) => ({ ...before, find: value || undefined }), replace: true });
  };
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  const found = metrics.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
  return (
    <nav className="metric-list" aria-label={text.metrics}>
      {!state.metric && <h1 className="hidden-text">{text.metrics}</h1>}
      <input
        type="text"
        value={find}
        placeholder={text.findMetric}
        aria-label={text.findMetric}
        data-search
        data-testid="metric-find"
        spellCheck={false}
        onChange={(event) => change(event.target.value)}
      />
      <p className="faint small">{text.metricsCount(formatCount(found.length, notation))}</p>
      <QueryError error={error} />
      <ul>
        {found.slice(0, shownMetrics).map((metric) => (
          <li key={metric.name}>
            <Link
              to="/charts"
              search={{ metric: metric.name, find: state.find }}
              className="metric-link"
              data-row
              data-testid="metric-pick"
              data-metric={metric.name}
              aria-current={metric.name === state.metric || undefined}
            >
              <span className="telemetry mono">{metric.name}</span>
              <span className="faint small">{[metric.type, metric.unit].filter(Boolean).join(' · ')}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
