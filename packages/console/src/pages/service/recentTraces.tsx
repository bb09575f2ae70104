import { type ReactNode, useState } from 'react';
import { searchTraces } from '../../api/tempo.ts';
import { useMessages } from '../../app/preferences.tsx';
import { useRangedQuery } from '../../app/range.ts';
import { QueryError } from '../../components/queryError.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { TraceTable } from '../../components/traceTable.tsx';
import { traceqlOf } from '../../model/traceql.ts';

interface RecentTracesProps {
  readonly service: string;
  readonly refreshMillis: number | false;
}

const limit = 20;

/** The latest traces that the service took part in, or only those in which it failed. */
export function RecentTraces({ service, refreshMillis }: RecentTracesProps): ReactNode {
  const text = useMessages();
  const [kind, setKind] = useState<'all' | 'errors'>('all');
  const query = traceqlOf({ service, status: kind === 'errors' ? 'error' : undefined });
  const traces = useRangedQuery({
    key: ['search', query, limit],
    fetch: (range, signal) => searchTraces(query, range, { limit }, signal),
    refreshMillis,
  });
  const found = traces.data?.value;
  return (
    <section className="card">
      <header className="card-head">
        <Segmented
          label={text.traces}
          value={kind}
          options={[
            { value: 'all', label: text.recentTraces },
            { value: 'errors', label: text.recentErrors, testId: 'recent-errors' },
          ]}
          onChange={setKind}
        />
      </header>
      <QueryError error={traces.error} />
      {found?.length === 0 && <p className="faint">{kind === 'errors' ? text.noErrors : text.noTraces}</p>}
      {found && found.length > 0 && <TraceTable traces={found} isCompact />}
    </section>
  );
}
