import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type FoundTrace, searchTraces } from '../../api/tempo.ts';
import { useMessages, useNotation } from '../../app/preferences.tsx';
import { useRangedQuery } from '../../app/range.ts';
import { QueryError } from '../../components/queryError.tsx';
import { formatCount, formatDuration, formatRatio } from '../../model/format.ts';
import { type Operation, operationsOf, type SampledSpan } from '../../model/operations.ts';
import { quoted } from '../../model/quote.ts';
import type { ResolvedRange } from '../../model/timeRange.ts';

interface OperationsProps {
  readonly service: string;
  readonly refreshMillis: number | false;
}

/** How many of the latest traces the statistics are made of, and how many spans of each: two small answers. */
const sample = { limit: 200, spansPerTrace: 10 };

/** What the service does: its requests by name, from a sample that the heading owns up to. */
export function Operations({ service, refreshMillis }: OperationsProps): ReactNode {
  const text = useMessages();
  const notation = useNotation();
  const operations = useRangedQuery({
    key: ['operations', service],
    fetch: (range, signal) => fetchOperations(service, range, signal),
    refreshMillis,
  });
  const found = operations.data?.value;
  const total = (found ?? []).reduce((sum, operation) => sum + operation.count, 0);
  return (
    <section className="card">
      <header className="card-head">
        <h2>{text.operations}</h2>
        {total > 0 && (
          <span className="faint small">{text.operationsHint(formatCount(total, notation))}</span>
        )}
      </header>
      <QueryError error={operations.error} />
      {found?.length === 0 && <p className="faint">{text.noOperations}</p>}
      {found && found.length > 0 && <OperationTable service={service} operations={found} />}
    </section>
  );
}

async function fetchOperations(
  service: string,
  range: ResolvedRange,
  signal: AbortSignal,
): Promise<readonly Operation[]> {
  const own = `resource.service.name = ${quoted(service)}`;
  const entries = `${own} && (kind = server || kind = consumer)`;
  const [requests, failed] = await Promise.all([
    searchTraces(`{ ${entries} }`, range, sample, signal),
    searchTraces(`{ ${own} && status = error }`, range, sample, signal),
  ]);
  // A browser or a job serves nobody: its own spans are then what it does.
  const spans = requests.length > 0 ? requests : await searchTraces(`{ ${own} }`, range, sample, signal);
  return operationsOf(sampledSpans(spans), new Set(sampledSpans(failed).map((span) => span.spanId)));
}

function sampledSpans(traces: readonly FoundTrace[]): readonly SampledSpan[] {
  const spans = traces.flatMap((trace) => (trace.spanSets ?? []).flatMap((set) => set.spans ?? []));
  return spans.map((span) => ({
    spanId: span.spanID ?? '',
    name: span.name ?? '',
    durationNanos: Number(span.durationNanos ?? 0),
  }));
}

function OperationTable({
  service,
  operations,
}: {
  readonly service: string;
  readonly operations: readonly Operation[];
}): ReactNode {
  const text = useMessages();
  const notation = useNotation();
  return (
    <table className="table compact" data-testid="operations">
      <thead>
        <tr>
          <th scope="col">{text.operation}</th>
          <th scope="col" className="right">
            {text.requests}
          </th>
          <th scope="col" className="right">
            {text.errors}
          </th>
          <th scope="col" className="right">
            p50
          </th>
          <th scope="col" className="right">
            p95
          </th>
        </tr>
      </thead>
      <tbody>
        {operations.map((operation) => (
          <tr key={operation.name}>
            <th scope="row">
              <Link
                to="/traces"
                search={{ service, operation: operation.name }}
                className="row-link telemetry"
                data-row
              >
                {operation.name}
              </Link>
            </th>
            <td className="right number">{formatCount(operation.count, notation)}</td>
            <td className={operation.errors > 0 ? 'right number bad' : 'right number'}>
              {formatRatio(operation.errors / operation.count, notation)}
            </td>
            <td className="right number">{formatDuration(operation.p50Nanos)}</td>
            <td className="right number">{formatDuration(operation.p95Nanos)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
