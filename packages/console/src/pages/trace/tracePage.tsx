import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { fetchTrace } from '../../api/tempo.ts';
import { useMessages } from '../../app/preferences.tsx';
import { CopyButton } from '../../components/copyButton.tsx';
import { Notice } from '../../components/notice.tsx';
import { QueryError } from '../../components/queryError.tsx';
import { spansOf } from '../../model/trace.ts';
import { traceTree } from '../../model/traceTree.ts';
import '../../styles/waterfall.css';
import '../../styles/trace.css';
import { TraceView } from './traceView.tsx';

/** How often a trace that is not stored (yet) is asked for again: a link may be quicker than the trace. */
const missingMillis = 3000;

/** One trace: the waterfall, the selected span, and the logs that belong to them. */
export function TracePage(): ReactNode {
  const text = useMessages();
  const { traceId: written } = useParams({ from: '/traces/$traceId' });
  const traceId = written.toLowerCase().padStart(32, '0');
  const { data, error } = useQuery({
    queryKey: ['trace', traceId],
    queryFn: async ({ signal }) => ({ trace: await fetchTrace(traceId, signal) }),
    refetchInterval: ({ state }) => (state.data && !state.data.trace ? missingMillis : false),
  });
  const tree = useMemo(() => (data?.trace ? traceTree(spansOf(data.trace)) : undefined), [data]);
  if (error) return <QueryError error={error} />;
  if (!data) return <p className="page faint">{text.loading}…</p>;
  if (!tree) return <Missing traceId={traceId} />;
  return <TraceView key={traceId} traceId={traceId} tree={tree} />;
}

function Missing({ traceId }: { readonly traceId: string }): ReactNode {
  const text = useMessages();
  return (
    <Notice title={text.traceMissing} detail={text.traceMissingText}>
      <code className="mono">{traceId}</code>
      <CopyButton value={traceId} />
    </Notice>
  );
}
