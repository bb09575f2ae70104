import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { TraceState } from '../../app/state.ts';
import { serviceColors } from '../../model/palette.ts';
import { toggled, without } from '../../model/sets.ts';
import { ancestorIds, findRows, type TraceTree, visibleRows } from '../../model/traceTree.ts';
import { SidePanel } from './sidePanel.tsx';
import { TraceHead } from './traceHead.tsx';
import { TraceToolbar } from './traceToolbar.tsx';
import { Waterfall } from './waterfall.tsx';

interface TraceViewProps {
  readonly traceId: string;
  readonly tree: TraceTree;
}

/** A loaded trace. The URL holds the selected span and the search; which spans are collapsed is of the moment only. */
export function TraceView({ traceId, tree }: TraceViewProps): ReactNode {
  const state = useSearch({ from: '/traces/$traceId' });
  const setState = useSetTraceState();
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const colors = useMemo(() => serviceColors(tree.services.map(({ service }) => service)), [tree]);
  const hits = useMemo(() => findRows(tree.rows, state.find ?? ''), [tree, state.find]);
  const visible = useMemo(() => visibleRows(tree.rows, collapsed), [tree, collapsed]);
  const selected = tree.rows.findIndex((row) => row.span.spanId === state.span);

  const select = useCallback(
    (index: number) => {
      setCollapsed((before) => without(before, ancestorIds(tree.rows, index)));
      setState({ span: tree.rows[index]?.span.spanId, panel: undefined });
    },
    [tree, setState],
  );
  const toggle = useCallback((spanId: string) => setCollapsed((before) => toggled(before, spanId)), []);
  const collapseAll = (): void => {
    setCollapsed(
      new Set(tree.rows.flatMap((row) => (row.descendants > 0 && row.depth > 0 ? [row.span.spanId] : []))),
    );
  };
  return (
    <div className="trace" data-panel={selected >= 0 || state.panel ? 'open' : 'closed'}>
      <div className="trace-main">
        <TraceHead traceId={traceId} tree={tree} colors={colors} />
        <TraceToolbar
          find={state.find ?? ''}
          hits={hits}
          selected={selected}
          isCollapsed={collapsed.size > 0}
          onFind={(find) => setState({ find: find || undefined })}
          onSelect={select}
          onCollapseAll={collapseAll}
          onExpandAll={() => setCollapsed(new Set())}
          isLogsOpen={state.panel === 'logs'}
          onLogs={() => setState({ panel: state.panel === 'logs' ? undefined : 'logs' })}
        />
        <Waterfall
          tree={tree}
          visible={visible}
          collapsed={collapsed}
          colors={colors}
          hits={hits}
          selected={selected}
          onSelect={select}
          onToggle={toggle}
        />
      </div>
      <SidePanel
        traceId={traceId}
        tree={tree}
        row={tree.rows[selected]}
        panel={state.panel === 'logs' ? 'logs' : selected >= 0 ? 'span' : 'closed'}
        onPanel={(panel) => setState({ panel })}
        onClose={() => setState({ span: undefined, panel: undefined })}
      />
    </div>
  );
}

function useSetTraceState(): (change: TraceState) => void {
  const navigate = useNavigate({ from: '/traces/$traceId' });
  return useCallback(
    (change) =>
      void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false }),
    [navigate],
  );
}
