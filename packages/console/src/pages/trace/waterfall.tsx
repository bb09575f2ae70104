import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useEffect, useMemo, useRef } from 'react';
import { useMediaQuery, useMessages } from '../../app/preferences.tsx';
import { formatDuration } from '../../model/format.ts';
import type { TraceTree } from '../../model/traceTree.ts';
import { Minimap } from './minimap.tsx';
import { SpanRowView } from './spanRow.tsx';

interface WaterfallProps {
  readonly tree: TraceTree;
  /** The rows in sight, as indices of the tree's rows. */
  readonly visible: readonly number[];
  readonly collapsed: ReadonlySet<string>;
  readonly colors: ReadonlyMap<string, string>;
  readonly hits: readonly number[];
  readonly selected: number;
  readonly onSelect: (row: number) => void;
  readonly onToggle: (spanId: string) => void;
}

/** Row heights in pixels: on a narrow screen the name stands above its bar. */
const rowHeight = { wide: 28, narrow: 44 };

/** The spans over time. Only the rows on screen exist, so the length of the trace does not matter. */
export function Waterfall(props: WaterfallProps): ReactNode {
  const { tree, visible, collapsed, colors, selected } = props;
  const text = useMessages();
  const scroller = useRef<HTMLDivElement>(null);
  const isNarrow = useMediaQuery('(max-width: 720px)');
  const height = isNarrow ? rowHeight.narrow : rowHeight.wide;
  const hits = useMemo(() => new Set(props.hits), [props.hits]);
  const virtual = useVirtualizer({
    count: visible.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew when the height of a row changes.
  useEffect(() => virtual.measure(), [virtual, height]);
  const position = visible.indexOf(selected);
  useEffect(() => {
    if (position >= 0) virtual.scrollToIndex(position, { align: 'auto' });
  }, [virtual, position]);
  return (
    <div className="waterfall" data-testid="waterfall">
      <Minimap
        tree={tree}
        visible={visible}
        colors={colors}
        scroller={scroller as RefObject<HTMLElement | null>}
      />
      <Ticks durationNanos={tree.durationNanos} />
      <div ref={scroller} className="span-scroller">
        <div
          className="span-rows"
          role="tree"
          aria-label={text.trace}
          style={{ height: virtual.getTotalSize() }}
        >
          {virtual.getVirtualItems().map(({ index, start, size }) => {
            const rowIndex = visible[index] ?? 0;
            const row = tree.rows[rowIndex];
            return (
              row && (
                <SpanRowView
                  key={rowIndex}
                  row={row}
                  top={start}
                  height={size}
                  traceNanos={tree.durationNanos}
                  color={colors.get(row.span.resource.service)}
                  isCollapsed={collapsed.has(row.span.spanId)}
                  isSelected={rowIndex === selected}
                  isHit={hits.has(rowIndex)}
                  index={rowIndex}
                  onSelect={props.onSelect}
                  onToggle={props.onToggle}
                />
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}

const tickShares = [0, 0.25, 0.5, 0.75, 1] as const;

function Ticks({ durationNanos }: { readonly durationNanos: number }): ReactNode {
  return (
    <div className="ticks" aria-hidden="true">
      <span />
      <div className="tick-track">
        {tickShares.map((share) => (
          <span
            key={share}
            className="number"
            style={{ left: `${share * 100}%` }}
            data-last={share === 1 || undefined}
          >
            {formatDuration(share * durationNanos)}
          </span>
        ))}
      </div>
    </div>
  );
}
