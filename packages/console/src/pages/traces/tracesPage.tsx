import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { searchTraces } from '../../api/tempo.ts';
import { useMessages, useNotation } from '../../app/preferences.tsx';
import { useRangedQuery, useRefreshMillis } from '../../app/range.ts';
import type { TracesState } from '../../app/state.ts';
import { Notice } from '../../components/notice.tsx';
import { QueryError } from '../../components/queryError.tsx';
import { QueryField } from '../../components/queryField.tsx';
import { TraceTable } from '../../components/traceTable.tsx';
import { formatCount } from '../../model/format.ts';
import { looksLikeTraceId } from '../../model/identifiers.ts';
import { parseCondition, traceqlOf } from '../../model/traceql.ts';
import '../../styles/traces.css';
import { TraceBuilder } from './traceBuilder.tsx';
import { TraceScatter } from './traceScatter.tsx';

const firstLimit = 50;
const lastLimit = 1000;

/** The TraceQL query that a state of the page stands for. */
function queryOf(state: TracesState): string {
  if (state.q) return state.q;
  const conditions = (state.where ?? []).flatMap((text) => parseCondition(text) ?? []);
  return traceqlOf({ ...state, minDuration: state.min, maxDuration: state.max, conditions });
}

/** Search for traces: by choices, or in TraceQL. */
export function TracesPage(): ReactNode {
  const text = useMessages();
  const state = useSearch({ from: '/traces' });
  const navigate = useNavigate({ from: '/traces' });
  const query = queryOf(state);
  const limit = Number(state.limit ?? firstLimit) || firstLimit;
  const found = useRangedQuery({
    key: ['search', query, limit],
    fetch: (range, signal) => searchTraces(query, range, { limit }, signal),
    refreshMillis: useRefreshMillis(false),
  });
  const run = (typed: string): void => {
    if (looksLikeTraceId(typed)) void navigate({ to: '/traces/$traceId', params: { traceId: typed.trim() } });
    else
      void navigate({ search: (before) => ({ ...before, q: typed === traceqlOf({}) ? undefined : typed }) });
  };
  const traces = found.data?.value;
  return (
    <div className="page">
      <title>{`${text.traces} · Maru`}</title>
      <h1 className="hidden-text">{text.traces}</h1>
      <TraceBuilder state={state} query={query} />
      <QueryField language="TraceQL" value={query} onRun={run} error={found.error} testId="traceql">
        {state.q && <BackToBuilder />}
      </QueryField>
      <QueryError error={found.error} />
      {found.data && traces && traces.length > 0 && !found.error && (
        <div className={found.isPlaceholderData ? 'stale' : undefined}>
          <TraceScatter traces={traces} range={found.data.range} />
          <Found count={traces.length} limit={limit} />
          <TraceTable traces={traces} />
        </div>
      )}
      {traces?.length === 0 && !found.error && <Notice title={text.noTraces} />}
      {!traces && !found.error && <p className="faint">{text.loading}…</p>}
    </div>
  );
}

function BackToBuilder(): ReactNode {
  const text = useMessages();
  const navigate = useNavigate({ from: '/traces' });
  return (
    <button
      type="button"
      className="button"
      onClick={() => void navigate({ search: (before) => ({ ...before, q: undefined }) })}
    >
      {text.backToBuilder}
    </button>
  );
}

function Found({ count, limit }: { readonly count: number; readonly limit: number }): ReactNode {
  const text = useMessages();
  const notation = useNotation();
  const navigate = useNavigate({ from: '/traces' });
  const isCut = count >= limit;
  const more = Math.min(lastLimit, limit * 4);
  return (
    <p className="found">
      <strong data-testid="traces-found">{text.tracesFound(formatCount(count, notation))}</strong>
      <span className="faint">
        {isCut ? text.limitReached(formatCount(count, notation)) : text.newestFirst}
      </span>
      {isCut && limit < lastLimit && (
        <button
          type="button"
          className="link-button"
          onClick={() => void navigate({ search: (before) => ({ ...before, limit: String(more) }) })}
        >
          {text.showMore}
        </button>
      )}
    </p>
  );
}
