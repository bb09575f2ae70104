import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { queryLogs } from '../../api/loki.ts';
import { useMessages, useNotation } from '../../app/preferences.tsx';
import { Icon } from '../../components/icon.tsx';
import { LongText } from '../../components/longText.tsx';
import { QueryError } from '../../components/queryError.tsx';
import { formatDuration } from '../../model/format.ts';
import { logqlOf } from '../../model/logql.ts';
import type { LogRecord } from '../../model/logs.ts';
import { fixedRange, resolveRange, type TimeRange } from '../../model/timeRange.ts';
import type { TraceTree } from '../../model/traceTree.ts';

interface TraceLogsProps {
  readonly traceId: string;
  readonly tree: TraceTree;
  /** Only the lines of this span. */
  readonly spanId: string | undefined;
}

const limit = 1000;

/** Logs may be written before the first span starts and after the last one ends; clocks differ as well. */
const marginMillis = 60_000;

function rangeAround(tree: TraceTree): TimeRange {
  const start = Number(tree.startUnixNano / 1_000_000n);
  return fixedRange(start - marginMillis, start + tree.durationNanos / 1e6 + marginMillis);
}

/** The lines of log that carry the trace's id, oldest first, in the time of the trace. */
export function TraceLogs({ traceId, tree, spanId }: TraceLogsProps): ReactNode {
  const text = useMessages();
  const range = rangeAround(tree);
  const filter = { traceId, spanId };
  const { data, error } = useQuery({
    queryKey: ['trace logs', filter, range],
    queryFn: ({ signal }) => queryLogs(logqlOf(filter), resolveRange(range, Date.now()), limit, signal),
  });
  if (error) return <QueryError error={error} />;
  if (!data) return <p className="faint">{text.loading}…</p>;
  return (
    <div className="trace-logs" data-testid="trace-log-list">
      <p className="small">
        <strong>{spanId ? text.logsOfSpan : text.logsOfTrace}</strong>{' '}
        <Link to="/logs" search={{ trace: traceId, span: spanId, ...range }}>
          {text.openInLogs} <Icon name="external" />
        </Link>
      </p>
      {data.length === 0 && <p className="faint">{spanId ? text.noSpanLogs : text.noTraceLogs}</p>}
      {data.toReversed().map((record) => (
        <TraceLog key={record.key} record={record} tree={tree} />
      ))}
    </div>
  );
}

function TraceLog({ record, tree }: { readonly record: LogRecord; readonly tree: TraceTree }): ReactNode {
  const notation = useNotation();
  const offset = Number(BigInt(record.timeUnixNano) - tree.startUnixNano);
  return (
    <div
      className="trace-log"
      data-level={record.level}
      data-testid="log-row"
      data-trace-id={record.traceId}
      lang={notation.locale}
    >
      <p className="small">
        <span className="number faint">
          {offset < 0 ? formatDuration(offset) : `+${formatDuration(offset)}`}
        </span>{' '}
        <span className="level">{record.level}</span>{' '}
        <span className="faint telemetry">{record.service}</span>
      </p>
      <p className="mono">
        <LongText text={record.line} />
      </p>
    </div>
  );
}
