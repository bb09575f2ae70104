import type { ReactNode } from 'react';
import { fetchLabelNames } from '../../api/prometheus.ts';
import { useMessages } from '../../app/preferences.tsx';
import { useRangedQuery } from '../../app/range.ts';
import { type MetricDescription, selector } from '../../model/promql.ts';

interface GroupByProps {
  readonly metric: MetricDescription;
  readonly chosen: readonly string[];
  readonly onChange: (labels: readonly string[] | undefined) => void;
}

/** The labels that the metric really has, to be grouped by. */
export function GroupBy({ metric, chosen, onChange }: GroupByProps): ReactNode {
  const text = useMessages();
  const series = selector(metric.type === 'histogram' ? `${metric.name}_bucket` : metric.name);
  const labels = useRangedQuery({
    key: ['labels', series],
    fetch: (range, signal) => fetchLabelNames(series, range, signal),
  });
  const toggle = (label: string): void => {
    const next = chosen.includes(label) ? chosen.filter((one) => one !== label) : [...chosen, label];
    onChange(next.length === 0 ? undefined : next);
  };
  return (
    <fieldset className="group-by" data-testid="group-by">
      <legend>{text.groupBy}</legend>
      {(labels.data?.value ?? []).map((label) => (
        <button
          key={label}
          type="button"
          className="chip telemetry"
          aria-pressed={chosen.includes(label)}
          onClick={() => toggle(label)}
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}
