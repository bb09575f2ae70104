import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMessages, useNotation } from '../../app/preferences.tsx';
import { CopyButton } from '../../components/copyButton.tsx';
import { Icon } from '../../components/icon.tsx';
import { LongText } from '../../components/longText.tsx';
import { formatMoment } from '../../model/format.ts';
import { logqlOf } from '../../model/logql.ts';
import type { LogRecord } from '../../model/logs.ts';
import { quoted } from '../../model/quote.ts';

/** All labels of a line, each with a way to narrow the search to it, and the way to its trace. */
export function LogDetails({ record }: { readonly record: LogRecord }): ReactNode {
  const text = useMessages();
  const notation = useNotation();
  const narrow = useNarrow();
  return (
    <>
      <p className="log-links small">
        <span className="number faint">{formatMoment(record.timeMillis, notation)}</span>
        {record.traceId && (
          <Link
            to="/traces/$traceId"
            params={{ traceId: record.traceId }}
            search={{ span: record.spanId || undefined }}
          >
            <Icon name="traces" /> {text.openTraceOf}
          </Link>
        )}
        <CopyButton value={record.line} />
      </p>
      <dl className="attributes">
        {Object.entries(record.labels)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([label, value]) => (
            <div key={label} data-attribute={label}>
              <dt className="telemetry">{label}</dt>
              <dd>
                <LongText text={value} />
                <span className="attribute-actions">
                  <button
                    type="button"
                    className="tool small-tool"
                    aria-label={`${text.filterLogs}: ${label}`}
                    title={text.filterLogs}
                    onClick={() => narrow(label, value)}
                  >
                    <Icon name="filter" />
                  </button>
                  <CopyButton value={value} />
                </span>
              </dd>
            </div>
          ))}
      </dl>
    </>
  );
}

/** What the builder can hold goes there; any other label becomes a filter at the end of the query. */
function useNarrow(): (label: string, value: string) => void {
  const state = useSearch({ from: '/logs' });
  const navigate = useNavigate({ from: '/logs' });
  const fields: Readonly<Record<string, string>> = {
    service_name: 'service',
    detected_level: 'level',
    trace_id: 'trace',
    span_id: 'span',
  };
  return (label, value) => {
    const field = fields[label];
    const query = state.q ?? logqlOf({ ...state, traceId: state.trace, spanId: state.span });
    const change = field && !state.q ? { [field]: value } : { q: `${query} | ${label}=${quoted(value)}` };
    void navigate({ search: (before) => ({ ...before, ...change, limit: undefined }) });
  };
}
