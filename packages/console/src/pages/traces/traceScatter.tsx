import { type ReactNode, useMemo } from 'react';
import type { FoundTrace } from '../../api/tempo.ts';
import { useMessages } from '../../app/preferences.tsx';
import { Chart } from '../../components/chart/chart.tsx';
import { formatDuration } from '../../model/format.ts';
import { foundTraceRow } from '../../model/foundTrace.ts';
import type { ResolvedRange } from '../../model/timeRange.ts';

interface TraceScatterProps {
  readonly traces: readonly FoundTrace[];
  readonly range: ResolvedRange;
}

/** The found traces over time and duration, failed ones marked: what stands out is seen before any row is read. */
export function TraceScatter({ traces, range }: TraceScatterProps): ReactNode {
  const text = useMessages();
  const data = useMemo(() => {
    const rows = traces.map(foundTraceRow).sort((a, b) => a.startMillis - b.startMillis);
    const values = (failed: boolean) =>
      rows.map((row) => (row.errors > 0 === failed ? row.durationNanos : null));
    return {
      times: rows.map((row) => row.startMillis / 1000),
      series: [
        { label: text.statusOk, color: '--accent', values: values(false) },
        { label: text.statusError, color: '--error', values: values(true) },
      ],
      ...range,
    };
  }, [traces, range, text]);
  return (
    <section className="card scatter">
      <Chart
        kind="points"
        height={120}
        label={text.duration}
        data={data}
        format={formatDuration}
        legend="none"
      />
    </section>
  );
}
