import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { useMediaQuery, useMessages, useNotation } from '../../app/preferences.tsx';
import { formatCount } from '../../model/format.ts';
import type { LogRecord } from '../../model/logs.ts';
import { toggled } from '../../model/sets.ts';
import { LogRow } from './logRow.tsx';

interface LogListProps {
  readonly records: readonly LogRecord[];
  readonly marked: readonly string[];
  /** Asks for older lines; absent when there are none to be had. */
  readonly onMore: (() => void) | undefined;
  readonly isStale: boolean;
}

const rowHeight = { wide: 26, narrow: 46 };

/** The lines. Only those on screen exist; an opened one is measured. The page itself scrolls. */
export function LogList({ records, marked, onMore, isStale }: LogListProps): ReactNode {
  const text = useMessages();
  const notation = useNotation();
  const list = useRef<HTMLDivElement>(null);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const isNarrow = useMediaQuery('(max-width: 720px)');
  const [offset, setOffset] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what stands above the list may change its height with every answer.
  useLayoutEffect(() => setOffset(list.current?.offsetTop ?? 0), [records]);
  const virtual = useVirtualizer({
    count: records.length,
    getScrollElement: () => document.getElementById('content'),
    estimateSize: () => (isNarrow ? rowHeight.narrow : rowHeight.wide),
    getItemKey: (index) => records[index]?.key ?? index,
    scrollMargin: offset,
    overscan: 20,
  });
  const toggle = (key: string): void => setOpened((before) => toggled(before, key));
  return (
    <section className={isStale ? 'log-section stale' : 'log-section'}>
      <p className="found">
        <strong>{text.linesFound(formatCount(records.length, notation))}</strong>
        <span className="faint">{text.newestFirst}</span>
      </p>
      <div ref={list} className="log-list" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const record = records[index];
          return (
            record && (
              <div
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                className="log-place"
                style={{ transform: `translateY(${start - offset}px)` }}
              >
                <LogRow
                  record={record}
                  marked={marked}
                  isOpen={opened.has(record.key)}
                  onToggle={() => toggle(record.key)}
                />
              </div>
            )
          );
        })}
      </div>
      {onMore && (
        <button type="button" className="button more" onClick={onMore}>
          {text.showMore}
        </button>
      )}
    </section>
  );
}
