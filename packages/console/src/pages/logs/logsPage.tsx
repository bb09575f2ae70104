import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { queryLogs } from '../../api/loki.ts';
import { useMessages } from '../../app/preferences.tsx';
import { useRangedQuery, useRefreshMillis } from '../../app/range.ts';
import type { LogsState } from '../../app/state.ts';
import { Notice } from '../../components/notice.tsx';
import { QueryError } from '../../components/queryError.tsx';
import { QueryField } from '../../components/queryField.tsx';
import { logqlOf, searchedTexts } from '../../model/logql.ts';
import '../../styles/logs.css';
import { LogBuilder } from './logBuilder.tsx';
import { LogList } from './logList.tsx';
import { LogVolume } from './logVolume.tsx';

const firstLimit = 500;
const lastLimit = 5000;

/** The LogQL query that a state of the page stands for. */
function queryOf(state: LogsState): string {
  return state.q ?? logqlOf({ ...state, traceId: state.trace, spanId: state.span });
}

/** Logs: how many of which level, and the lines themselves, newest first. */
export function LogsPage(): ReactNode {
  const text = useMessages();
  const state = useSearch({ from: '/logs' });
  const navigate = useNavigate({ from: '/logs' });
  const query = queryOf(state);
  const limit = Number(state.limit ?? firstLimit) || firstLimit;
  const refreshMillis = useRefreshMillis(false);
  const found = useRangedQuery({
    key: ['logs', query, limit],
    fetch: (range, signal) => queryLogs(query, range, limit, signal),
    refreshMillis,
  });
  const run = (q: string): void =>
    void navigate({ search: (before) => ({ ...before, q: q || undefined, limit: undefined }) });
  const more = (): void =>
    void navigate({
      search: (before) => ({ ...before, limit: String(Math.min(lastLimit, limit * 3)) }),
      resetScroll: false,
    });
  const records = found.data?.value;
  const isCut = records !== undefined && records.length >= limit && limit < lastLimit;
  return (
    <div className="page">
      <title>{`${text.logs} · Maru`}</title>
      <h1 className="hidden-text">{text.logs}</h1>
      <LogBuilder state={state} />
      <QueryField language="LogQL" value={query} onRun={run} error={found.error} testId="logql">
        {state.q && (
          <button type="button" className="button" onClick={() => run('')}>
            {text.backToBuilder}
          </button>
        )}
      </QueryField>
      <QueryError error={found.error} />
      {!found.error && <LogVolume query={query} refreshMillis={refreshMillis} />}
      {records && records.length > 0 && !found.error && (
        <LogList
          records={records}
          marked={searchedTexts(query)}
          onMore={isCut ? more : undefined}
          isStale={found.isPlaceholderData}
        />
      )}
      {records?.length === 0 && !found.error && <Notice title={text.noLogs} />}
      {!records && !found.error && <p className="faint">{text.loading}…</p>}
    </div>
  );
}
